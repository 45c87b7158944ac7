/**
 * Composed layers. The `flow` of x through a layer's parts is defined once; applying the layer,
 * initializing it and traversing it all follow it.
 *
 * @module
 */
import { foldIn, type Key, split } from "../random.ts";
import { showSpec, type Spec } from "../spec.ts";
import { type Params, placeholder, type Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import { checkLayers, checkParts, checkSpec, locate, withLocation } from "./check.ts";
import type { Apply, Flow, Layer, ParamsOfAll } from "./layer.ts";
import { callLayer } from "./traverse.ts";

/** The composed layer whose `layers` a list is. */
const composed = new WeakMap<readonly Layer[], Layer>();

/**
 * Converts to one layer: a layer is returned, `net.layers` gives the net with its flow, and any other list
 * a sequence.
 */
export function oneLayer(net: Layer | readonly Layer[]): Layer {
  if (typeof net === "function") return net;
  return composed.get(net) ?? sequential(...net) as Layer;
}

/** The key of a part's n-th call, from 1: the first uses the part's own key. */
const deriveCallKey = (key: Key | undefined, n: number): Key | undefined =>
  key && n > 1 ? foldIn(key, n) : key;

/** The parts of a composed layer, and their flow. */
interface Composition {
  readonly kind: string;
  readonly parts: readonly Layer[];
  /** Absent if the parts run in sequence. */
  readonly flow: Flow | undefined;
}

/** A call of a part. */
interface Step {
  readonly part: Layer;
  readonly index: number;
  /** The number of calls of the part, this one included. */
  readonly nth: number;
  readonly x: Tensor;
}

/**
 * Runs the parts in sequence. Like {@linkcode runFlow} it spends few stack frames, since layers may be nested
 * a thousand deep.
 */
function runChain(
  parts: readonly Layer[],
  x: Tensor,
  answer: (step: Step) => Tensor,
): Tensor {
  let y = x;
  for (let index = 0; index < parts.length; index++) {
    try {
      y = answer({ part: parts[index]!, index, nth: 1, x: y });
    } catch (error) {
      throw locate(error, [index]);
    }
  }
  return y;
}

/** Runs the flow; `answer` computes the output of each call. Errors are prefixed with the part's index. */
function runFlow(
  { kind, parts, flow }: Composition,
  x: Tensor,
  answer: (step: Step) => Tensor,
): Tensor {
  if (!flow) return runChain(parts, x, answer);
  const calls = new Array<number>(parts.length).fill(0);
  return flow((index, x) => {
    const part = parts[index];
    if (!part) {
      throw new RangeError(
        `${kind}: expected a flow that calls parts 0 to ${parts.length - 1}, found ${index}`,
      );
    }
    const nth = ++calls[index]!;
    try {
      return answer({ part, index, nth, x });
    } catch (error) {
      throw locate(error, [index]);
    }
  }, x);
}

/** The parameters of a layer, and its output with them. */
interface Initialized {
  readonly params: Params;
  readonly y: Tensor;
}

/**
 * Initializes a composed layer and applies it in one pass: else a layer nested in n others would be applied n
 * times.
 */
const initializers = new WeakMap<Layer, (key: Key, x: Tensor) => Initialized>();

function initialize(part: Layer, key: Key, x: Tensor): Initialized {
  const initializer = initializers.get(part);
  if (initializer) return initializer(key, x);
  const params = part.init(key, x);
  return { params, y: part(params, x) };
}

/** The parameters of a layer that is not called, if it has none; else undefined. */
function emptyParams(part: Layer, key: Key, x: Spec): Params | undefined {
  if (part.unit) return undefined;
  if (part.layers) {
    const all = part.layers.map((inner) => emptyParams(inner, key, x));
    return all.includes(undefined) ? undefined : all as Params;
  }
  try {
    const params = part.init(key, x);
    return leaves<Tensor>(params).length === 0 ? params : undefined;
  } catch {
    return undefined;
  }
}

/** The empty parameters of a part that the flow did not call; throws RangeError if it needs any. */
function uncalledParams(kind: string, part: Layer, key: Key, x: Spec): Params {
  const params = emptyParams(part, key, x);
  if (params) return params;
  throw new RangeError(
    `${part.kind}: expected the flow of ${kind} to call each part that has parameters, which are ` +
      `initialized from its input, found no call for ${showSpec(x)}`,
  );
}

/**
 * A layer composed of others. Its parameters are the list of theirs, and its key is split among them; a
 * part's second and later calls use keys derived from the part's.
 *
 * @param layers The parts.
 * @param flow How x passes through them; in sequence if left out. A part may be called several times, with
 * the same parameters, which are initialized for its first input. Each part with parameters must be called
 * during initialization.
 * @throws RangeError if there are no layers; errors of a layer are prefixed with its path.
 *
 * @example
 * ```ts
 * import { type Layer, nn, ops } from "@goodinit/goodinit";
 *
 * // The product of two layers' outputs for one x.
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
  checkLayers(kind, parts);
  const composition: Composition = { kind, parts, flow };

  const run = (params: ParamsOfAll<L>, x: Tensor, key?: Key) => {
    checkParts(kind, n, params);
    const keys = key && split(key, n);
    return runFlow(
      composition,
      x,
      ({ part, index, nth, x }) =>
        callLayer(part, part, params[index]!, x, deriveCallKey(keys?.[index], nth), index),
    );
  };

  const initializer = (key: Key, x: Tensor): Initialized => {
    const keys = split(key, n), params = new Array<Params | undefined>(n).fill(undefined);
    const y = runFlow(composition, x, ({ part, index, x }) => {
      const known = params[index];
      if (known) return part(known, x);
      const made = initialize(part, keys[index]!, x);
      params[index] = made.params;
      return made.y;
    });
    const all = parts.map((part, i) =>
      params[i] ?? withLocation([i], () => uncalledParams(kind, part, keys[i]!, x))
    );
    return { params: all as Params, y };
  };
  const init = (key: Key, x: Spec) => {
    checkSpec(kind, key, x);
    return initializer(key, placeholder(x)).params as unknown as ParamsOfAll<L>;
  };

  const apply: Apply<ParamsOfAll<L>> = (params, x, key) => callLayer(made, run, params, x, key);
  const made = Object.assign(apply, { kind, init, layers: parts, ...(flow && { flow }) });
  composed.set(parts, made as Layer);
  initializers.set(made as Layer, initializer);
  return made;
}

/**
 * Layers in sequence.
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
