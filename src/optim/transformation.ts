/**
 * Gradient transformations: the links of an optimizer, each of which turns updates into updates, from the
 * gradients to what a step subtracts from the parameters.
 *
 * @module
 */
import { constant } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";

/** A parameter in a step, and its update so far. */
export interface ParameterUpdate {
  /** Its path, such as `[0].w`. */
  readonly path: string;
  /** Its value before the step. */
  readonly param: Tensor;
  /** What is to be subtracted from it, of its shape: at first its gradient. */
  readonly update: Tensor;
  /** What the transformation keeps of it from step to step, by name. */
  readonly slots: Readonly<Record<string, Tensor>>;
}

/** What a transformation makes of a parameter's update. */
export interface Transformed {
  /** What is to be subtracted; undefined for a parameter that stays as it is, which no later link sees. */
  readonly update: Tensor | undefined;
  /** The next values of its slots; those before if left out. */
  readonly slots?: Readonly<Record<string, Tensor>>;
}

/** The first values of a transformation's slots, from a parameter. */
export type Slots = Readonly<Record<string, (param: Tensor) => Tensor>>;

/**
 * A gradient transformation, optax's `GradientTransformation`: a link of a `chain`. Updates are subtracted, so
 * that none of them changes the sign.
 */
export interface Transformation {
  /** What it keeps of each parameter from step to step. */
  readonly slots: Slots;
  /**
   * The transformed updates, in the order of the parameters.
   *
   * @param step Steps taken before this one, i32[].
   */
  update(all: readonly ParameterUpdate[], step: Tensor): readonly Transformed[];
}

/** A slot that begins with one number everywhere. */
export const filledSlot = (value: number) => (param: Tensor): Tensor =>
  constant(value, param.shape);

/** A slot that begins with zeros. */
export const zeroSlot: (param: Tensor) => Tensor = filledSlot(0);

/**
 * A transformation that treats each parameter by itself.
 *
 * @param slots What it keeps of each parameter.
 * @param at From the steps taken, i32[], to what it makes of a parameter's update.
 *
 * @example Updates of the signs of gradients
 * ```ts
 * import { open, optim, ops, tensor } from "@goodinit/goodinit";
 *
 * const sign = optim.perParameter({}, () => ({ update }) => ({
 *   update: ops.sub(ops.cast(ops.greater(update, 0), "f32"), ops.cast(ops.less(update, 0), "f32")),
 * }));
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(sign, optim.scaleByLearningRate(0.5)), w = tensor([1, 2]);
 * const [next] = optimizer.step(w, tensor([10, -0.1]), optimizer.init(w));
 * console.assert((await run.read(next)).join() === "0.5,2.5");
 * ```
 */
export const perParameter = (
  slots: Slots,
  at: (step: Tensor) => (parameter: ParameterUpdate) => Transformed,
): Transformation => ({ slots, update: (all, step) => all.map(at(step)) });
