/**
 * Autotuning: finds the fastest tile of each matrix product by timing the candidates.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import { countFlops } from "../../../plan/cost.ts";
import { allStores, type Plan, readSlots, type Slot, type Step } from "../../../plan/plan.ts";
import { sizeOf } from "../../../shape.ts";
import type { Handle, Tuned } from "../../device.ts";
import { Profiler, rate } from "../../profile.ts";
import type { Tile } from "../kernels/gemm/tile.ts";
import { WEBGPU_KERNELS } from "../kernels/mod.ts";
import { StepTimer } from "../profile/step_timer.ts";
import type { Buffer } from "../run/buffer_pool.ts";
import type { Context } from "../run/context.ts";
import { createExecutable } from "../run/executable.ts";
import { lowerStep } from "../shader/lower_step.ts";
import type { TileCache } from "./tile_cache.ts";

/** Rounds in which all candidates are timed in turn; the best time counts. */
const ROUNDS = 3;
/** Runs per round with the GPU's clock, and with the host's, which includes the time to submit. */
const RUNS = { timed: 10, untimed: 100 } as const;
/**
 * Milliseconds of work before a round: while candidates are compiled a GPU slows its clock down, as far as to
 * a sixth, and takes a while to speed up again.
 */
const WARM_MS = 30;

/**
 * Finds the fastest tile of each product of a plan that has none in the cache, adds it, and returns the
 * measurements.
 *
 * @param timestamps Whether the device has timestamps.
 */
export async function tunePlan(
  context: Context,
  plan: Plan,
  cache: TileCache,
  timestamps: boolean,
): Promise<readonly Tuned[]> {
  const found: Tuned[] = [];
  for (const step of plan.steps) {
    const problem = tiledProduct(step, context);
    if (!problem || cache.get(problem.product)) continue;
    const times = await timeCandidates(context, plan, step, problem.candidates, timestamps);
    const ranked = times.toSorted((a, b) => a.ms - b.ms), [{ tile, ms }] = ranked as [Timed];
    cache.set(problem.product, tile);
    found.push({
      product: problem.product,
      gflops: rate(countFlops(step), ms),
      trials: ranked.map(({ tile: { name }, ms }) => ({ tile: name, ms })),
    });
  }
  await cache.save();
  return found;
}

/** A product of a plan, and its candidate tiles. */
interface TiledProduct {
  readonly product: string;
  readonly candidates: readonly Tile[];
}

/** The product that a step computes in tiles, if any. */
function tiledProduct(step: Step, { traits }: Context): TiledProduct | undefined {
  let found: TiledProduct | undefined;
  if (!step.kernel) return undefined;
  lowerStep(step, (name, context) => WEBGPU_KERNELS[name as KernelName].lower(context), {
    ...traits,
    chooseTile: (product, candidates) => {
      found = { product, candidates };
      return undefined;
    },
  });
  return found;
}

/** A tile, and the milliseconds that it took. */
interface Timed {
  readonly tile: Tile;
  readonly ms: number;
}

/** The best time of a step with each candidate tile; candidates are timed in turn. */
async function timeCandidates(
  context: Context,
  plan: Plan,
  step: Step,
  candidates: readonly Tile[],
  timestamps: boolean,
): Promise<readonly Timed[]> {
  const noise = Float32Array.from({ length: NOISE }, () => Math.random() - 0.5);
  const inputs = inputSlots(step).map((s) => fillBuffer(context, plan.slots[s]!, noise));
  const alone = isolateStep(plan, step);
  const trials = candidates.map((tile) => compileTrial(context, alone, inputs, tile, timestamps));
  const best = trials.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    while (performance.now() - from < WARM_MS) await trials[0]!.time();
    for (const [i, trial] of trials.entries()) {
      best[i] = Math.min(best[i]!, await trial.time());
      context.check();
    }
  }
  for (const trial of trials) trial.dispose();
  for (const input of inputs) context.pool.give(input);
  return candidates.map((tile, i) => ({ tile, ms: best[i]! }));
}

/** The slots that a step reads, in the order of the inputs of a plan of this step alone. */
const inputSlots = (step: Step): number[] => readSlots(step).toSorted((a, b) => a - b);

/** A plan of one step: the slots it reads are inputs, the slots it writes are outputs. */
function isolateStep({ slots }: Plan, step: Step): Plan {
  const reads = inputSlots(step), stored = allStores(step).map(({ slot }) => slot);
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

/** Pseudorandom numbers to fill buffers with: multiplying zeros takes a GPU less power, hence less time. */
const NOISE = 1 << 18;

/** A buffer of pseudorandom numbers; of zeros for integers, which may be indices. */
function fillBuffer(
  { device, pool }: Context,
  { shape, dtype }: Slot,
  noise: Float32Array<ArrayBuffer>,
): Buffer {
  const bytes = 4 * sizeOf(shape), buffer = pool.take(bytes, "tuning");
  const data = dtype === "f32" ? noise : new Float32Array(NOISE);
  for (let at = 0; at < bytes; at += data.byteLength) {
    device.queue.writeBuffer(buffer.gpu, at, data, 0, Math.min(NOISE, (bytes - at) / 4));
  }
  return buffer;
}

/** A candidate, compiled. */
interface Trial {
  /** Milliseconds per run in one round. */
  time(): Promise<number>;
  dispose(): void;
}

/** Compiles a plan of one step with a given tile. */
function compileTrial(
  context: Context,
  plan: Plan,
  inputs: readonly Handle[],
  tile: Tile,
  timestamps: boolean,
): Trial {
  const { device, pool } = context, profiler = new Profiler();
  const timer = timestamps ? new StepTimer(device, profiler) : undefined;
  const executable = createExecutable(
    {
      ...context,
      traits: { ...context.traits, chooseTile: () => tile },
      createTimer: timer?.timePlan,
    },
    plan,
    [],
  );
  const runs = timer ? RUNS.timed : RUNS.untimed;
  return {
    async time() {
      const from = performance.now();
      for (let i = 0; i < runs; i++) {
        for (const handle of executable.run(inputs)) pool.give(handle as Buffer);
      }
      await device.queue.onSubmittedWorkDone();
      if (!timer) return (performance.now() - from) / runs;
      await timer.settle();
      return profiler.take().kernels.reduce((sum, { ms }) => sum + ms, 0) / runs;
    },
    dispose: () => executable.dispose(),
  };
}
