/**
 * What a training run needs is measured before its first step, and refused where there is less.
 *
 * @module
 */
import type { MemoryError } from "../../device/memory_error.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Params } from "../../tensor.ts";
import { checkFit } from "../check_options.ts";
import type { FitOptions } from "../fit_options.ts";
import type { TrainingSetup } from "../setup.ts";
import type { Carry } from "../step.ts";
import { type CompiledRun, compiledRun } from "./compiled_run.ts";
import { balance, findFitting, measureOptions, tooLarge } from "./fitting_run.ts";
import { measureRun } from "./measure_run.ts";
import { refusalText, TrainingMemoryError } from "./memory_refusal.ts";
import type { TrainingMemory } from "./training_memory.ts";

/**
 * The memory that {@linkcode fit} with these options needs, in bytes, by what it is for. The step and the evaluation
 * are compiled, but nothing is allocated, and data are not looked at.
 *
 * @throws MemoryError where a buffer would be larger than the device can have.
 * @throws RangeError and TypeError as {@linkcode fit}.
 *
 * @example
 * ```ts
 * import { data, key, nn, open, optim, placeholder, sequential, train } from "@goodinit/goodinit";
 *
 * const kind = { size: 28, channels: 1, count: 64 } as const;
 * const { train: images } = data.prepareMnist(
 *   data.procedural({ split: "train", ...kind }),
 *   data.procedural({ split: "test", ...kind }),
 * );
 * await using run = await open({ device: "cpu" });
 * const net = sequential(nn.flatten, nn.dense(10)), optimizer = optim.adam({ learningRate: 1e-3 });
 * const params = net.init(key(0), placeholder({ shape: [1, 28, 28, 1], dtype: "f32" }));
 * const options = { net, params, optimizer, train: images, batch: 32, epochs: 1 };
 * const { device } = await train.requiredMemory(run, options);
 * console.assert(device.params === 4 * 7840 + 64 && device.optimizer > 2 * device.params);
 * console.log(`${device.activations} bytes of activations`);
 * ```
 */
export async function requiredMemory<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
): Promise<TrainingMemory> {
  checkFit(run, options);
  return await measureOptions(run, options);
}

/**
 * Measures a run, before anything is allocated for its steps.
 *
 * @returns Its memory, and its compiled functions.
 * @throws TrainingMemoryError where there is less memory than it needs.
 */
export async function admitRun<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  setup: TrainingSetup,
  carry: Carry<P, S>,
): Promise<CompiledRun<P, S>> {
  const compiled = compiledRun(options, setup, carry, setup.data.outline.materialize);
  let needed: TrainingMemory;
  try {
    needed = measureRun(run, options, setup, compiled);
  } catch (error) {
    const refused = tooLarge(error), { found } = error as MemoryError;
    throw new TrainingMemoryError(found, await findFitting(run, options, refused));
  }
  const { further, available } = balance(run, needed);
  if (further > available) {
    const found = refusalText(needed, further, available);
    throw new TrainingMemoryError(found, await findFitting(run, options, { needed }));
  }
  await options.onMemory?.(needed, available < Infinity ? available : undefined);
  return compiled;
}
