/**
 * Kernels that store what elementwise ops make of their results, in their own text or after it: maxout's
 * largest pieces with the masks that its gradient needs, rectifiers, gradients put beside each other.
 */
import { assertMatch } from "@std/assert";
import { grad } from "../../../../src/grad.ts";
import * as ops from "../../../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../../../src/tensor.ts";
import { filled, hash } from "../../../devices.ts";
import { assertAgrees, type Sample, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";
import { maxoutSample, pieceOf } from "../maxout.ts";

/** What f gives, and the gradient of its sum times numbers, for its first argument. */
const both = (f: (...xs: readonly Tensor[]) => Tensor) => (...xs: readonly Tensor[]) => {
  const [weights, ...rest] = xs as [Tensor, ...Tensor[]];
  const loss = (x: Tensor) => ops.sum(ops.mul(f(x, ...rest.slice(1)), weights));
  return [f(...rest), grad(loss)(rest[0]!)];
};

const relu = (x: Tensor) => ops.maximum(x, 0);
const conv = (x: Tensor, w: Tensor) => ops.conv2d(x, w, { padding: 1 });

const MAXOUT: readonly Sample[] = [
  // One chunk of channels on software, two, four, and more than are stored at once; units of many kinds.
  maxoutSample({ image: [4, 16, 16, 16], units: 16 }),
  maxoutSample({ image: [3, 13, 15, 32], units: 24 }),
  maxoutSample({ image: [2, 12, 16, 64], units: 16 }),
  maxoutSample({ image: [1, 12, 16, 80], units: 32 }),
  maxoutSample({ image: [6, 17, 13, 16], units: 12 }),
  maxoutSample({ image: [6, 17, 13, 16], units: 15 }),
  maxoutSample({ image: [7, 17, 13, 16], units: 10 }),
  maxoutSample({ image: [8, 16, 16, 3], units: 40 }),
  maxoutSample({ image: [2, 16, 16, 20], units: 20, pieces: 3 }),
  maxoutSample({ image: [2, 16, 16, 20], units: 16, pieces: 4 }),
];

const OTHERS: readonly Sample[] = [
  sample(
    "a rectified convolution and its gradient",
    [[4, 16, 16, 32], [4, 16, 16, 16], [3, 3, 16, 32], [32]],
    both((x, w, b) => relu(ops.add(conv(x, w), b))),
  ),
  sample(
    "a rectified convolution whose mask differs by pixel",
    [[5, 13, 13, 20], [5, 13, 13, 32], [3, 3, 32, 20], [5, 13, 13, 1]],
    both((x, w, b) => relu(ops.add(conv(x, w), b))),
  ),
  sample(
    "the larger of two halves of an image",
    [[4, 8, 16, 32], [4, 16, 16, 16], [3, 3, 16, 32]],
    both((x, w) => {
      const y = conv(x, w),
        half = (k: number) => ops.slice(y, [0, 8 * k, 0, 0], [4, 8 * k + 8, 16, 32]);
      return ops.maximum(half(0), half(1));
    }),
  ),
  sample(
    "maxout of a product of matrices",
    [[96, 40], [96, 64], [64, 80], [80]],
    both((x, w, b) => {
      const y = ops.add(ops.matmul(x, w), b);
      return ops.maximum(pieceOf(y, 0, 40), pieceOf(y, 1, 40));
    }),
  ),
  sample(
    "maxout of a small product of matrices",
    [[7, 5], [7, 6], [6, 15]],
    both((x, w) => {
      const y = ops.matmul(x, w), piece = (k: number) => pieceOf(y, k, 5);
      return ops.maximum(ops.maximum(piece(0), piece(1)), piece(2));
    }),
  ),
  sample(
    "maxout of sums, and of pooled pixels",
    [[4, 6], [4, 9, 12], [12]],
    both((x, b) => {
      const y = ops.add(ops.sum(x, 1), b);
      return ops.maximum(pieceOf(y, 0, 6), pieceOf(y, 1, 6));
    }),
  ),
  sample(
    "the gradient of maxout under pooling",
    [[3, 6, 6, 8], [3, 12, 12, 16]],
    both((x) => ops.maxPool2d(ops.maximum(pieceOf(x, 0, 8), pieceOf(x, 1, 8)), 2)),
  ),
  sample(
    "a convolution and its opposite side by side",
    [[4, 16, 16, 32], [3, 3, 32, 16]],
    (x, w) => [ops.concat([ops.neg(conv(x, w)), ops.tanh(conv(x, w))], 3)],
  ),
];

forEachAdapter(
  "kernels that end in maxout agree with float64",
  (run) => assertAgrees(run, MAXOUT),
);

forEachAdapter(
  "kernels that end in other ops agree with float64",
  (run) => assertAgrees(run, OTHERS),
);

/** The same with a NaN and an infinity among the numbers of the image. */
const poisoned = ({ inputs, ...rest }: Sample, image: number): Sample => {
  const of = inputs[image]!, data = (of.data as Float32Array<ArrayBuffer>).slice();
  data[Math.floor(data.length / 5)] = NaN;
  data[Math.floor(data.length / 2)] = Infinity;
  return { ...rest, inputs: inputs.with(image, tensor(data, of.shape)) };
};

forEachAdapter(
  "NaN and infinities go through the ends of kernels as in float64",
  (run) =>
    assertAgrees(run, [
      poisoned(MAXOUT[0]!, 0),
      poisoned(MAXOUT[8]!, 0),
      poisoned(OTHERS[0]!, 1),
      ...OTHERS.slice(3, 8).map((each) => poisoned(each, each.inputs.length > 2 ? 1 : 0)),
    ]),
);

/** Maxout of sizes drawn by a number, at least as large as convolutions that are computed in tiles. */
function drawn(seed: number): Sample {
  const draw = (at: number, from: number, to: number) => from + hash(seed, at) % (to - from + 1);
  const pieces = draw(0, 1, 10) <= 7 ? 2 : draw(1, 3, 5), units = draw(2, 4, 40);
  const [height, width, channels] = [draw(3, 6, 17), draw(4, 6, 17), draw(5, 4, 40)];
  const batch = Math.ceil((1 << 22) / (height * width * pieces * units * 9 * channels));
  return maxoutSample({ image: [batch, height, width, channels], units, pieces });
}

const DRAWN = Array.from(
  { length: Deno.env.get("GOODINIT_TESTS") === "all" ? 24 : 2 },
  (_, seed) => drawn(seed),
);

forEachAdapter("maxout of drawn sizes agrees with float64", (run) => assertAgrees(run, DRAWN));

forEachAdapter("a convolution stores its largest pieces in its own dispatch", (run) => {
  const maxout = (x: Tensor, w: Tensor, b: Tensor) => {
    const y = ops.add(conv(x, w), b);
    return ops.maximum(pieceOf(y, 0, 16), pieceOf(y, 1, 16));
  };
  const text = run.explain(maxout, filled([4, 16, 16, 16]), filled([3, 3, 16, 32]), filled([32]));
  assertMatch(text, /\n1 dispatch of 1 shader, 0 bytes of temporary values/);
  return Promise.resolve();
});
