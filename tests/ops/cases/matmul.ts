/**
 * Cases of matrix products.
 *
 * @module
 */
import { broadcastTo, matmul, slice, transpose } from "../../../src/ops/mod.ts";
import { type Case, floats, type Input } from "../case.ts";
import type { Tuple } from "../../../src/tuple.ts";

const on = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({ name, inputs, f });

const SMALL: readonly Tuple<number, 3>[] = [[1, 1, 1], [1, 7, 1], [2, 3, 4], [5, 1, 3]];
const LARGE: readonly Tuple<number, 3>[] = [
  [1, 257, 64],
  [1, 64, 257],
  [7, 8, 63],
  [8, 7, 1],
  [63, 64, 65],
  [64, 1, 65],
  [64, 64, 64],
  [65, 257, 7],
  [65, 8, 65],
  [128, 64, 128],
  [257, 65, 63],
  [8, 4097, 8],
  [3, 1000, 10],
  [2, 200003, 2],
];

const turned = (x: readonly number[]) => [...x.slice(0, -2), x.at(-1)!, x.at(-2)!];
const turn = (x: Parameters<Case["f"]>[0]) =>
  transpose(x, [...Array(x.rank - 2).keys(), x.rank - 1, x.rank - 2]);

/** Both operands plain, one of them transposed, and both. */
function layouts(a: readonly number[], b: readonly number[]): Case[] {
  const name = `[${a}] × [${b}]`;
  return [
    on(name, matmul, floats(a), floats(b)),
    on(`${name}, a transposed`, (a, b) => matmul(turn(a), b), floats(turned(a)), floats(b)),
    on(`${name}, b transposed`, (a, b) => matmul(a, turn(b)), floats(a), floats(turned(b))),
    on(
      `${name}, both transposed`,
      (a, b) => matmul(turn(a), turn(b)),
      floats(turned(a)),
      floats(turned(b)),
    ),
  ];
}

const large = (cases: readonly Case[]) => cases.map((c) => ({ ...c, deviceOnly: true }));

/** Cases of matmul. */
export const MATMULS: Readonly<Record<"matmul", readonly Case[]>> = {
  matmul: [
    ...SMALL.map(([m, k, n]) => on(`${m}×${k}×${n}`, matmul, floats([m, k]), floats([k, n]))),
    ...layouts([2, 2, 3], [2, 3, 4]),
    on("batches of a against one b", matmul, floats([2, 3, 2, 4]), floats([4, 3])),
    on("one a against batches of b", matmul, floats([2, 4]), floats([3, 4, 2])),
    on("batches that broadcast", matmul, floats([2, 1, 2, 3]), floats([3, 3, 2])),
    on("of itself", (x) => matmul(x, x), floats([3, 3])),
    on("of its own transpose", (x) => matmul(x, transpose(x)), floats([3, 4])),
    on("of slices", (a, b) => matmul(slice(a, [1, 1]), slice(b, [0, 1], [6, 7], [2, 3])), ...[
      floats([3, 4]),
      floats([6, 7]),
    ]),
    on("of a broadcast", (a, b) => matmul(broadcastTo(a, [3, 4]), b), floats([4]), floats([4, 2])),
    ...large([
      ...LARGE.map(([m, k, n]) => on(`${m}×${k}×${n}`, matmul, floats([m, k]), floats([k, n]))),
      ...layouts([65, 63], [63, 66]),
      ...layouts([3, 7, 65], [3, 65, 9]),
      on("batches that broadcast, awkward", matmul, floats([5, 1, 65, 7]), floats([3, 7, 63])),
    ]),
  ],
};
