/**
 * The kernels of a thread for each element: reductions in parts, pooling, sorting, scattering, at sizes where
 * parts meet.
 */
import * as ops from "../../../../src/ops/mod.ts";
import { grad } from "../../../../src/grad.ts";
import { type Tensor, tensor } from "../../../../src/tensor.ts";
import { fill, filled } from "../../../devices.ts";
import { assertAgrees, type Sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

/** A sample of one input. */
const of = (name: string, x: Tensor, f: (x: Tensor) => Tensor): Sample => ({
  name,
  inputs: [x],
  f: (x) => [f(x!)],
});

const indices = (count: number, n: number) =>
  tensor(Int32Array.from({ length: count }, (_, i) => (i * 7919) % (n + 2) - 1));

/** Rows with equal elements, the largest of which come last and twice. */
const equal = (rows: number, n: number) =>
  tensor(
    Float32Array.from({ length: rows * n }, (_, i) => i % n >= n - 2 ? 9 : (i * 7) % 5 - 2),
    [rows, n],
  );

const REDUCTIONS: readonly Sample[] = [1, 33, 65, 131].flatMap((n) => [
  of(`sum of ${n} rows`, filled([2, n, 3], 1), (x) => ops.sum(x, 1)),
  of(`sum of ${n} rows of vectors`, filled([n, 8], 2), (x) => ops.sum(x, 0)),
  of(`maximum of ${n}`, filled([3, n], 3), (x) => ops.max(x, 1)),
  of(`cumulative sum of ${n}`, filled([2, n, 3], 4), (x) => ops.cumSum(x, 1)),
  of(
    `cumulative sum of ${n} from the end`,
    filled([2, n, 3], 4),
    (x) => ops.cumSum(x, 1, { reverse: true }),
  ),
  ...(n > 2
    ? [
      of(`first maximum of ${n}`, equal(3, n), (x) => ops.argMax(x, 1)),
      of(`order of ${n}`, equal(2, n), (x) => ops.argSort(x, 1)),
      of(`order of ${n} from the largest`, equal(2, n), (x) =>
        ops.argSort(x, 1, { descending: true })),
    ]
    : []),
]);

/** So many that a workgroup of 64 threads joins the sums of as many parts. */
const LONG = of("sum of 1025", filled([1025, 3], 5), (x) => ops.sum(x, 0));

const pools = (options: ops.PoolOptions, size: ops.PerAxis): Sample[] => {
  const x = filled([2, 9, 7, 3], 5), cotangent = filled(ops.maxPool2d(x, size, options).shape, 6);
  const gradient = (f: (x: Tensor) => Tensor) =>
    grad((x: Tensor) => ops.sum(ops.mul(f(x), cotangent)));
  const [most, average] = [
    (x: Tensor) => ops.maxPool2d(x, size, options),
    (x: Tensor) => ops.avgPool2d(x, size, options),
  ];
  const name = `of ${size} ${JSON.stringify(options)}`;
  return [
    of(`max pooling ${name}`, x, most),
    of(`average pooling ${name}`, x, average),
    of(`max pooling's gradient ${name}`, x, gradient(most)),
    of(`average pooling's gradient ${name}`, x, gradient(average)),
  ];
};

const POOLS: readonly Sample[] = [
  ...pools({ stride: 2, padding: 1 }, 3),
  ...pools({ stride: [1, 2], padding: [[1, 0], [0, 1]] }, [2, 3]),
  ...pools({ stride: 2, dilation: 2 }, 3),
  ...pools({ stride: 3, padding: 1, ceil: true }, 3),
  of(
    "max pooling of negative pixels",
    ops.sub(filled([1, 4, 4, 4], 1), 5),
    (x) => ops.maxPool2d(x, 2),
  ),
];

const INDEXED: readonly Sample[] = [[5, 3], [70, 8], [131, 5]].flatMap(([count, m]): Sample[] => [
  {
    name: `${count} rows scattered`,
    inputs: [indices(count!, 11), filled([count!, m!], 8)],
    f: (at, rows) => [ops.scatterAdd(11, at!, rows!)],
  },
  {
    name: `${count} rows gathered`,
    inputs: [tensor(fill(13 * m!, 9), [13, m!]), ops.cast(ops.iota(count!), "i32")],
    f: (x, at) => [ops.gather(x!, ops.remainder(at!, 13))],
  },
]);

const CONVS: readonly Sample[] = [
  { stride: 2, padding: 1 },
  { groups: 2, padding: [[1, 0], [0, 2]] as const },
  { dilation: 2, stride: 3, padding: 2 },
].flatMap((options): Sample[] => {
  const groups = "groups" in options ? 2 : 1;
  const x = filled([2, 8, 7, 4], 1), w = filled([3, 2, 4 / groups, 6], 2);
  const conv = (x: Tensor, w: Tensor) => ops.conv2d(x, w, options);
  const cotangent = filled(conv(x, w).shape, 3), name = `convolution ${JSON.stringify(options)}`;
  const gradient = grad((both: { x: Tensor; w: Tensor }) =>
    ops.sum(ops.mul(conv(both.x, both.w), cotangent))
  );
  return [
    { name, inputs: [x, w], f: (x, w) => [conv(x!, w!)] },
    {
      name: `gradients of ${name}`,
      inputs: [x, w],
      f: (x, w) => {
        const found = gradient({ x: x!, w: w! });
        return [found.x, found.w];
      },
    },
  ];
});

for (
  const [what, samples] of Object.entries({
    reductions: [...REDUCTIONS, LONG],
    pools: POOLS,
    "rows by index": INDEXED,
    convolutions: CONVS,
  })
) {
  forEachAdapter(
    `${what} agree with float64 where parts meet`,
    (run) => assertAgrees(run, samples),
  );
}
