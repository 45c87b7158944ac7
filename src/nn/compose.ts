/**
 * Layers made of layers. Each is one `flow`, the way x takes through its parts, from which applying,
 * making parameters and walking in execution order all follow.
 *
 * @module
 */
import * as ops from "../ops/mod.ts";
import { type Key, split } from "../random.ts";
import { sameShape } from "../shape.ts";
import { hole, type Params, showSpec, type Spec, type Tensor } from "../tensor.ts";
import { located } from "./check.ts";
import type { Apply, Flow, Layer, ParamsOf, ParamsOfAll } from "./layer.ts";

const chain = (layers: readonly Layer[]): Flow => (call, x) =>
  layers.reduce((y, _, i) => call(i, y), x);

/**
 * A layer made of others. Its parameters are the list of theirs, and its key is split among them.
 *
 * @param layers The parts, in the order in which they run.
 * @param flow How x passes through them; one after another if left out.
 * @throws RangeError if there are no layers, and from the layers with their place in front.
 *
 * @example
 * ```ts
 * import { compose, dense, type Layer, ops } from "@goodinit/goodinit";
 *
 * // The product of what two layers make of one x.
 * const product = (a: Layer, b: Layer) =>
 *   compose("product", [a, b], (call, x) => ops.mul(call(0, x), call(1, x)));
 * console.assert(product(dense(4), dense(4)).layers.length === 2);
 * ```
 */
export function compose<const L extends readonly Layer[]>(
  kind: string,
  layers: L,
  flow?: Flow,
): Layer<ParamsOfAll<L>> & { readonly layers: L } {
  const n = layers.length;
  if (n === 0) throw new RangeError(`${kind}: expected at least one layer, found none`);
  const path = flow ?? chain(layers);
  const run = (keys: readonly Key[] | undefined, params: readonly Params[], x: Tensor) =>
    path((i, y) => located([i], () => layers[i]!(params[i]!, y, keys?.[i])), x);

  const apply: Apply<ParamsOfAll<L>> = (params, x, key) => {
    const given = params as readonly Params[];
    if (!Array.isArray(given) || given.length !== n) {
      throw new RangeError(
        `${kind}: expected parameters of ${n} layers, found ${
          Array.isArray(given) ? given.length : typeof given
        }`,
      );
    }
    return run(key && split(key, n), given, x);
  };

  const init = (key: Key, x: Spec) => {
    const keys = split(key, n), params: Params[] = new Array(n);
    path((i, y) =>
      located([i], () => {
        params[i] = layers[i]!.init(keys[i]!, y);
        return layers[i]!(params[i], y);
      }), hole(x));
    return params as unknown as ParamsOfAll<L>;
  };
  return Object.assign(apply, { kind, init, layers, ...(flow && { flow }) });
}

/**
 * Layers one after another.
 *
 * @example
 * ```ts
 * import { conv, dense, dropout, flatten, maxPool, relu, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(conv(32, 3), relu, maxPool(2), flatten, dropout(0.2), dense(10));
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
 * import { conv, hole, key, relu, residual, sequential } from "@goodinit/goodinit";
 *
 * const layer = residual(sequential(relu, conv(4, 3, { padding: 1 })));
 * const x = hole({ shape: [2, 8, 8, 4], dtype: "f32" });
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
 * import { concat, conv, hole, key } from "@goodinit/goodinit";
 *
 * const layer = concat(conv(3, 1), conv(5, 3, { padding: 1 }));
 * const x = hole({ shape: [2, 8, 8, 4], dtype: "f32" });
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
 * import { conv, highway, hole, key, relu, sequential } from "@goodinit/goodinit";
 *
 * const layer = highway(sequential(conv(4, 1), relu), conv(4, 1, { bias: -2 }));
 * const x = hole({ shape: [2, 8, 8, 4], dtype: "f32" });
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
