/**
 * Graphs to plan: what training makes of layers, and what the planner takes apart and puts together.
 *
 * @module
 */
import { grad } from "../../src/grad.ts";
import * as ops from "../../src/ops/mod.ts";
import { uniform } from "../../src/random.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import type { Tuple } from "../../src/tuple.ts";

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });

/** Inputs, and what is to be computed of them. */
export interface Graph {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** A maxout layer under pooling, dropout and softmax, and its gradients. */
function layer(): Graph {
  const inputs = [f32(2, 6, 6, 4), f32(3, 3, 4, 10), f32(10)] as const;
  const key = placeholder({ shape: [2], dtype: "u32" }), [x, w, b] = inputs;
  const loss = ([w, b]: Tuple<Tensor, 2>) => {
    const y = ops.add(ops.conv2d(x, w, { padding: 1 }), b);
    const largest = ops.max(ops.reshape(y, [2, 6, 6, 2, 5]), 3);
    const kept = ops.less(uniform(key, largest.shape), 0.8);
    const pooled = ops.avgPool2d(ops.maxPool2d(ops.where(kept, largest, 0), 3, { stride: 2 }), 2);
    return ops.mean(ops.logSoftmax(ops.reshape(pooled, [2, -1])));
  };
  return { inputs: [...inputs, key], outputs: [loss([w, b]), ...grad(loss)([w, b])] };
}

/** Concatenations of few and of many parts, and matrices, counted through, divided and rounded. */
function parts(): Graph {
  const inputs = Array.from({ length: 12 }, (_, i) => f32(4, i + 1)), mask = f32(4, 4);
  const f = (xs: readonly Tensor[]) => {
    const all = ops.concat(xs.map((x) => ops.sigmoid(x)), 1);
    const pair = ops.concat([ops.mul(mask, 0.5), ops.sub(mask, ops.mul(mask, 0.5))], 1);
    const index = ops.cast(ops.iota(78), "f32");
    const product = ops.matmul(ops.div(all, ops.add(index, 1)), ops.transpose(ops.floor(all)));
    return ops.sum(ops.mul(product, ops.matmul(pair, ops.transpose(pair))));
  };
  return { inputs: [...inputs, mask], outputs: [f(inputs), ...grad(f)(inputs)] };
}

/** Updates of a parameter and its state, which become one step. */
function update(): Graph {
  const [w, m, v, g] = [f32(5, 7), f32(5, 7), f32(5, 7), f32(5, 7)];
  const first = ops.add(ops.mul(m, 0.9), ops.mul(g, 0.1));
  const second = ops.add(ops.mul(v, 0.99), ops.mul(ops.mul(g, g), 0.01));
  const step = ops.div(first, ops.add(ops.sqrt(second), 1e-8));
  return { inputs: [w, m, v, g], outputs: [first, second, ops.sub(w, ops.mul(step, 0.001))] };
}

/** Pieces that a step makes of a kernel's result, put beside each other. */
function beside(): Graph {
  const [x, w, mask] = [f32(2, 6, 6, 4), f32(3, 3, 4, 4), f32(2, 6, 6, 4)];
  const y = ops.conv2d(x, w, { padding: 1 }), kept = ops.mul(y, mask);
  return { inputs: [x, w, mask], outputs: [ops.concat([kept, ops.sub(y, kept)], 3)] };
}

/** A recurrent layer with gates over a few steps, and its gradients. */
function lstm(): Graph {
  const [batch, steps, units] = [4, 3, 8], x = f32(batch, steps, units);
  const weights = [f32(units, 4 * units), f32(units, 4 * units), f32(4 * units)];
  const states = ([input, recurrent, bias]: readonly Tensor[]) => {
    let hidden = ops.constant(0, [batch, units]), cell = ops.constant(0, [batch, units]);
    const all: Tensor[] = [];
    for (let t = 0; t < steps; t++) {
      const now = ops.reshape(ops.slice(x, [0, t], [batch, t + 1]), [batch, units]);
      const sums = ops.add(ops.matmul(now, input!), ops.matmul(hidden, recurrent!));
      const [write, keep, show, value] = [0, 1, 2, 3].map((k) =>
        ops.slice(ops.add(sums, bias!), [0, k * units], [batch, (k + 1) * units])
      ) as Tuple<Tensor, 4>;
      const written = ops.mul(ops.sigmoid(write), ops.tanh(value));
      cell = ops.add(ops.mul(ops.sigmoid(keep), cell), written);
      hidden = ops.mul(ops.sigmoid(show), ops.tanh(cell));
      all.push(hidden);
    }
    return ops.stack(all, 1);
  };
  const loss = (w: readonly Tensor[]) => {
    const all = states(w);
    return ops.mean(ops.mul(all, all));
  };
  return {
    inputs: [x, ...weights],
    outputs: [states(weights), ...leaves<Tensor>(grad(loss)(weights))],
  };
}

/** The gradient of a gradient's square, through a convolution, maxout and pooling. */
function gradientOfGradient(): Graph {
  const [x, w, v] = [f32(4, 8, 8, 3), f32(3, 3, 3, 12), f32(3, 3, 6, 4)];
  const loss = ([w, v]: Tuple<Tensor, 2>) => {
    const y = ops.max(ops.reshape(ops.conv2d(x, w, { padding: 1 }), [4, 8, 8, 2, 6]), 3);
    return ops.mean(ops.tanh(ops.conv2d(ops.maxPool2d(y, 2), v)));
  };
  const square = (weights: Tuple<Tensor, 2>) =>
    leaves<Tensor>(grad(loss)(weights)).map((g) => ops.sum(ops.mul(g, g)))
      .reduce((a, b) => ops.add(a, b));
  return { inputs: [x, w, v], outputs: [...grad(square)([w, v])] };
}

/** A convolution under batch normalization and a rectifier, and its gradients. */
function batchNorm(): Graph {
  const x = f32(8, 6, 6, 4), weights = [f32(3, 3, 4, 8), f32(8), f32(8)] as const;
  const loss = ([w, scale, shift]: typeof weights) => {
    const y = ops.conv2d(x, w, { padding: 1 }), axes = [0, 1, 2];
    const centered = ops.sub(y, ops.mean(y, axes, { keep: true }));
    const deviation = ops.sqrt(ops.add(ops.variance(y, axes, { keep: true }), 1e-5));
    const normal = ops.add(ops.mul(ops.div(centered, deviation), scale), shift);
    return ops.mean(ops.maximum(normal, 0));
  };
  return { inputs: [x, ...weights], outputs: [loss(weights), ...grad(loss)(weights)] };
}

/** Attention, and its gradients. */
function attention(): Graph {
  const inputs = [f32(2, 7, 8), f32(2, 7, 8), f32(2, 7, 8)] as const;
  const loss = ([q, k, v]: typeof inputs) => {
    const scores = ops.mul(ops.matmul(q, ops.transpose(k, [0, 2, 1])), 0.35);
    return ops.sum(ops.tanh(ops.matmul(ops.softmax(scores), v)));
  };
  return { inputs: [...inputs], outputs: [loss(inputs), ...grad(loss)(inputs)] };
}

/** Graphs by name. */
export const GRAPHS: Readonly<Record<string, () => Graph>> = {
  layer,
  parts,
  update,
  beside,
  lstm,
  gradientOfGradient,
  batchNorm,
  attention,
};
