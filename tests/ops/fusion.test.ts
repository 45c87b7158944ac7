/**
 * Neighboring ops on every device, against float64: what a planner may fuse must mean the same.
 */
import {
  abs,
  add,
  argMax,
  avgPool2d,
  broadcastTo,
  cast,
  concat,
  conv2d,
  div,
  equal,
  exp,
  gather,
  matmul,
  max,
  maximum,
  maxPool2d,
  mul,
  neg,
  pad,
  reshape,
  scatterAdd,
  sigmoid,
  slice,
  sqrt,
  stack,
  sub,
  sum,
  tanh,
  transpose,
} from "../../src/ops/mod.ts";
import { grad } from "../../src/grad.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { filled } from "../devices.ts";
import { agree, sample } from "./oracle.ts";

const relu = (x: Tensor) => maximum(x, 0);

agree(
  "maps after a kernel agree with float64",
  sample(
    "conv2d, bias, relu",
    [[2, 7, 5, 3], [3, 3, 3, 16], [16]],
    (x, w, b) => [relu(add(conv2d(x, w, { padding: 1 }), b))],
  ),
  sample("conv2d of stride 2, scale, shift, residual", [[2, 9, 9, 5], [3, 3, 5, 7], [1, 4, 1, 7], [
    2,
    4,
    4,
    7,
  ]], (x, w, s, r) => [add(mul(conv2d(x, w, { stride: 2 }), s), r)]),
  sample("matmul, bias, tanh", [[65, 33], [33, 9], [9]], (x, w, b) => [tanh(add(matmul(x, w), b))]),
  sample(
    "matmul, transposed, with a bias a row",
    [[7, 33], [33, 9], [9, 1]],
    (x, w, b) => [add(transpose(matmul(x, w)), b)],
  ),
  sample("sum, then a root", [[7, 65]], (x) => [sqrt(add(sum(mul(x, x), 1), 1e-5))]),
  sample(
    "max, reshaped, then a product",
    [[7, 65], [7, 3]],
    (x, y) => [mul(reshape(max(x, 1), [7, 1]), y)],
  ),
  sample("argMax, compared and cast", [[65, 10]], (x) => [cast(equal(argMax(x), 3), "f32")]),
  sample("conv2d and its map, both put out", [[1, 6, 6, 3], [3, 3, 3, 5]], (x, w) => {
    const y = conv2d(x, w);
    return [y, relu(y), neg(y)];
  }),
  sample("a kernel's map with twelve other tensors", [
    [9, 17],
    [17, 8],
    ...Array.from({ length: 12 }, () => [9, 8]),
  ], (x, w, ...rest) => [rest.reduce((y, r) => add(mul(y, 0.9), r), matmul(x, w))]),
  sample("scatterAdd, then a map", [[5, 7]], (rows) => {
    const at = tensor(Int32Array.of(2, 0, 2, 1, 9));
    return [exp(neg(scatterAdd(4, at, rows)))];
  }),
  sample(
    "pooling, then a map",
    [[2, 8, 7, 3]],
    (x) => [tanh(maxPool2d(x, 3, { stride: 2, ceil: true }))],
  ),
);

agree(
  "maps before a kernel agree with float64",
  sample("sum of squares", [[65, 33]], (x) => [sum(mul(x, x))]),
  sample(
    "sum of a difference of broadcasts",
    [[65, 1], [1, 33]],
    (x, y) => [sum(exp(sub(x, y)), 0)],
  ),
  sample("max of distances", [[7, 257], [7, 257]], (x, y) => [max(abs(sub(x, y)), 1)]),
  sample("argMax of a map", [[65, 7], [7]], (x, y) => [argMax(mul(x, y), 0)]),
  sample("matmul of maps", [[33, 65], [65, 9]], (x, w) => [matmul(relu(x), tanh(w))]),
  sample(
    "conv2d of normalized images",
    [[2, 7, 7, 3], [3], tensor([1, 2, 3]), [3, 3, 3, 5]],
    (x, m, s, w) => [conv2d(div(sub(x, m), s), w, { padding: 1 })],
  ),
  sample("pooling of a map", [[2, 8, 8, 5]], (x) => [maxPool2d(relu(sub(x, 0.5)), 2)]),
  sample(
    "mean pooling of a map",
    [[1, 9, 8, 3]],
    (x) => [avgPool2d(mul(x, x), 3, { stride: 2, padding: 1 })],
  ),
  sample("gather from a map", [[5, 7]], (x) => [gather(exp(x), tensor(Int32Array.of(3, 0, 9, 3)))]),
  sample("gather at computed places", [[9, 9]], (x) => [gather(x, argMax(x, 0))]),
  sample("scatterAdd of a map", [[65, 9]], (x) => [scatterAdd(3, argMax(x), mul(x, x))]),
  sample(
    "sum of 40 tensors' product",
    Array.from({ length: 40 }, (_, i) => filled([65, 3], i, 0.8, 1.2)),
    (...xs) => [sum(xs.reduce(mul), 0)],
  ),
);

agree(
  "views of maps, kernels and views agree with float64",
  sample("a view of a view of a map", [[7, 8], [7, 8]], (x, y) => [
    transpose(slice(pad(mul(x, y), [[1, 2], [0, 3]]), [0, 1], [6, 9], [1, 2])),
  ]),
  sample("pad of a map that is not zero at zero", [[9]], (x) => [
    pad(exp(x), [[2, 1]]),
    add(pad(add(x, 1), [[0, 3]]), 5),
    sum(pad(exp(x), [[3, 3]])),
  ]),
  sample(
    "max of a pad, where all else is below zero",
    [[20]],
    (x) => [max(pad(neg(exp(x)), [[1, 0]]))],
  ),
  sample(
    "depthwise conv2d of a map, and its gradients of maps",
    [[2, 6, 5, 6], [3, 3, 1, 6], [2, 3, 3, 6]],
    (x, w, y) => {
      const f = (x: Tensor, w: Tensor) =>
        conv2d(sigmoid(x), w, { groups: 6, padding: 1, stride: 2 });
      const value = ([a, b]: readonly Tensor[]) => sum(mul(f(a!, b!), exp(y)));
      return [relu(add(f(x, w), y)), ...grad(value)([x, w])];
    },
  ),
  sample("conv2d of a pad of a map", [[1, 5, 4, 3], [3, 3, 3, 5]], (x, w) => [
    conv2d(pad(sigmoid(x), [[0, 0], [1, 2], [2, 1], [0, 0]]), w),
  ]),
  sample(
    "conv2d of channels-first images",
    [[2, 3, 7, 6], [3, 3, 3, 5]],
    (x, w) => [conv2d(transpose(x, [0, 2, 3, 1]), w)],
  ),
  sample(
    "a part of a convolution",
    [[1, 6, 6, 3], [3, 3, 3, 5]],
    (x, w) => [slice(conv2d(x, w), [0, 1, 1, 2], [1, 3, 4, 5])],
  ),
  sample("matmul of padded and sliced operands", [[6, 7], [11, 5]], (a, b) => [
    matmul(pad(a, [[1, 0], [0, 2]]), slice(b, [1], [10])),
  ]),
  sample("sum of a transpose of a broadcast", [[7, 1]], (x) => [
    sum(transpose(broadcastTo(x, [9, 7, 10]), [2, 0, 1]), 1),
  ]),
  sample("a tensor and its own transpose", [[65, 65]], (x) => [add(x, transpose(x))]),
  sample("a tensor and its own shift", [[257]], (x) => [sub(slice(x, [1]), slice(x, [0], [-1]))]),
  sample("concat of maps, a kernel and an input", [[3, 3], [3, 3]], (x, y) => [
    concat([exp(x), y, matmul(x, transpose(y)), neg(y)], 1),
  ]),
  sample(
    "concat of 20",
    Array.from({ length: 20 }, (_, i) => [i % 3 + 1, 7]),
    (...xs) => [concat(xs), stack(xs.map((x) => slice(x, [0], [1])), 1)],
  ),
  sample("largest of pieces", [[2, 5, 21]], (x) => [max(reshape(x, [2, 5, 3, 7]), 2), max(x, 0)]),
  sample("views alone", [[3, 7]], (x) => [reshape(x, [21]), transpose(x), slice(x, [1], [2]), x]),
);

/** The largest of the pieces of a tensor along an axis. */
const maxout = (y: Tensor, pieces: number, axis: number) => {
  const size = y.shape[axis]! / pieces;
  const piece = (k: number) =>
    slice(
      y,
      y.shape.map((_, d) => d === axis ? k * size : 0),
      y.shape.map((n, d) => d === axis ? (k + 1) * size : n),
    );
  return Array.from({ length: pieces }, (_, k) => piece(k)).reduce((a, b) => maximum(a, b));
};

/** The gradient of a weighted sum of a function. */
const gradient = (f: (x: Tensor) => Tensor, x: Tensor, weights: Tensor) =>
  grad((x: Tensor) => sum(mul(f(x), weights)))(x);

agree(
  "maxout of a kernel's result, and its gradient, agree with float64",
  ...[[2, 3], [3, 4], [5, 1], [2, 8]].map(([pieces, units]) =>
    sample(
      `conv2d in ${pieces} pieces of ${units}, and the input gradient above`,
      [[2, 6, 5, 4], [3, 3, 4, pieces! * units!], [3, 3, units!, 3], [2, 6, 5, 3]],
      (x, w, above, weights) => {
        const layers = (w: Tensor) =>
          conv2d(maxout(conv2d(x, w, { padding: 1 }), pieces!, 3), above, { padding: 1 });
        return [layers(w), gradient(layers, w, weights)];
      },
    )
  ),
  sample("pieces of a product's rows", [[12, 7], [7, 5], [4, 5]], (x, w, weights) => {
    const f = (w: Tensor) => maxout(matmul(x, w), 3, 0);
    return [f(w), gradient(f, w, weights)];
  }),
  sample("pieces of a product's columns, four of each", [[65, 7], [7, 16], [65, 4]], (x, w, g) => {
    const f = (w: Tensor) => maxout(add(matmul(x, w), 1), 4, 1);
    return [f(w), gradient(f, w, g)];
  }),
  sample("pieces of pooling, and pooling of pieces", [[2, 5, 5, 6], [2, 2, 2, 3]], (x, g) => {
    const before = (x: Tensor) => maxout(maxPool2d(x, 2), 2, 3);
    const after = (x: Tensor) => maxPool2d(maxout(x, 2, 3), 2);
    return [before(x), after(x), gradient(before, x, g), gradient(after, x, g)];
  }),
  sample("a kernel's result beside functions of it", [[6, 7], [7, 10]], (x, w) => {
    const y = matmul(x, w);
    return [concat([tanh(y), mul(y, 2)], 1), maximum(y, 0), neg(y)];
  }),
  sample("a concatenation of a kernel's result alone", [[6, 7], [7, 5]], (x, w) => {
    const y = matmul(x, w);
    return [concat([tanh(y), mul(y, 2), y], 1)];
  }),
);
