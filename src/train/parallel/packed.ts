/**
 * A batch's gradients as one vector, which several processes sum.
 *
 * @module
 */
import { cast, concat, constant, mul, reshape, slice } from "../../ops/mod.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { Params, Tensor } from "../../tensor.ts";
import { leaves, unflatten } from "../../tree.ts";
import type { BatchGradients } from "../step.ts";

/** Who decides a parameter: the optimizer, a layer that learned it from the batch, or nobody. */
type Decided = "optimizer" | "layer" | "frozen";

/** How gradients lie in a vector. */
export interface Layout {
  readonly decided: readonly Decided[];
  /** The names of the metrics. */
  readonly metrics: readonly string[];
  /** The shapes of its parts. */
  readonly shapes: readonly Shape[];
}

/** What is summed over processes, in the order of the vector. */
function summands<P extends Params>(
  { value, grads, correct, parts, fixed }: BatchGradients<P>,
  decided: readonly Decided[],
  part: number,
): readonly Tensor[] {
  const learned = fixed.filter((_, i) => decided[i] === "layer") as Tensor[];
  const means = [value, ...leaves<Tensor>(grads), ...learned].map((x) => mul(x, part));
  return [cast(correct, "f32"), ...Object.values(parts), ...means, constant(0)];
}

/**
 * Packs a batch's gradients, its loss, and what layers learned from it, each times `part`, so that the sum
 * over all processes is the mean over the whole batch; correct predictions and the metrics' parts, which are summed; and a
 * last element, 0, in which a process may ask to stop.
 */
export function packGradients<P extends Params>(
  gradients: BatchGradients<P>,
  params: P,
  part: number,
): readonly [vector: Tensor, layout: Layout] {
  const own = leaves<Tensor>(params);
  const decided = gradients.fixed.map((w, i): Decided =>
    w === undefined ? "optimizer" : w === own[i] ? "frozen" : "layer"
  );
  const parts = summands(gradients, decided, part), shapes = parts.map(({ shape }) => shape);
  const metrics = Object.keys(gradients.parts);
  return [concat(parts.map((x) => reshape(x, [x.size]))), { decided, metrics, shapes }];
}

/** The gradients in a vector that was summed over all processes. */
export function unpackGradients<P extends Params>(
  vector: Tensor,
  { decided, metrics, shapes }: Layout,
  params: P,
): BatchGradients<P> {
  let end = 0;
  const [correct, ...others] = shapes.map((shape) => {
    const start = end;
    end += sizeOf(shape);
    return reshape(slice(vector, [start], [end]), shape);
  });
  const [value, ...rest] = others.slice(metrics.length);
  const own = leaves<Tensor>(params), grads = rest.slice(0, own.length);
  let learned = own.length;
  return {
    correct: cast(correct!, "i32"),
    parts: Object.fromEntries(metrics.map((name, i) => [name, others[i]!])),
    value: value!,
    grads: unflatten<P, Tensor, Tensor>(params, grads) as unknown as P,
    fixed: decided.map((by, i) =>
      by === "optimizer" ? undefined : by === "frozen" ? own[i] : rest[learned++]
    ),
  };
}
