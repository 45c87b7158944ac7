/**
 * A batch's gradients as parts that several processes sum one after another.
 *
 * @module
 */
import { cast, constant, mul } from "../../ops/mod.ts";
import type { Params, Tensor } from "../../tensor.ts";
import { leaves, unflatten } from "../../tree.ts";
import type { BatchGradients } from "../step.ts";

/** Who decides a parameter: the optimizer, a layer that learned it from the batch, or nobody. */
type Decided = "optimizer" | "layer" | "frozen";

/** What is in the parts. */
export interface Layout {
  readonly decided: readonly Decided[];
  /** The names of the metrics. */
  readonly metrics: readonly string[];
}

/** Tensors that are summed together. */
export type Part = readonly Tensor[];

/** The bytes from which on a part is large enough: on 1 Gbit/s, 9 ms, which is many times a latency. */
const PART_BYTES = 1 << 20;

/** Tensors in parts of at least {@linkcode PART_BYTES} each, but for the last. */
function divide(all: readonly Tensor[]): Part[] {
  const parts: Tensor[][] = [[]];
  let bytes = 0;
  for (const x of all) {
    if (bytes >= PART_BYTES) bytes = parts.push([]) * 0;
    parts.at(-1)!.push(x);
    bytes += 4 * x.size;
  }
  return parts;
}

/**
 * A batch's gradients in the order in which the backward pass computes them, from the last parameter to the
 * first; its loss and what layers learned from it; all times `part`, so that the sum over all processes is
 * the mean over the whole batch. Then correct predictions and the metrics' parts, which are summed; and a
 * last element, 0, in which a process may ask to stop.
 */
export function packGradients<P extends Params>(
  { value, grads, correct, parts, fixed }: BatchGradients<P>,
  params: P,
  part: number,
): readonly [parts: readonly Part[], layout: Layout] {
  const own = leaves<Tensor>(params);
  const decided = fixed.map((w, i): Decided =>
    w === undefined ? "optimizer" : w === own[i] ? "frozen" : "layer"
  );
  const learned = fixed.filter((_, i) => decided[i] === "layer") as Tensor[];
  const means = [...leaves<Tensor>(grads).reverse(), value, ...learned].map((x) => mul(x, part));
  const sums = [cast(correct, "f32"), ...Object.values(parts), constant(0)];
  return [divide([...means, ...sums]), { decided, metrics: Object.keys(parts) }];
}

/** The gradients in parts that were summed over all processes. */
export function unpackGradients<P extends Params>(
  parts: readonly Part[],
  { decided, metrics }: Layout,
  params: P,
): BatchGradients<P> {
  const own = leaves<Tensor>(params), all = parts.flat(), { length } = own;
  const [value, ...rest] = all.slice(length);
  const learned = rest.slice(0, decided.filter((by) => by === "layer").length);
  const [correct, ...sums] = rest.slice(learned.length);
  return {
    value: value!,
    grads: unflatten<P, Tensor, Tensor>(params, all.slice(0, length).reverse()) as unknown as P,
    correct: cast(correct!, "i32"),
    parts: Object.fromEntries(metrics.map((name, i) => [name, sums[i]!])),
    fixed: decided.map((by, i) =>
      by === "optimizer" ? undefined : by === "frozen" ? own[i] : learned.shift()
    ),
  };
}
