/**
 * Sums and maxima over an axis, however long it is and however many results there are, on every kind of adapter.
 */
import * as ops from "../../../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../../../src/tensor.ts";
import { fill, filled } from "../../../devices.ts";
import { assertAgrees, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

/**
 * [outer, n, inner]: axes that a thread reduces alone, up to and past the elements that it loads at once; that
 * partial results come of, for few results in a tree of one or several of each thread; and for many results.
 */
const SHAPES: readonly (readonly [number, number, number])[] = [
  [1, 1, 5],
  [3, 7, 4],
  [2, 9, 3],
  [5, 63, 8],
  [1, 64, 1],
  [1, 1000, 3],
  [1, 8191, 4],
  [2, 20000, 4],
  [1, 70001, 1],
  [1, 66000, 8],
  [1, 300, 1024],
  [3, 1100, 700],
];

const samples = SHAPES.map((shape, i) =>
  sample(
    shape.join(" × "),
    [filled(shape, i), filled([shape[0], shape[2]], i + 50)],
    (x, y) => [
      ops.sum(x!, 1),
      ops.max(ops.mul(x!, -1), 1),
      ops.add(ops.sum(ops.mul(x!, x!), 1), ops.mul(y!, 3)),
    ],
  )
);

forEachAdapter(
  "sum() and max() agree with float64 at every length of the axis",
  (run) => assertAgrees(run, samples),
);

/** [1, n, 2] with a NaN at one place, and the largest number at the last. */
function withNaN(n: number, at: number): Tensor {
  const data = fill(2 * n, n);
  data[2 * at] = NaN;
  data[2 * n - 1] = 7;
  return tensor(data, [1, n, 2]);
}

forEachAdapter(
  "max() is NaN for a NaN at any place, and finds the last element",
  (run) =>
    assertAgrees(
      run,
      [[40, 39], [40, 3], [5000, 0], [5000, 4999], [70001, 12345]].map(([n, at]) =>
        sample(`NaN at ${at} of ${n}`, [withNaN(n!, at!)], (x) => [ops.max(x!, 1)])
      ),
    ),
);
