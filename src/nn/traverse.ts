/**
 * Running a net under the eyes of a visitor. Every layer passes its calls through {@linkcode pass}, so
 * that what is visited is what really runs: in that order, that often, inside layers of one's own too.
 *
 * @module
 */
import { describing } from "../grad.ts";
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
  /** What the layer computes, its parts visited. */
  visited(params: Params, x: Tensor): Tensor;
  /** What the layer computes, its parts left alone. */
  applied(params: Params, x: Tensor): Tensor;
}

/** Says what leaves a layer. */
export type Visitor = (call: Call) => Tensor;

/** Who looks on. */
interface State {
  readonly visit?: Visitor;
  /** The layer of which the visitor knows already: its own call is next. */
  asked?: Layer | undefined;
}

let state: State = {};

function during<T>(next: State, f: () => T): T {
  const before = state;
  state = next;
  try {
    return f();
  } finally {
    state = before;
  }
}

/**
 * A call of a layer: what every layer does when it is applied. Without a visitor, `apply` it is.
 *
 * @param part Which part of the composed layer around it.
 */
export function pass<P extends Params>(
  layer: Layer<P>,
  apply: (params: P, x: Tensor, key?: Key) => Tensor,
  params: P,
  x: Tensor,
  key: Key | undefined,
  part?: number,
): Tensor {
  const { visit, asked } = state;
  if (!visit) return apply(params, x, key);
  state.asked = undefined;
  if (asked === layer as Layer) return apply(params, x, key);
  return visit({
    layer: layer as Layer,
    params,
    x,
    part,
    visited: (params, x) =>
      during({ visit, asked: layer as Layer }, () => apply(params as P, x, key)),
    applied: (params, x) => during({}, () => apply(params as P, x, key)),
  });
}

/**
 * Runs a layer; each call of a layer, itself and those inside, is given to `visit`, in the order in
 * which they run.
 */
export const traverse = (
  layer: Layer,
  params: Params,
  x: Tensor,
  key: Key | undefined,
  visit: Visitor,
): Tensor => describing(() => during({ visit }, () => pass(layer, layer, params, x, key)));
