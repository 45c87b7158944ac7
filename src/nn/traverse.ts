/**
 * The one traversal of layers. Every layer hands its calls to {@linkcode callLayer}, which applies it, or
 * asks whoever traverses the net: so what is visited is what really runs, in that order, that often, and
 * inside layers of one's own too. How a key is split among parts, where an error gets its place and which
 * way x takes is for `compose.ts` alone to say, and never said again by a visitor.
 *
 * @module
 */
import { withoutComputing } from "../grad.ts";
import type { Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Layer } from "./layer.ts";

/** A layer that is being called. */
export interface Call {
  readonly layer: Layer;
  readonly params: Params;
  readonly x: Tensor;
  /** Which part of the composed layer around it; absent at the top, and inside a layer of one's own. */
  readonly part?: number | undefined;
  /** What the layer computes, the layers inside it visited. */
  descend(params: Params, x: Tensor): Tensor;
  /** What the layer computes, the layers inside it left alone. */
  apply(params: Params, x: Tensor): Tensor;
}

/** Says what leaves a layer that is called. */
export type Visitor = (call: Call) => Tensor;

/** The traversal at work: none, if layers just apply. */
interface Traversal {
  readonly visit?: Visitor;
  /** The layer into which the visitor descends: its own call comes next, and is not visited again. */
  entered?: Layer | undefined;
}

let traversal: Traversal = {};

/** Runs `f` under another traversal. */
function during<T>(next: Traversal, f: () => T): T {
  const before = traversal;
  traversal = next;
  try {
    return f();
  } finally {
    traversal = before;
  }
}

/**
 * A call of a layer: what every layer does when it is called.
 *
 * @param apply What it computes.
 * @param part Which part of the composed layer around it.
 */
export function callLayer<P extends Params>(
  layer: Layer<P>,
  apply: (params: P, x: Tensor, key?: Key) => Tensor,
  params: P,
  x: Tensor,
  key: Key | undefined,
  part?: number,
): Tensor {
  const { visit, entered } = traversal;
  if (!visit) return apply(params, x, key);
  traversal.entered = undefined;
  if (entered === layer as Layer) return apply(params, x, key);
  return visit({
    layer: layer as Layer,
    params,
    x,
    part,
    descend: (params, x) =>
      during({ visit, entered: layer as Layer }, () => apply(params as P, x, key)),
    apply: (params, x) => during({}, () => apply(params as P, x, key)),
  });
}

/**
 * Runs a layer; each call of a layer, itself and those inside, is given to `visit` in the order in which they
 * run. Left out, they are applied: then it is the layer, called.
 */
export function traverse(
  layer: Layer,
  params: Params,
  x: Tensor,
  key?: Key,
  visit?: Visitor,
): Tensor {
  if (!visit) return layer(params, x, key);
  return withoutComputing(() => during({ visit }, () => callLayer(layer, layer, params, x, key)));
}
