/**
 * Whole graphs on every device, against float64: shared values, unusual sizes, several types, gradients.
 */
import { grad, valueAndGrad } from "../../src/grad.ts";
import {
  add,
  argMax,
  avgPool2d,
  cast,
  constant,
  conv2d,
  div,
  exp,
  iota,
  less,
  log,
  logSoftmax,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  mul,
  neg,
  oneHot,
  pad,
  reshape,
  shiftRight,
  softmax,
  sqrt,
  sub,
  sum,
  tanh,
  transpose,
  variance,
  where,
} from "../../src/ops/mod.ts";
import { bits, foldIn, key } from "../../src/random.ts";
import type { Shape } from "../../src/shape.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { agree, sample } from "./oracle.ts";
import type { Tuple } from "../../src/tuple.ts";

const relu = (x: Tensor) => maximum(x, 0);

agree(
  "shared values agree with float64",
  sample("one map used by many", [[65]], (x) => {
    const h = tanh(x);
    return [add(h, 1), mul(h, 2), sum(h), h];
  }),
  sample("an output used inside", [[7, 9]], (x) => {
    const y = mul(x, x);
    return [y, sum(y), exp(y)];
  }),
  sample("an output given twice", [[65]], (x) => {
    const y = mul(x, x), z = sum(x);
    return [y, z, y, z];
  }),
  sample("outputs that are inputs", [[65], [7]], (x, y) => [x, add(x, 1), x, y]),
  sample("an input that nothing uses", [[65], [7]], (_, y) => [neg(y)]),
  sample("constants alone", [], () => [constant(2.5, [7]), iota(9), constant(3, [], "u32")]),
  sample("a diamond of 24 sums", [[65]], (x) => {
    let y = x;
    for (let i = 0; i < 24; i++) y = add(y, y);
    return [y];
  }),
  sample("a diamond of squares and roots", [[65]], (x) => {
    let y = add(mul(x, x), 1);
    for (let i = 0; i < 20; i++) y = sqrt(add(mul(y, y), mul(y, 0.01)));
    return [y];
  }),
  sample("normalization of rows", [[9, 65]], (x) => {
    const centered = sub(x, mean(x, 1, { keep: true }));
    return [div(centered, sqrt(add(variance(x, 1, { keep: true }), 1e-5)))];
  }),
  sample(
    "a product of products",
    [[9, 65], [65, 7], [7, 33]],
    (a, b, c) => [matmul(matmul(a, b), c), matmul(a, b)],
  ),
);

const forty = (shape: Shape) => Array.from({ length: 40 }, () => shape);

agree(
  "graphs of unusual size agree with float64",
  sample("a sum of 40 tensors", forty([65]), (...xs) => [xs.reduce(add)]),
  sample(
    "a sum of 40 tensors of several shapes",
    forty([]).map((_, i) => [[3, 1, 5], [7, 1], [5], [], [1, 7, 5]][i % 5]!),
    (...xs) => [xs.reduce(add)],
  ),
  sample("40 outputs of one input", [[65]], (x) => Array.from({ length: 40 }, (_, i) => add(x, i))),
  sample(
    "40 outputs of 40 inputs",
    forty([7]),
    (...xs) => xs.map((x, i) => mul(x, xs[(i + 1) % 40]!)),
  ),
  sample("a chain of 300 maps", [[65]], (x) => {
    let y = x;
    for (let i = 0; i < 100; i++) y = tanh(add(mul(y, 0.9), 0.1 + i / 1000));
    return [y];
  }),
  sample("size 1 throughout", [[1, 1], [1, 1], []], (x, y, z) => [
    add(x, y),
    mul(reshape(x, []), z),
    sum(x),
    matmul(x, y),
    max(z),
    transpose(x),
    exp(z),
    pad(x, [[1, 1], [0, 0]]),
  ]),
  sample(
    "numbers and scalars",
    [[7], []],
    (x, s) => [mul(x, s), add(s, 1), div(1, s), sub(x, sum(x))],
  ),
  sample(
    "six axes",
    [[2, 3, 2, 3, 2, 3]],
    (x) => [add(transpose(x, [5, 3, 1, 4, 2, 0]), 1), sum(x, [1, 3, 5])],
  ),
);

const whole = tensor(Int32Array.from({ length: 65 }, (_, i) => i * 37 - 1000));
const words = tensor(Uint32Array.from({ length: 65 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 0));

agree(
  "graphs of several types agree with float64",
  sample(
    "i32 arithmetic",
    [whole],
    (x) => [sub(mul(x, x), div(x, 7)), max(neg(x)), sum(mul(x, x))],
  ),
  sample("u32 arithmetic", [words], (x) => [add(mul(x, 2654435761), shiftRight(x, 16)), sum(x)]),
  sample("from one type to the next", [[65], whole], (x, k) => [
    where(less(k, 0), x, cast(k, "f32")),
    cast(mul(x, 100), "i32"),
    mul(cast(cast(k, "u32"), "f32"), x),
    sum(cast(less(x, 0), "i32")),
  ]),
  sample("conditions joined", [[65], [65]], (x, y) => [
    mul(less(x, 0), less(y, x)),
    where(mul(less(x, 0), less(y, 0)), add(x, y), 0),
  ]),
  sample("random bits under a mask", [[7, 65]], (x) => {
    const mask = less(shiftRight(bits(foldIn(key(1), 2), x.shape), 8), 2 ** 23);
    return [where(mask, mul(x, 2), 0)];
  }),
  sample(
    "oneHot",
    [[65, 10]],
    (x) => [oneHot(argMax(x), 10), sum(mul(oneHot(argMax(x), 10), x), 1)],
  ),
);

const labels = tensor(Int32Array.of(3, 0, 9, 1, 2));

const crossEntropy = (x: Tensor, labels: Tensor) =>
  neg(mean(sum(mul(logSoftmax(x), oneHot(labels, 10)), 1)));

function smallNet(ps: readonly Tensor[], x: Tensor, act: (x: Tensor) => Tensor): Tensor {
  const [w1, b1, w2, b2, w3, b3] = ps as Tuple<Tensor, 6>;
  const h1 = maxPool2d(act(add(conv2d(x, w1, { padding: 1 }), b1)), 2);
  const h2 = act(add(conv2d(h1, w2, { stride: 2, padding: 1 }), b2));
  return crossEntropy(add(matmul(reshape(h2, [x.shape[0]!, -1]), w3), b3), labels);
}

const PARAMETERS = [[3, 3, 3, 8], [8], [3, 3, 8, 10], [10], [40, 10], [10]];

agree(
  "gradients of nets agree with float64",
  ...[["relu", relu] as const, ["tanh", tanh] as const].map(([name, act]) =>
    sample(`a convolutional net of ${name}`, [[5, 8, 8, 3], ...PARAMETERS], (x, ...ps) => {
      const [loss, gs] = valueAndGrad((ps: readonly Tensor[]) => smallNet(ps, x, act))(ps);
      return [loss, ...gs, ...ps.map((p, i) => sub(p, mul(gs[i]!, 0.1)))];
    })
  ),
  sample(
    "softmax",
    [[7, 33], [7, 33]],
    (x, y) => [grad((x: Tensor) => sum(mul(softmax(x), y)))(x)],
  ),
  sample("normalization of channels", [[3, 5, 4, 7], [3, 5, 4, 7]], (x, y) => {
    const f = (x: Tensor) => {
      const centered = sub(x, mean(x, [0, 1, 2], { keep: true }));
      const scale = sqrt(add(mean(mul(centered, centered), [0, 1, 2], { keep: true }), 1e-5));
      return sum(mul(div(centered, scale), y));
    };
    return [grad(f)(x)];
  }),
  sample("pieces", [[9, 17], [17, 21], [9, 7]], (x, w, y) => {
    const f = (w: Tensor) => sum(mul(max(reshape(matmul(x, w), [9, 3, 7]), 1), y));
    return [grad(f)(w)];
  }),
  sample("a gradient's square", [[9, 17], [17, 5]], (x, w) => {
    const f = (w: Tensor) => sum(tanh(matmul(x, w)));
    return [grad((w: Tensor) => sum(mul(grad(f)(w), grad(f)(w))))(w)];
  }),
  sample("overlapping mean pools and logarithms", [[2, 8, 8, 3]], (x) => {
    const pooled = (x: Tensor) => avgPool2d(exp(x), 3, { stride: 2, ceil: true });
    return [grad((x: Tensor) => sum(log(pooled(x))))(x)];
  }),
);
