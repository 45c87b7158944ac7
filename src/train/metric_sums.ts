/**
 * Metrics from their sums over examples.
 *
 * @module
 */
import type { Metric } from "../nn/metrics.ts";
import type { Layer } from "../nn/layer.ts";
import { type Params, placeholder, type Tensor } from "../tensor.ts";
import type { Spec } from "../spec.ts";

/** A record with every value replaced by that of a function. */
export const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  f: (value: A, name: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)]));

/** The values of metrics; undefined if there are none. */
export function metricValues(
  metrics: Readonly<Record<string, Metric>>,
  sums: Readonly<Record<string, ArrayLike<number>>>,
  examples: number,
): Readonly<Record<string, number>> | undefined {
  if (Object.keys(metrics).length === 0) return undefined;
  return mapValues(metrics, ({ value }, name) => value(Array.from(sums[name]!), examples));
}

/** The outputs of a net for inputs of which only the spec is known; not computed. */
export function uncomputedOutputs<P extends Params>(
  { net, params, logits }: {
    readonly net: Layer<P>;
    readonly params: P;
    readonly logits?: ((output: Tensor) => Tensor) | undefined;
  },
  images: Spec,
): Tensor {
  const output = net(params, placeholder(images));
  return logits ? logits(output) : output;
}

/** How many parts each metric has. Throws RangeError on one that does not give f32[batch, parts]. */
export function countParts(
  metrics: Readonly<Record<string, Metric>>,
  outputs: Tensor,
  labels: Spec,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, { parts }]) => {
      const { dtype, shape } = parts(outputs, placeholder(labels));
      if (dtype === "f32" && shape.length === 2 && shape[0] === outputs.shape[0]) {
        return [name, shape[1]!];
      }
      throw new RangeError(
        `fit: expected the metric ${name} to have parts f32[${
          outputs.shape[0]
        }, count], found ${dtype}[${shape.join(", ")}]`,
      );
    }),
  );
}
