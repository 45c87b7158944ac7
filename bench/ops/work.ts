/**
 * What is measured of an op: its directions, as a user computes them, from numbers that any program can
 * reproduce.
 *
 * @module
 */
import * as g from "../../mod.ts";
import { fill } from "../../tests/golden/fill.ts";

/** A direction of an op: what one call computes. */
export interface Direction {
  readonly inputs: readonly g.Tensor[];
  /** State that each call replaces by its results, as an optimizer does; none for other ops. */
  readonly carry?: readonly g.Tensor[] | undefined;
  readonly compute: (
    inputs: readonly g.Tensor[],
    carry: readonly g.Tensor[],
  ) => readonly g.Tensor[];
  /** How many of the results are compared with PyTorch's, from the first; all if left out. */
  readonly compared?: number;
  /** Elements of the inputs that are not read, such as rows of a table; 0 if left out. */
  readonly unread?: number;
  /** Operations of a product; undefined for an op that is limited by memory. */
  readonly flops?: number | undefined;
}

/** An op's directions by name. */
export type Work = Readonly<Record<string, Direction>>;

/** Names of directions. */
export const FORWARD = "forward",
  INPUT_GRADIENT = "input gradient",
  WEIGHT_GRADIENT = "weight gradient",
  TRAINING = "with gradient",
  UPDATE = "update";

/** Numbers of variance 1. */
export const filled = (shape: readonly number[], seed: number): g.Tensor =>
  g.tensor(fill(shape.reduce((n, d) => n * d, 1), seed, Math.sqrt(3)), shape);

/** Integers from 0 to `below` - 1. */
export const integers = (count: number, seed: number, below: number): g.Tensor =>
  g.tensor(Int32Array.from(fill(count, seed, 0.5), (v) => Math.floor((v + 0.5) * below)));

/** The seed of a result's gradient. */
const GRADIENT_SEED = 99;

/** A function of tensors. */
export type Op = (...inputs: g.Tensor[]) => g.Tensor;

/** The gradient of a result, as training would pass it to this op. */
function resultGradient(op: Op, inputs: readonly g.Tensor[]): g.Tensor {
  const { shape } = op(...inputs.map(({ shape, dtype }) => g.placeholder({ shape, dtype })));
  return filled(shape, GRADIENT_SEED);
}

/** The sum whose gradient passes `given` back through a result. */
const weighted = (y: g.Tensor, given: g.Tensor): g.Tensor => g.ops.sum(g.ops.mul(y, given));

/** An op that is linear in each of two inputs: forward, and the gradient of each alone. */
export function bilinear(op: Op, x: g.Tensor, w: g.Tensor, flops: number): Work {
  const given = resultGradient(op, [x, w]);
  const compute = (f: Op) => (inputs: readonly g.Tensor[]) => [f(...inputs)];
  return {
    [FORWARD]: { inputs: [x, w], compute: compute(op), flops },
    [INPUT_GRADIENT]: {
      inputs: [w, given],
      compute: compute((w, dy) =>
        g.grad((z: g.Tensor) => weighted(op(z, w!), dy!))(g.ops.constant(0, x.shape))
      ),
      flops,
    },
    [WEIGHT_GRADIENT]: {
      inputs: [x, given],
      compute: compute((x, dy) =>
        g.grad((z: g.Tensor) => weighted(op(x!, z), dy!))(g.ops.constant(0, w.shape))
      ),
      flops,
    },
  };
}

/** Any op: forward, and what a training step computes of it: the result and all gradients. */
export function trained(op: Op, ...inputs: g.Tensor[]): Work {
  const given = resultGradient(op, inputs);
  const floats = inputs.flatMap(({ dtype }, i) => dtype === "f32" ? [i] : []);
  return {
    [FORWARD]: { inputs, compute: (inputs) => [op(...inputs)] },
    [TRAINING]: {
      inputs: [...inputs, given],
      compute: (all) => {
        const inputs = all.slice(0, -1), dy = all.at(-1)!;
        const loss = (params: readonly g.Tensor[]) => {
          const from = inputs.slice();
          floats.forEach((at, i) => from[at] = params[i]!);
          return weighted(op(...from), dy);
        };
        return [op(...inputs), ...g.grad(loss)(floats.map((at) => inputs[at]!))];
      },
    },
  };
}

/** Work that reads all but so many elements of its inputs. */
export const partly = (work: Work, unread: number): Work =>
  Object.fromEntries(Object.entries(work).map(([name, each]) => [name, { ...each, unread }]));

/** An op without gradient: forward. */
export const forwardOnly = (op: Op, ...inputs: g.Tensor[]): Work => ({
  [FORWARD]: { inputs, compute: (inputs) => [op(...inputs)] },
});
