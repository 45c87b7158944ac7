/**
 * Single ops and losses and their gradients, up to the second order, against PyTorch.
 */
import { assertEquals } from "@std/assert";
import { grad } from "../../src/grad.ts";
import { gelu, hingeLoss, leakyRelu, relu, softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { maxOverPieces } from "../../src/nn/weights.ts";
import * as ops from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { filled } from "../golden/fill.ts";
import { goldenOps } from "../golden/read.ts";
import type { OpArgs, OpCase, OpCaseOf, PoolArgs } from "../golden/types.ts";
import { assertClose, forEachDevice, largest } from "../devices.ts";

type Inputs = Readonly<Record<string, Tensor>>;
type Meaning<K extends keyof OpArgs> = (args: OpArgs[K], inputs: Inputs) => Tensor;

const whole = (values: readonly number[]) => tensor(Int32Array.from(values));
const pooling = ({ size, stride, padding, ceil }: PoolArgs) =>
  [size[0], { stride: stride[0], padding: padding[0], ceil }] as const;
const last = (x: Tensor, turned: boolean) => {
  const order = [...x.shape.keys()];
  return turned ? ops.transpose(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]) : x;
};

const ACTIVATE: Record<OpArgs["gradNorm"]["kind"], (y: Tensor) => Tensor> = {
  "tanh-maxPool": (y) => ops.maxPool2d(ops.tanh(y), 2),
  "maxout-maxPool": (y) => ops.maxPool2d(maxOverPieces(y, 2), 2),
  "sigmoid-avgPool": (y) => ops.avgPool2d(ops.sigmoid(y), 2, { stride: 1 }),
};

/** The sum of squares of a small net's gradient in its parameters. */
function gradNorm({ kind, labels }: OpArgs["gradNorm"], { x, ...params }: Inputs): Tensor {
  const stride = kind === "sigmoid-avgPool" ? 2 : 1;
  const loss = ({ w, b, v, c }: Inputs) => {
    const pooled = ACTIVATE[kind](ops.add(ops.conv2d(x!, w!, { padding: 1, stride }), b!));
    const scores = ops.add(ops.matmul(ops.reshape(pooled, [pooled.shape[0]!, -1]), v!), c!);
    return ops.mean(softmaxCrossEntropy(scores, whole(labels)));
  };
  const squares = Object.values(grad(loss)(params)).map((g) => ops.sum(ops.mul(g, g)));
  return squares.reduce(ops.add);
}

const MEANINGS: { readonly [K in keyof OpArgs]: Meaning<K> } = {
  conv2d: (args, { x, w }) => ops.conv2d(x!, w!, args),
  convTranspose2d: (args, { x, w }) => ops.convTranspose2d(x!, w!, args),
  conv1d: (args, { x, w }) => ops.conv1d(x!, w!, args),
  convTranspose1d: (args, { x, w }) => ops.convTranspose1d(x!, w!, args),
  maxPool: (args, { x }) => ops.maxPool2d(x!, ...pooling(args)),
  avgPool: (args, { x }) => ops.avgPool2d(x!, ...pooling(args)),
  matmul: ({ transposeA, transposeB }, { a, b }) =>
    ops.matmul(last(a!, transposeA), last(b!, transposeB)),
  relu: (_, { x }) => relu([], x!),
  leakyRelu: ({ slope }, { x }) => leakyRelu(slope)([], x!),
  tanh: (_, { x }) => ops.tanh(x!),
  sigmoid: (_, { x }) => ops.sigmoid(x!),
  erf: (_, { x }) => ops.erf(x!),
  gelu: ({ approximate }, { x }) => gelu(approximate)([], x!),
  maxout: ({ pieces }, { x }) => maxOverPieces(x!, pieces),
  softmax: ({ axis }, { x }) => ops.softmax(x!, axis),
  logSoftmax: ({ axis }, { x }) => ops.logSoftmax(x!, axis),
  logSumExp: ({ axes, keepDims: keep }, { x }) => ops.logSumExp(x!, axes, { keep }),
  mean: ({ axes, keepDims: keep }, { x }) => ops.mean(x!, axes, { keep }),
  sum: ({ axes, keepDims: keep }, { x }) => ops.sum(x!, axes, { keep }),
  max: ({ axes, keepDims: keep }, { x }) => ops.max(x!, axes, { keep }),
  cumSum: ({ axis }, { x }) => ops.cumSum(x!, axis),
  variance: ({ axes, keepDims: keep, shift = 0 }, { x }) =>
    ops.variance(ops.add(x!, shift), axes, { keep }),
  crossEntropy: ({ labels }, { x }) => ops.mean(softmaxCrossEntropy(x!, whole(labels))),
  hinge: ({ labels }, { x }) => ops.mean(hingeLoss(x!, whole(labels))),
  gather: ({ indices }, { x }) => ops.gather(x!, whole(indices)),
  scatterAdd: ({ indices, size }, { x }) => ops.scatterAdd(size, whole(indices), x!),
  gatherLast: ({ indices }, { x }) =>
    ops.sum(ops.mul(x!, ops.oneHot(whole(indices), x!.shape[1]!)), 1),
  gradNorm,
};

/** Pooling takes one number for both directions of an image. */
const isSquare = ({ op, args }: OpCase): boolean =>
  !op.endsWith("Pool") ||
  Object.entries(args).every(([name, pair]) =>
    !["size", "stride", "padding"].includes(name) || pair[0] === pair[1]
  );

const cases = goldenOps().cases.filter(isSquare);

Deno.test("golden values cover every op that they name, apart from oblong pooling windows", () => {
  assertEquals(new Set(cases.map((c) => c.op)), new Set(Object.keys(MEANINGS)));
});

/** The tolerance of float32, relative to the largest element: wider where a mean of 100 cancels. */
const toleranceOf = ({ name, op }: OpCase, expected: readonly number[]) => ({
  relative: 0,
  absolute: Math.max(largest(expected), 1e-3) *
    (name === "variance of x + 100" ? 2e-4 : op === "gradNorm" ? 2e-5 : 5e-6),
});

for (const op of Object.keys(MEANINGS) as (keyof OpArgs)[]) {
  forEachDevice(`${op}() and its gradients are PyTorch's`, async (run) => {
    for (const each of cases.filter((c) => c.op === op)) {
      const { args, inputs, upstream, output, grads } = each;
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, f]) => [name, tensor(filled(f), f.shape)]),
      );
      const meaning = MEANINGS[op] as Meaning<keyof OpArgs>;
      const weights = upstream ? tensor(filled(upstream), upstream.shape) : 1;
      const f = (inputs: Inputs) => meaning(args as OpCaseOf<keyof OpArgs>["args"], inputs);
      const value = run.jit((inputs: Inputs) => [
        f(inputs),
        grads ? grad((i: Inputs) => ops.sum(ops.mul(f(i), weights)))(inputs) : {},
      ]);
      const [y, slopes] = await run.read(value(given)) as [Float32Array, Inputs];
      assertClose(y, output.data, toleranceOf(each, output.data), each.name);
      for (const [name, { data }] of Object.entries(grads ?? {})) {
        const found = slopes[name] as unknown as Float32Array;
        assertClose(found, data, toleranceOf(each, data), `${each.name}, gradient in ${name}`);
      }
    }
  });
}
