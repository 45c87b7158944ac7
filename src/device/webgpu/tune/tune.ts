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
 * Milliseconds of work before the first product is timed, and before each. A GPU that is idle for seconds, as
 * while its shaders are compiled, slows its clock down, as far as to a sixth, and takes a while to speed up
 * again: an H200 that had just compiled reported 0.24 ms for a convolution that takes 0.05.
 */
const WARM_MS = { first: 500, each: 20 } as const;

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
  const problems = findProblems(context, plan, cache), found: Tuned[] = [];
  for (const problem of problems) await forTrials(context, problem, timestamps, compileAll);
  let warm: number = WARM_MS.first;
  for (const problem of problems) {
    const times = await forTrials(
      context,
      problem,
      timestamps,
      (trials) => timeInTurn(context, trials, warm),
    );
    const ranked = problem.candidates.map((tile, i): Timed => ({ tile, ms: times[i]! }))
      .toSorted((a, b) => a.ms - b.ms);
    const { tile, ms } = ranked[0]!;
    cache.set(problem.product, tile);
    found.push({
      product: problem.product,
      gflops: rate(countFlops(problem.step), ms),
      trials: ranked.map(({ tile: { name }, ms }) => ({ tile: name, ms })),
    });
    warm = WARM_MS.each;
  }
  await cache.save();
  return found;
}

/** The step of a plan that computes a product in tiles. */
interface Problem extends TiledProduct {
  readonly plan: Plan;
  readonly step: Step;
}

/** The products of a plan that have no tile in the cache, each once. */
function findProblems(context: Context, plan: Plan, cache: TileCache): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const step of plan.steps) {
    const tiled = tiledProduct(step, context);
    if (!tiled || cache.get(tiled.product) || found.has(tiled.product)) continue;
    found.set(tiled.product, { ...tiled, plan, step });
  }
  return [...found.values()];
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

/** Calls a function with a trial of each candidate, in their order. */
async function forTrials<R>(
  context: Context,
  { plan, step, candidates }: Problem,
  timestamps: boolean,
  use: (trials: readonly Trial[]) => Promise<R>,
): Promise<R> {
  const noise = Float32Array.from({ length: NOISE }, () => Math.random() - 0.5);
  const inputs = inputSlots(step).map((s) => fillBuffer(context, plan.slots[s]!, noise));
  const alone = isolateStep(plan, step);
  const trials = candidates.map((tile) => createTrial(context, alone, inputs, tile, timestamps));
  try {
    return await use(trials);
  } finally {
    for (const trial of trials) trial.dispose();
    for (const input of inputs) context.pool.give(input);
  }
}

/** Runs each trial once, which compiles its shaders; they stay compiled. */
async function compileAll(trials: readonly Trial[]): Promise<void> {
  for (const trial of trials) await trial.time(1);
}

/** The best time of each trial, after so many milliseconds of work; they are timed in turn. */
async function timeInTurn(
  context: Context,
  trials: readonly Trial[],
  warm: number,
): Promise<readonly number[]> {
  const best = trials.map(() => Infinity), from = performance.now();
  do {
    for (const trial of trials) await trial.time();
  } while (performance.now() - from < warm);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, trial] of trials.entries()) {
      best[i] = Math.min(best[i]!, await trial.time());
      context.check();
    }
  }
  return best;
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

/** A candidate. */
interface Trial {
  /** Milliseconds per run, in so many runs; in those of a round if left out. */
  time(runs?: number): Promise<number>;
  dispose(): void;
}

/** A plan of one step with a given tile. Its shaders are compiled at its first run. */
function createTrial(
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
  return {
    async time(runs = timer ? RUNS.timed : RUNS.untimed) {
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
