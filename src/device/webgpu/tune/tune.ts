/**
 * Finding the fastest tiles by trying them.
 *
 * @module
 */
import { allStores, type Plan, readSlots, type Step } from "../../../plan/plan.ts";
import { countFlops } from "../../../plan/cost.ts";
import { sizeOf } from "../../../shape.ts";
import type { Handle, Tuned } from "../../device.ts";
import { Profiler, rate } from "../../profile.ts";
import type { Choices } from "./tile_cache.ts";
import { type Context, executableOf } from "../run/executable.ts";
import type { Tile } from "../kernels/gemm/tile.ts";
import { KERNELS } from "../kernels/mod.ts";
import type { Buffer } from "../run/buffer_pool.ts";
import { lowerStep } from "../shader/lower_step.ts";
import type { KernelName } from "../../../ops/mod.ts";

/** How often all candidates take turns; the best turn counts, and the first also warms up. */
const TURNS = 4;
/** Runs of a turn by the GPU's clock; by the host's, which counts submitting too. */
const RUNS = { timed: 10, untimed: 100 } as const;

/** A product of a plan, and the tiles that it may be computed in. */
interface Problem {
  readonly product: string;
  readonly candidates: readonly Tile[];
}

/** The product that a step computes in tiles, if it does. */
function problemOf(step: Step, { traits }: Context): Problem | undefined {
  let found: Problem | undefined;
  lowerStep(step, (name, context) => KERNELS[name as KernelName].lower(context), {
    ...traits,
    chosenTile: (product, candidates) => {
      found = { product, candidates };
      return undefined;
    },
  });
  return found;
}

/** What a step reads, in the order in which an executable of it alone takes them. */
const inputsOf = (step: Step) => readSlots(step).sort((a, b) => a - b);

/** A step as a plan of its own: what it reads is given, what it stores are the results. */
function alone({ slots }: Plan, step: Step): Plan {
  const reads = inputsOf(step), stored = allStores(step).map(({ slot }) => slot);
  return {
    steps: [step],
    slots: slots.map((slot, s) => {
      if (stored.includes(s)) return { ...slot, kind: "output", index: stored.indexOf(s) };
      const index = reads.indexOf(s);
      return index >= 0
        ? { ...slot, kind: "input", index }
        : { ...slot, kind: "temporary", index: s, shape: [] };
    }),
  };
}

/** Numbers of no pattern, in bytes: multiplying zeros takes a GPU less power, hence less time. */
const NOISE = Float32Array.from({ length: 1 << 18 }, () => Math.random() - 0.5);

/** A buffer of noise; of zeros for whole numbers, which may be indices. */
function filled({ device, pool }: Context, { shape, dtype }: Plan["slots"][number]): Buffer {
  const bytes = 4 * sizeOf(shape), buffer = pool.take(bytes, "tuning");
  const data = dtype === "f32" ? NOISE : new Float32Array(NOISE.length);
  for (let at = 0; at < bytes; at += NOISE.byteLength) {
    device.queue.writeBuffer(buffer.gpu, at, data, 0, Math.min(NOISE.length, (bytes - at) / 4));
  }
  return buffer;
}

/** A candidate, compiled. */
interface Trial {
  readonly tile: Tile;
  /** Milliseconds of a run, in one turn. */
  turn(): Promise<number>;
  dispose(): void;
}

function trialOf(context: Context, plan: Plan, inputs: readonly Handle[], tile: Tile): Trial {
  const { device, pool, timestamps } = context, profiler = new Profiler();
  const pending = new Set<Promise<void>>();
  const executable = executableOf(
    {
      ...context,
      traits: { ...context.traits, chosenTile: () => tile },
      timings: timestamps ? { profiler, pending } : undefined,
    },
    plan,
    [],
  );
  const runs = timestamps ? RUNS.timed : RUNS.untimed;
  return {
    tile,
    async turn() {
      const from = performance.now();
      for (let i = 0; i < runs; i++) {
        for (const handle of executable.run(inputs)) pool.give(handle as Buffer);
      }
      await device.queue.onSubmittedWorkDone();
      if (!timestamps) return (performance.now() - from) / runs;
      await Promise.all(pending);
      return profiler.take().kernels.reduce((sum, { ms }) => sum + ms, 0) / runs;
    },
    dispose: () => executable.dispose(),
  };
}

/** Chooses the tile of each product of a plan that has none yet, and tells what was found. */
export async function tunePlan(
  context: Context,
  plan: Plan,
  choices: Choices,
): Promise<readonly Tuned[]> {
  const found: Tuned[] = [];
  for (const step of plan.steps) {
    const problem = step.kernel && problemOf(step, context);
    if (!problem || choices.get(problem.product)) continue;
    const { product, candidates } = problem, own = alone(plan, step);
    const inputs = inputsOf(step).map((s) => filled(context, plan.slots[s]!));
    const trials = candidates.map((tile) => trialOf(context, own, inputs, tile));
    const best = trials.map(() => Infinity);
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [i, trial] of trials.entries()) {
        best[i] = Math.min(best[i]!, await trial.turn());
        context.check();
      }
    }
    for (const trial of trials) trial.dispose();
    for (const input of inputs) context.pool.give(input);
    const winner = best.indexOf(Math.min(...best));
    choices.set(product, candidates[winner]!);
    found.push({
      product,
      gflops: rate(countFlops(step), best[winner]!),
      trials: candidates.map(({ name }, i) => ({ tile: name, ms: best[i]! }))
        .sort((a, b) => a.ms - b.ms),
    });
  }
  await choices.save();
  return found;
}
