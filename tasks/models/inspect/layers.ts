/**
 * The output shape, parameters and cost of each layer of a net, from its graph; nothing is computed.
 *
 * @module
 */
import { countParameters } from "../../../src/models/mod.ts";
import type { Layer } from "../../../src/nn/layer.ts";
import { key } from "../../../src/random.ts";
import { asArg, asArgs, type Spec } from "../../../src/spec.ts";
import { type Params, placeholder, type Tensor } from "../../../src/tensor.ts";
import { topological } from "../../../src/graph.ts";
import { leaves, unflatten } from "../../../src/tree.ts";

/** The cost of a layer for one batch. */
export interface LayerCost {
  /** Its index and kind, such as `0 conv`. */
  readonly layer: string;
  /** The shape of its output, without the batch. */
  readonly output: readonly number[];
  /** The number of its parameters. */
  readonly parameters: number;
  /** Floating-point operations of a forward pass, by the definition of each op. */
  readonly flops: number;
  /** Bytes of its output; 0 where that is its input in another shape. */
  readonly bytes: number;
}

function countFlops(y: Tensor): number {
  const { op, args, attrs } = y;
  if (op.kind === "kernel") {
    return op.flops(asArgs(args), asArg(y), attrs);
  }
  return op.kind === "map" && args.length > 0 && y.dtype === "f32" ? y.size : 0;
}

/** The costs of the layers of a sequential net for a batch of inputs. */
export function layerCosts(
  { layers, init }: Layer & { readonly layers: readonly Layer[] },
  input: Spec,
): LayerCost[] {
  const made = init(key(0), input), placeholders = leaves<Tensor>(made).map((x) => placeholder(x));
  const params = unflatten<unknown, Tensor, Tensor>(made, placeholders) as readonly Params[];
  let x = placeholder(input);
  return layers.map((layer, i) => {
    const y = layer(params[i]!, x), given = x;
    const computed = topological([y], (t) => t === given).filter((t) => t !== given)
      .filter(({ op, args }) => args.length > 0 && op.kind !== "view");
    x = placeholder(y);
    return {
      layer: `${i} ${layer.kind}`,
      output: y.shape.slice(1),
      parameters: countParameters(params[i]!),
      flops: computed.reduce((sum, t) => sum + countFlops(t), 0),
      bytes: computed.length > 0 ? 4 * y.size : 0,
    };
  });
}
