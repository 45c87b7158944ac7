/**
 * scan: a loop over time, as recurrent nets are written.
 *
 * @module
 */
import { checkFunction, showValue } from "../host_data.ts";
import type { Params, Tensor } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { entries, leaves, structure, unflatten } from "../tree.ts";
import { stack } from "./concat.ts";
import { slice } from "./slice.ts";
import { reshape } from "./view.ts";

/** Options of {@linkcode scan}. */
export interface ScanOptions {
  /** The number of steps, if there are no inputs to count; theirs if left out. */
  readonly length?: number;
  /** Whether to begin with the last step; false if left out. Outputs stay at their step's index. */
  readonly reverse?: boolean;
}

/**
 * A loop over time: calls `f` with the carry and one step of the inputs, passes the carry that it returns to
 * the next step, and stacks the outputs. As JAX's `lax.scan`. It is differentiable in the carry, in the
 * inputs, and in what `f` refers to.
 *
 * The loop is unrolled when it is traced: every step is a part of the graph, so that steps may differ in
 * shape or length from call to call only by being traced again. What does not depend on the carry, such as
 * the product of all inputs with their weights, is faster before the loop than in each step.
 *
 * @param f `(carry, x) => [carry, y]`. The carry, x and y are trees of tensors; y is `[]` for no outputs.
 * @param carry The carry before the first step. Each step returns one of the same structure, types and shapes.
 * @param xs The inputs, a tree of tensors [time, ...]; a step gets [...]. `[]` for none, with a `length`.
 * @returns The last carry, and the outputs, [time, ...].
 * @throws RangeError if the inputs differ in length or have no step, and TypeError if a step's carry or
 * output differs from the one before.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const [last, all] = ops.scan(
 *   (total, x) => {
 *     const next = ops.add(ops.mul(total, 0.5), x);
 *     return [next, next];
 *   },
 *   tensor(0),
 *   tensor([8, 4, 2]),
 * );
 * const [carry, ys] = await run.read([last, all]);
 * console.assert(carry.join() === "6" && ys.join() === "8,8,6");
 * ```
 */
export function scan<const C extends Params, const X extends Params, const Y extends Params>(
  f: (carry: C, x: X) => readonly [NoInfer<C>, Y],
  carry: C,
  xs: X,
  { length, reverse = false }: ScanOptions = {},
): readonly [C, Y] {
  checkFunction("scan", f);
  const inputs = leaves<Tensor>(xs), steps = countSteps(inputs, length);
  const outputs = new Array<Y>(steps);
  for (let i = 0; i < steps; i++) {
    const step = reverse ? steps - 1 - i : i;
    const result = f(carry, unflatten(xs, inputs.map((x) => at(x, step))) as unknown as X);
    if (!Array.isArray(result) || result.length !== 2) {
      throw new TypeError(
        `scan: expected a function that returns [carry, y], found ${showValue(result)}`,
      );
    }
    const [next, y] = result as readonly [C, Y];
    const first = i === 0 ? y : outputs[reverse ? steps - 1 : 0]!;
    checkAlike("carry", step, carry, next);
    checkAlike("output", step, first, y);
    carry = next;
    outputs[step] = y;
  }
  const each = outputs.map((y) => leaves<Tensor>(y));
  const stacked = each[0]!.map((_, leaf) => stack(each.map((y) => y[leaf]!)));
  return [carry, unflatten(outputs[0]!, stacked) as unknown as Y];
}

/** One step of [time, ...]: [...]. */
const at = (x: Tensor, step: number): Tensor =>
  reshape(slice(x, [step], [step + 1]), x.shape.slice(1));

/** The steps of inputs, or `length`. Throws RangeError unless they agree, and there is one. */
function countSteps(inputs: readonly Tensor[], length: number | undefined): number {
  const steps = length ?? inputs[0]?.shape[0] ?? 0;
  if (Number.isInteger(steps) && steps > 0 && inputs.every(({ shape }) => shape[0] === steps)) {
    return steps;
  }
  throw new RangeError(
    `scan: expected inputs [time, ...] of one length, at least 1${
      length === undefined ? "" : `, here ${length}`
    }, found ${inputs.length === 0 ? "none" : inputs.map(showSpec).join(", ")}`,
  );
}

const show = (tree: Params): string =>
  `${structure<Tensor>(tree)} of ${
    entries<Tensor>(tree).map(([path, x]) => `${path}${path && ": "}${showSpec(x)}`).join(", ")
  }`;

/** Throws TypeError unless two trees have one structure and leaves of the same types and shapes. */
function checkAlike(what: string, step: number, expected: Params, found: Params): void {
  const before = leaves<Tensor>(expected), after = leaves<Tensor>(found);
  const same = structure<Tensor>(expected) === structure<Tensor>(found) &&
    before.every((x, i) => showSpec(x) === showSpec(after[i]!));
  if (same) return;
  throw new TypeError(
    `scan: expected the ${what} ${show(expected)} in step ${step}, found ${show(found)}`,
  );
}
