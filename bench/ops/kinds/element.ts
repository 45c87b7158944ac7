/**
 * Elementwise ops.
 *
 * @module
 */
import * as g from "../../../mod.ts";
import { filled, trained, type Work } from "../work.ts";

/** The number of elements. */
export interface Count {
  readonly n: number;
}

const one = (op: (x: g.Tensor) => g.Tensor) => ({ n }: Count): Work =>
  trained((x) => op(x!), filled([n], 1));
const two = (op: (x: g.Tensor, y: g.Tensor) => g.Tensor) => ({ n }: Count): Work =>
  trained((x, y) => op(x!, y!), filled([n], 1), filled([n], 2));
const layer = (layer: g.Layer<g.nn.NoParams>) => one((x) => layer([], x));

export const relu = layer(g.nn.relu);
export const leakyRelu = layer(g.nn.leakyRelu(0.1));
export const gelu = layer(g.nn.gelu());
export const geluTanh = layer(g.nn.gelu("tanh"));
export const sigmoid = layer(g.nn.sigmoid);
export const tanh = layer(g.nn.tanh);
export const exp = one(g.ops.exp);
export const silu = one((x) => g.ops.mul(x, g.ops.sigmoid(x)));
export const softplus = one((x) => g.ops.log(g.ops.add(1, g.ops.exp(x))));
export const add = two(g.ops.add);
export const mul = two(g.ops.mul);
export const div = two((x, y) => g.ops.div(x, g.ops.add(g.ops.mul(y, y), 1)));

const KEY = g.key(4);
export const dropout = ({ n }: Count): Work =>
  trained((x) => g.nn.dropout(0.5)([], x!, KEY), filled([n], 1));
