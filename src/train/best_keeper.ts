/**
 * The parameters of the best epoch, kept on the device.
 *
 * @module
 */
import type { Runtime } from "../runtime/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { type BestOptions, findBest, outOfPatience } from "./best.ts";
import type { BestEpoch, EpochRecord } from "./events.ts";

/** Keeps a copy of the parameters of the best epoch so far. */
export class BestKeeper<P extends Params> {
  /** The copy; undefined while no epoch has ended. */
  params: P | undefined;
  readonly #options: BestOptions;
  readonly #copy: (params: P) => P;
  readonly #drop: (params: P) => readonly Tensor[];

  /** @param params The copy in the checkpoint that a training run resumes from. */
  constructor(run: Runtime, options: BestOptions, params: P | undefined) {
    this.params = params;
    this.#options = options;
    this.#copy = run.jit((params: P): P => params);
    this.#drop = run.jit((_: P): readonly Tensor[] => [], { donate: [0] });
  }

  /** Copies the parameters of the last epoch if it is the best one; returns whether it is. */
  consider(epochs: readonly EpochRecord[], params: P): boolean {
    if (findBest(epochs, this.#options) !== epochs.length - 1) return false;
    const before = this.params;
    this.params = this.#copy(params);
    if (before) this.#drop(before);
    return true;
  }

  /** Whether the best epoch was too long ago. */
  isOutOfPatience(epochs: readonly EpochRecord[]): boolean {
    return outOfPatience(epochs, this.#options);
  }

  /** The best epoch; undefined while none has ended. */
  best(epochs: readonly EpochRecord[]): BestEpoch<P> | undefined {
    const at = findBest(epochs, this.#options), { params } = this;
    return at === undefined || !params ? undefined : { ...epochs[at]!, params };
  }
}
