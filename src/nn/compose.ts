/**
 * Layers made of layers. Each is one `flow`, the way x takes through its parts: applying it, making its
 * parameters and visiting its layers all follow it.
 *
 * @module
 */
import { foldIn, type Key, split } from "../random.ts";
import { showSpec, type Spec } from "../spec.ts";
import { type Params, placeholder, type Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import { checkParts, located } from "./check.ts";
import type { Apply, Flow, Layer, ParamsOfAll } from "./layer.ts";
import { callLayer } from "./traverse.ts";

const chain = (layers: readonly Layer[]): Flow => (call, x) =>
  layers.reduce((y, _, i) => call(i, y), x);

/** The composed layer that a list of parts was read from, as `net.layers`. */
const composed = new WeakMap<readonly Layer[], Layer>();

/**
 * One layer of what is given: a layer as it is, `net.layers` as the net with its flow, and any other list
 * one after another.
 */
export function oneLayer(net: Layer | readonly Layer[]): Layer {
  if (typeof net === "function") return net;
  return composed.get(net) ?? sequential(...net) as Layer;
}

/** The key of a part's n-th call, from 1: the first has the part's own. */
const keyOfCall = (key: Key | undefined, n: number): Key | undefined =>
  key && n > 1 ? foldIn(key, n) : key;

/** Parts, and how x passes through them. */
interface Composition {
  readonly kind: string;
  readonly parts: readonly Layer[];
  readonly flow: Flow;
}

/** A call of a part on the way. */
interface Step {
  readonly part: Layer;
  readonly index: number;
  /** How often the part has been called, this time included. */
  readonly nth: number;
  readonly x: Tensor;
}

/** Takes x through the parts; `answer` gives what leaves each. An error in one gets the part's place in front. */
function follow(
  { kind, parts, flow }: Composition,
  x: Tensor,
  answer: (step: Step) => Tensor,
): Tensor {
  const calls = new Array<number>(parts.length).fill(0);
  return flow((index, x) => {
    const part = parts[index];
    if (!part) {
      throw new RangeError(
        `${kind}: expected a flow that calls parts 0 to ${parts.length - 1}, found ${index}`,
      );
    }
    const nth = ++calls[index]!;
    return located([index], () => answer({ part, index, nth, x }));
  }, x);
}

/** The parameters of a layer that gets no input, if it has none. */
function withoutInput(part: Layer, key: Key, x: Spec): Params | undefined {
  if (part.unit) return undefined;
  if (part.layers) {
    const all = part.layers.map((inner) => withoutInput(inner, key, x));
    return all.includes(undefined) ? undefined : all as Params;
  }
  try {
    const params = part.init(key, x);
    return leaves<Tensor>(params).length === 0 ? params : undefined;
  } catch {
    return undefined;
  }
}

/** The parameters of a part that the flow did not call: none, if it can do without. */
function uncalled(kind: string, part: Layer, key: Key, x: Spec): Params {
  const params = withoutInput(part, key, x);
  if (params) return params;
  throw new RangeError(
    `${part.kind}: expected the flow of ${kind} to call each part that has parameters, which are ` +
      `made for what enters it, found it not called for ${showSpec(x)}`,
  );
}

/**
 * A layer made of others. Its parameters are the list of theirs, and its key is split among them: a
 * part's second and later calls have keys of their own, made of the part's.
 *
 * @param layers The parts.
 * @param flow How x passes through them; one after another if left out. A part may be called several
 * times, with the same parameters, which are made for its first input. Each part with parameters must
 * be called when they are made.
 * @throws RangeError if there are no layers, and from the layers with their place in front.
 *
 * @example
 * ```ts
 * import { type Layer, nn, ops } from "@goodinit/goodinit";
 *
 * // The product of what two layers make of one x.
 * const product = (a: Layer, b: Layer) =>
 *   nn.compose("product", [a, b], (call, x) => ops.mul(call(0, x), call(1, x)));
 * console.assert(product(nn.dense(4), nn.dense(4)).layers.length === 2);
 * ```
 */
export function compose<const L extends readonly Layer[]>(
  kind: string,
  layers: L,
  flow?: Flow,
): Layer<ParamsOfAll<L>> & { readonly layers: L } {
  const parts = [...layers] as unknown as L, n = parts.length;
  if (n === 0) throw new RangeError(`${kind}: expected at least one layer, found none`);
  const composition: Composition = { kind, parts, flow: flow ?? chain(parts) };

  const run = (params: ParamsOfAll<L>, x: Tensor, key?: Key) => {
    checkParts(kind, n, params);
    const keys = key && split(key, n);
    return follow(
      composition,
      x,
      ({ part, index, nth, x }) =>
        callLayer(part, part, params[index]!, x, keyOfCall(keys?.[index], nth), index),
    );
  };

  const init = (key: Key, x: Spec) => {
    const keys = split(key, n), params = new Array<Params | undefined>(n).fill(undefined);
    follow(
      composition,
      placeholder(x),
      ({ part, index, x }) => part(params[index] ??= part.init(keys[index]!, x), x),
    );
    return parts.map((part, i) =>
      params[i] ?? located([i], () => uncalled(kind, part, keys[i]!, x))
    ) as unknown as ParamsOfAll<L>;
  };

  const apply: Apply<ParamsOfAll<L>> = (params, x, key) => callLayer(made, run, params, x, key);
  const made = Object.assign(apply, { kind, init, layers: parts, ...(flow && { flow }) });
  composed.set(parts, made as Layer);
  return made;
}

/**
 * Layers one after another.
 *
 * @example
 * ```ts
 * import { nn, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.conv(32, 3), nn.relu, nn.maxPool(2), nn.flatten, nn.dropout(0.2), nn.dense(10));
 * console.assert(net.layers.length === 6);
 * ```
 */
export const sequential = <const L extends readonly Layer[]>(
  ...layers: L
): Layer<ParamsOfAll<L>> & { readonly layers: L } => compose("sequential", layers);
