/**
 * Training in stages.
 *
 * @module
 */
import type { Runtime } from "../../runtime/mod.ts";
import type { Params } from "../../tensor.ts";
import { findCheckpoint } from "../checkpoint/checkpoint_folder.ts";
import { DivergedError } from "../diverged_error.ts";
import type { FitEvent } from "../events.ts";
import { fit } from "../fit.ts";
import type { FitOptions } from "../fit_options.ts";
import type { Stage } from "./stage.ts";

/** The stages, the parameters, and the settings of `fit` for each stage. */
export interface PretrainOptions<P extends Params, S extends Params> extends
  Omit<
    FitOptions<P, S>,
    "net" | "params" | "objective" | "trainable" | "test" | "resume" | "loss"
  > {
  /** The stages, in order. */
  readonly stages: readonly Stage<P>[];
  /** The initial parameters of the whole net, which are not consumed. */
  readonly params: P;
}

/** An event of {@linkcode pretrain}. */
export interface PretrainEvent {
  /** The stage's name. */
  readonly stage: string;
  /** Its index, from 0. */
  readonly index: number;
  /** The number of stages. */
  readonly count: number;
  /** What `fit` reported. */
  readonly event: FitEvent;
}

/** The divergence of a stage, as one of the whole net. */
const ofWhole = <P extends Params>(
  error: DivergedError,
  stage: string,
  merge: (trained: Params) => P,
): DivergedError<P> => {
  const { step, epoch, batch, keptStep, found, params } = error;
  return new DivergedError({ step, epoch, batch, keptStep, found, stage, params: merge(params) });
};

/**
 * Trains a net in stages, one after another, each by `fit`; epochs are those of each stage.
 *
 * With `checkpoint`, each stage writes its checkpoints to a folder of its own inside the given one. Started
 * again with the same folder, it goes on where it was, with the same bits.
 *
 * @returns Events of `fit` with the stage; the generator's return value is the whole net's parameters, or
 * undefined if the signal stopped it.
 * @throws DivergedError, CheckpointError and RangeError as `fit` does; a DivergedError names the stage, and
 * has the whole net's parameters.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * const kind = { size: 28, channels: 1, count: 32 } as const;
 * const { train } = g.data.prepareMnist(
 *   g.data.procedural({ split: "train", ...kind }),
 *   g.data.procedural({ split: "test", ...kind }),
 * );
 * const net = g.sequential(g.nn.flatten, g.nn.dense(16), g.nn.tanh, g.nn.dense(10));
 * const x = g.placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * await using run = await g.open({ device: "reference" });
 * const stages = g.train.autoencoderStages(net, x), optimizer = g.optim.sgd({ learningRate: 0.01 });
 * const params = run.jit(() => net.init(g.key(0), x))();
 * const all = g.train.pretrain(run, { stages, params, optimizer, train, batch: 8, epochs: 1 });
 * for (let next = await all.next(); ; next = await all.next()) {
 *   if (next.done) {
 *     console.assert(next.value!.length === 4);
 *     break;
 *   }
 *   console.log(next.value.stage, next.value.event.kind);
 * }
 * ```
 */
export async function* pretrain<P extends Params, S extends Params>(
  run: Runtime,
  { stages, params, checkpoint, ...options }: PretrainOptions<P, S>,
): AsyncGenerator<PretrainEvent, P | undefined, void> {
  let now = params;
  for (const [index, { name: stage, prepare }] of stages.entries()) {
    const { merge, ...task } = prepare(now);
    const folder = checkpoint && `${checkpoint.folder}/${index}`;
    const saved = folder === undefined ? {} : {
      checkpoint: { ...checkpoint, folder },
      resume: await findCheckpoint(folder),
    };
    try {
      for await (const event of fit(run, { ...options, ...task, ...saved })) {
        if (event.kind !== "end") yield { stage, index, count: stages.length, event };
        else if (event.stopped) return undefined;
        else now = merge(event.params);
      }
    } catch (error) {
      throw error instanceof DivergedError ? ofWhole(error, stage, merge) : error;
    }
  }
  return now;
}
