/**
 * Traversal of a net's layers as they are called. Every layer passes its calls to {@linkcode callLayer},
 * which applies it or calls the current visitor: so a visitor sees exactly the calls that run, in order,
 * inside custom layers too. How keys are split, how errors are withLocation and how x flows is defined by
 * `compose.ts` alone.
 *
 * @module
 */
import { withoutComputing } from "../grad.ts";
import type { Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import { checkCall } from "./check.ts";
import type { Layer } from "./layer.ts";

/** A layer that is being called. */
export interface Call {
  readonly layer: Layer;
  readonly params: Params;
  readonly x: Tensor;
  /** Whether it is called with a key, as in training. */
  readonly training: boolean;
  /** The index in the composed layer around it; absent at the top, and inside a custom layer. */
  readonly part?: number | undefined;
  /** Applies the layer, and visits the layers inside it. */
  descend(params: Params, x: Tensor): Tensor;
  /** Applies the layer without visiting the layers inside it. */
  apply(params: Params, x: Tensor): Tensor;
}

/** Computes the output of a layer that is called. */
export type Visitor = (call: Call) => Tensor;

/** The current traversal; without a visitor, layers just apply. */
interface Traversal {
  readonly visit?: Visitor;
  /** The layer that the visitor descends into: its own call follows, and is not visited again. */
  entered?: Layer | undefined;
}

let traversal: Traversal = {};

/** Whether a visitor sees the calls of layers now. */
export const isVisited = (): boolean => traversal.visit !== undefined;

/** Runs `f` with another traversal. */
function withTraversal<T>(next: Traversal, f: () => T): T {
  const before = traversal;
  traversal = next;
  try {
    return f();
  } finally {
    traversal = before;
  }
}

/**
 * Calls a layer; every layer calls this when it is called.
 *
 * @param apply What it computes.
 * @param part The index in the composed layer around it.
 */
export function callLayer<P extends Params>(
  layer: Layer<P>,
  apply: (params: P, x: Tensor, key?: Key) => Tensor,
  params: P,
  x: Tensor,
  key: Key | undefined,
  part?: number,
): Tensor {
  checkCall(layer.kind, params, x);
  const { visit, entered } = traversal;
  if (!visit) return apply(params, x, key);
  traversal.entered = undefined;
  if (entered === layer as Layer) return apply(params, x, key);
  return visit({
    layer: layer as Layer,
    params,
    x,
    training: key !== undefined,
    part,
    descend: (params, x) =>
      withTraversal({ visit, entered: layer as Layer }, () => apply(params as P, x, key)),
    apply: (params, x) => withTraversal({}, () => apply(params as P, x, key)),
  });
}

/**
 * Runs a layer, and passes each call, its own and those inside, to `visit` in execution order. Without
 * `visit` it just calls the layer.
 */
export function traverse(
  layer: Layer,
  params: Params,
  x: Tensor,
  key?: Key,
  visit?: Visitor,
): Tensor {
  if (!visit) return layer(params, x, key);
  return withoutComputing(() =>
    withTraversal({ visit }, () => callLayer(layer, layer, params, x, key))
  );
}
