/**
 * Layers with parallel branches: residual, concat and highway.
 *
 * @module
 */
import * as ops from "../ops/mod.ts";
import { sameShape } from "../shape.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { compose } from "./compose.ts";
import type { Layer, ParamsOf, ParamsOfAll } from "./layer.ts";

function checkShapeKept(kind: string, x: Tensor, y: Tensor): void {
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
    checkShapeKept("residual", x, y);
    return ops.add(x, y);
  });

/**
 * The outputs of all branches for one x, concatenated along the last axis (channels).
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
 * t · h(x) + (1 - t) · x with t = σ(gate(x)): Srivastava et al., "Highway networks" (2015), eq. 3. Both
 * layers must keep the shape. Give the gate's last layer a negative `biasInit`, such as -2, so that at
 * first x mostly passes through unchanged.
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
    checkShapeKept("highway", x, y);
    checkShapeKept("highway", x, open);
    const t = ops.sigmoid(open);
    return ops.add(ops.mul(t, y), ops.mul(ops.sub(1, t), x));
  });
