/**
 * Layers made of layers. Each is one `flow`, the way x takes through its parts, from which applying,
 * making parameters and walking in execution order all follow.
 *
 * @module
 */
import * as ops from "../ops/mod.ts";
import { foldIn, type Key, split } from "../random.ts";
import { sameShape } from "../shape.ts";
import { type Params, placeholder, type Tensor } from "../tensor.ts";
import { showSpec, type Spec } from "../spec.ts";
import { leaves } from "../tree.ts";
import { located } from "./check.ts";
import type { Apply, Flow, Layer, ParamsOf, ParamsOfAll } from "./layer.ts";
import { pass } from "./traverse.ts";

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
  const path = flow ?? chain(parts);
  const partAt = (i: number): Layer => {
    const part = parts[i];
    if (part) return part;
    throw new RangeError(`${kind}: expected a flow that calls parts 0 to ${n - 1}, found ${i}`);
  };

  const run = (params: ParamsOfAll<L>, x: Tensor, key?: Key) => {
    const given = params as readonly Params[];
    if (!Array.isArray(given) || given.length !== n) {
      throw new RangeError(
        `${kind}: expected parameters of ${n} layers, found ${
          Array.isArray(given) ? given.length : typeof given
        }`,
      );
    }
    const keys = key && split(key, n), calls = new Array<number>(n).fill(0);
    return path((i, y) => {
      const part = partAt(i), own = keyOfCall(keys?.[i], ++calls[i]!);
      return located([i], () => pass(part, part, given[i]!, y, own, i));
    }, x);
  };

  const init = (key: Key, x: Spec) => {
    const keys = split(key, n), params = new Array<Params | undefined>(n).fill(undefined);
    path((i, y) => {
      const part = partAt(i);
      return located([i], () => part(params[i] ??= part.init(keys[i]!, y), y));
    }, placeholder(x));
    return parts.map((part, i) =>
      params[i] ?? located([i], () => uncalled(kind, part, keys[i]!, x))
    ) as unknown as ParamsOfAll<L>;
  };

  const apply: Apply<ParamsOfAll<L>> = (params, x, key) => pass(made, run, params, x, key);
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

function keepsShape(kind: string, x: Tensor, y: Tensor): void {
  if (sameShape(x.shape, y.shape)) return;
  throw new RangeError(
    `${kind}: expected a branch that keeps ${showSpec(x)}, found ${showSpec(y)}`,
  );
}

/**
 * x + branch(x): He et al., "Deep residual learning" (2015). The branch must keep the shape.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder, sequential } from "@goodinit/goodinit";
 *
 * const layer = nn.residual(sequential(nn.relu, nn.conv(4, 3, { padding: 1 })));
 * const x = placeholder({ shape: [2, 8, 8, 4], dtype: "f32" });
 * const y = layer(layer.init(key(0), x), x);
 * console.assert(y.shape.join() === "2,8,8,4");
 * ```
 */
export const residual = <B extends Layer>(
  branch: B,
): Layer<readonly [ParamsOf<B>]> & { readonly layers: readonly [B] } =>
  compose("residual", [branch] as const, (call, x) => {
    const y = call(0, x);
    keepsShape("residual", x, y);
    return ops.add(x, y);
  });

/**
 * The outputs of all branches for one x, one after another along the last axis (channels).
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const layer = nn.concat(nn.conv(3, 1), nn.conv(5, 3, { padding: 1 }));
 * const x = placeholder({ shape: [2, 8, 8, 4], dtype: "f32" });
 * const y = layer(layer.init(key(0), x), x);
 * console.assert(y.shape.join() === "2,8,8,8");
 * ```
 */
export const concat = <const L extends readonly Layer[]>(
  ...branches: L
): Layer<ParamsOfAll<L>> & { readonly layers: L } =>
  compose(
    "concat",
    branches,
    (call, x) => ops.concat(branches.map((_, i) => call(i, x)), -1),
  );

/**
 * t · h(x) + (1 - t) · x with t = σ(gate(x)): Srivastava et al., "Highway networks" (2015), eq. 3.
 * Both layers must keep the shape. Give the gate's last layer a negative `bias`, such as -2, so that
 * x passes at first.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder, sequential } from "@goodinit/goodinit";
 *
 * const layer = nn.highway(sequential(nn.conv(4, 1), nn.relu), nn.conv(4, 1, { biasInit: -2 }));
 * const x = placeholder({ shape: [2, 8, 8, 4], dtype: "f32" });
 * const y = layer(layer.init(key(0), x), x);
 * console.assert(y.shape.join() === "2,8,8,4");
 * ```
 */
export const highway = <H extends Layer, G extends Layer>(
  h: H,
  gate: G,
): Layer<readonly [ParamsOf<H>, ParamsOf<G>]> & { readonly layers: readonly [H, G] } =>
  compose("highway", [h, gate] as const, (call, x) => {
    const y = call(0, x), open = call(1, x);
    keepsShape("highway", x, y);
    keepsShape("highway", x, open);
    const t = ops.sigmoid(open);
    return ops.add(ops.mul(t, y), ops.mul(ops.sub(1, t), x));
  });
