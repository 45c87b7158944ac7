/**
 * Steps that put pieces beside each other: each thread computes an element of every piece.
 */
import { grad } from "../../../../src/grad.ts";
import * as ops from "../../../../src/ops/mod.ts";
import type { Tensor } from "../../../../src/tensor.ts";
import { assertAgrees, sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

const SHAPES = [[6, 3, 8], [5, 3, 7]] as const;

const samples = SHAPES.flatMap((shape) => {
  const name = (what: string) => `${what} of ${shape}`;
  const [rows, columns, inner] = shape, wide = [rows, columns, 3 * inner];
  const third = (x: Tensor, k: number) =>
    ops.slice(x, [0, 0, k * inner], [rows, columns, (k + 1) * inner]);
  const maxout = (x: Tensor) => ops.maximum(ops.maximum(third(x, 0), third(x, 1)), third(x, 2));
  return [
    ...[0, 1, 2].map((axis) =>
      sample(name(`a concatenation along axis ${axis}`), [shape, shape], (a, b) => [
        ops.concat([ops.tanh(a), ops.mul(a, b), ops.sub(b, a)], axis),
      ])
    ),
    sample(name("unequal pieces"), [shape, [rows, 1, inner]], (a, b) => [
      ops.concat([ops.neg(a), ops.exp(b)], 1),
    ]),
    sample(name("a sum with a whole, transposed and broadcast"), [
      shape,
      [rows, 2 * columns, inner],
      [inner, 2 * columns, rows],
      [2 * columns, 1],
    ], (a, whole, across, bias) => [
      ops.add(
        ops.concat([a, ops.neg(a)], 1),
        ops.add(ops.mul(whole, bias), ops.transpose(across, [2, 1, 0])),
      ),
    ]),
    sample(name("pieces that overlap"), [shape, shape], (a, b) => [
      ops.add(ops.pad(a, [[0, rows], [0, 0], [0, 0]]), ops.pad(b, [[rows, 0], [0, 0], [0, 0]])),
      ops.add(
        ops.add(ops.pad(a, [[rows, 0], [0, 0], [0, 0]]), ops.pad(b, [[rows, 0], [0, 0], [0, 0]])),
        1,
      ),
    ]),
    sample(name("the gradient of maxout"), [wide, shape], (x, y) => [
      grad((x: Tensor) => ops.sum(ops.mul(maxout(x), y)))(x),
    ]),
  ];
});

forEachAdapter("pieces beside each other agree with float64", (run) => assertAgrees(run, samples));
