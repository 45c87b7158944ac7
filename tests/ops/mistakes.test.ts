/**
 * Typical mistakes in calls of ops and tensors get one sentence that says what was expected and found.
 */
import { assertEquals, assertThrows } from "@std/assert";
import * as g from "../../mod.ts";

/** The library without its types, as in a REPL or in JavaScript. */
// deno-lint-ignore no-explicit-any
type Untyped = any;
const ops: Untyped = g.ops, root: Untyped = g;
const x: Untyped = g.tensor([[1, 2, 3], [4, 5, 6]]);
const v = g.tensor([1, 2]), at = g.tensor([0, 1], [2], "i32");

const MISTAKES: readonly (readonly [() => unknown, string])[] = [
  [() => ops.add(x), "add: expected tensors and numbers, found undefined as operand 2"],
  [() => ops.add(x, "1"), 'add: expected tensors and numbers, found "1" as operand 2'],
  [
    () => ops.add(x, [1, 2]),
    "add: expected tensors and numbers, found an array as operand 2; tensor() converts arrays of numbers",
  ],
  [() => ops.add(x, v), "add: expected shapes that broadcast together, found [2, 3] and [2]"],
  [() => ops.add(at, NaN), "add: expected an integer beside i32[2], found NaN"],
  [() => ops.exp(), "exp: expected a tensor or a number, found undefined"],
  [
    () => ops.exp([1]),
    "exp: expected a tensor or a number, found an array; tensor() converts arrays of numbers",
  ],
  [() => ops.where(true, 1, 2), "where: expected a tensor, found true"],
  [
    () => ops.where(ops.greater(x, 1), x),
    "where: expected tensors and numbers, found undefined as operand 3",
  ],
  [() => ops.matmul(x), "matmul: expected a tensor, found undefined"],
  [
    () => ops.matmul([[1]], x),
    "matmul: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [() => ops.matmul(x, x), "matmul: expected inner sizes to match, found [2, 3] × [2, 3]"],
  [() => ops.matmul(2, x), "matmul: expected a tensor, found 2; tensor(2) is a tensor of it"],
  [
    () => ops.reshape(root.tensor([1, 2, 3]), [2, -1]),
    "reshape: expected sizes that divide the 3 elements of [3], found 2 in [2, -1]",
  ],
  [
    () => ops.reshape(x, 6),
    "reshape: expected a shape of integers of at least 1, found 6; write [6]",
  ],
  [() => ops.reshape(x), "reshape: expected a shape of integers of at least 1, found undefined"],
  [() => ops.reshape(x, [-1, -1]), "reshape: expected at most one size of -1, found [-1, -1]"],
  [() => ops.reshape(x, [NaN]), "reshape: expected a shape of integers of at least 1, found [NaN]"],
  [
    () => ops.reshape(x, [0, -1]),
    "reshape: expected a shape of integers of at least 1, found [0, -1]",
  ],
  [() => ops.reshape(x, "2,3"), 'reshape: expected a shape of integers of at least 1, found "2,3"'],
  [
    () => ops.reshape(x, 3, 2),
    "reshape: expected a shape of integers of at least 1, found 3; write [3]",
  ],
  [() => ops.transpose(x, 1), "transpose: expected an array of integers, found order 1"],
  [
    () => ops.transpose(x, [0, 0]),
    "transpose: expected an order of the 2 axes of [2, 3], found [0, 0]",
  ],
  [
    () => ops.transpose(x, [0, 5]),
    "transpose: expected an order of the 2 axes of [2, 3], found [0, 5]",
  ],
  [
    () => ops.transpose(x, ["a", 0]),
    'transpose: expected an array of integers, found order ["a", 0]',
  ],
  [() => ops.sum(3), "sum: expected a tensor, found 3; tensor(3) is a tensor of it"],
  [() => ops.sum(x, 2), "sum: expected axes from -2 to 1 for shape [2, 3], found 2"],
  [() => ops.sum(x, "0"), 'sum: expected axes from -2 to 1 for shape [2, 3], found "0"'],
  [
    () => ops.sum(x, { keep: true }),
    'sum: expected axes from -2 to 1 for shape [2, 3], found {"keep":true}',
  ],
  [() => ops.sum(x, [0, 0]), "sum: expected each axis of shape [2, 3] once, found [0, 0]"],
  [() => ops.sum(x, NaN), "sum: expected axes from -2 to 1 for shape [2, 3], found NaN"],
  [() => ops.sum(x, null), "sum: expected axes from -2 to 1 for shape [2, 3], found null"],
  [
    () => ops.mean([1, 2]),
    "mean: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [() => ops.mean(at), "mean: expected f32 operands, found i32[2]; cast them first"],
  [() => ops.argMax(5), "argMax: expected a tensor, found 5; tensor(5) is a tensor of it"],
  [
    () => ops.softmax([1]),
    "softmax: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [() => ops.slice(x, 1), "slice: expected an array of integers, found start 1"],
  [
    () => ops.slice(x, [0], [9]),
    "slice: expected 0 ≤ start < stop ≤ size and step ≥ 1 for every axis of f32[2, 3], found start [0, 0], stop [9, 3], step [1, 1]",
  ],
  [() => ops.slice(), "slice: expected a tensor, found undefined"],
  [() => ops.concat(x, x), "concat: expected an array of tensors, found a Tensor"],
  [
    () => ops.concat([x, [1]]),
    "concat: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [() => ops.concat([]), "concat: expected at least one tensor, found none"],
  [() => ops.stack(x), "stack: expected an array of tensors, found a Tensor"],
  [
    () => ops.stack([x, v]),
    "concat: expected tensors that differ along axis 0 alone, found f32[1, 2, 3], f32[1, 2]",
  ],
  [
    () => ops.split(x, 2.5),
    "split: expected parts that add up to the 2 elements of axis 0 of f32[2, 3], found 2.5 equal ones",
  ],
  [
    () => ops.split(x, 4),
    "split: expected parts that add up to the 2 elements of axis 0 of f32[2, 3], found 4 equal ones",
  ],
  [
    () => ops.split(x, "2"),
    'split: expected parts that add up to the 2 elements of axis 0 of f32[2, 3], found "2"',
  ],
  [
    () => ops.split(x),
    "split: expected parts that add up to the 2 elements of axis 0 of f32[2, 3], found undefined",
  ],
  [
    () => ops.gather(x, [0]),
    "gather: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [() => ops.gather(x, x), "gather: expected i32 or u32 indices, found f32[2, 3]"],
  [() => ops.gather(x, 0), "gather: expected a tensor, found 0; tensor(0) is a tensor of it"],
  [
    () => ops.oneHot([1], 3),
    "oneHot: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [() => ops.oneHot(at), "oneHot: expected a number of classes of at least 1, found undefined"],
  [() => ops.oneHot(at, "3"), 'oneHot: expected a number of classes of at least 1, found "3"'],
  [() => ops.cast(x, "float32"), 'cast: expected a type of f32, i32, u32, found "float32"'],
  [() => ops.cast(x), "cast: expected a type of f32, i32, u32, found undefined"],
  [
    () => ops.pad(x, [1, 1]),
    "pad: expected [before, after] for each axis of f32[2, 3], found [1, 1]",
  ],
  [() => ops.pad(x, 1), "pad: expected [before, after] for each axis of f32[2, 3], found 1"],
  [
    () => ops.pad(x, [[0, -1], [0, 0]]),
    "pad: expected integers of at least 0 for each axis of f32[2, 3], found before [0, 0], after [-1, 0], between [0, 0]",
  ],
  [() => ops.constant("1"), 'constant: expected a number, found "1"'],
  [
    () => ops.constant(1, 3),
    "constant: expected a shape of integers of at least 1, found 3; write [3]",
  ],
  [
    () => ops.constant(1, [NaN]),
    "constant: expected a shape of integers of at least 1, found [NaN]",
  ],
  [
    () => ops.constant(1, [2], "float"),
    'constant: expected a type of f32, i32, u32, found "float"',
  ],
  [() => ops.iota("3"), 'iota: expected a shape of integers of at least 1, found ["3"]'],
  [() => ops.iota(2.5), "iota: expected a shape of integers of at least 1, found [2.5]"],
  [() => ops.iota(3, "int"), 'iota: expected a type of f32, i32, u32, found "int"'],
  [
    () => ops.conv2d(x, x),
    "conv2d: expected an image [batch, height, width, channels] and a weight [height, width, in, out], found image [2, 3], weight [2, 3], groups 1",
  ],
  [
    () => ops.conv2d([1], x),
    "conv2d: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [
    () => ops.maxPool2d([1], 2),
    "maxPool2d: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [
    () => ops.maxPool2d(x, 2),
    "maxPool2d: expected images [batch, height, width, channels], found [2, 3]",
  ],
  [
    () => ops.broadcastTo(x, 3),
    "broadcastTo: expected a shape of integers of at least 1, found 3; write [3]",
  ],
  [
    () => ops.cumSum([1]),
    "cumSum: expected a tensor, found an array; tensor() converts arrays of numbers",
  ],
  [
    () => ops.scan((c: Untyped) => c, x),
    "tree: expected a tensor, or an array or record of them, found undefined",
  ],
  [() => ops.scan(1, x, x), "scan: expected a function, found 1"],
  [() => ops.custom("a"), "custom a: expected a function, found undefined"],
  [() => ops.pow(x), "pow: expected tensors and numbers, found undefined as operand 2"],
  [() => ops.pow("2", x), 'pow: expected tensors and numbers, found "2" as operand 1'],
  [() => ops.sumTo(x, 1), "sumTo: expected a shape of integers of at least 1, found 1; write [1]"],
  [() => ops.logSumExp(1), "logSumExp: expected a tensor, found 1; tensor(1) is a tensor of it"],
  [() => ops.variance("a"), 'variance: expected a tensor, found "a"'],
  [() => root.tensor("1"), 'tensor: expected numbers, in arrays or a typed array, found "1"'],
  [() => root.tensor(), "tensor: expected numbers, in arrays or a typed array, found undefined"],
  [
    () => root.tensor([[1, 2], [3]]),
    "tensor: expected nested arrays of equal lengths, found ragged ones: 1 element at [1] where the first ones make [2, 2]",
  ],
  [
    () => root.tensor([1, "2"]),
    'tensor: expected numbers, in arrays or a typed array, found "2" at [1]',
  ],
  [
    () => root.tensor([1, 2], 3),
    "tensor: expected a shape of integers of at least 1, found 3; write [3]",
  ],
  [() => root.tensor(x), "tensor: expected numbers, in arrays or a typed array, found a Tensor"],
  [
    () => root.tensor([v, v]),
    "tensor: expected numbers, in arrays or a typed array, found a Tensor at [0]",
  ],
  [
    () => root.tensor(new Float64Array(3), [2]),
    "tensor: expected 2 elements for shape [2], found 3",
  ],
  [
    () => root.tensor([1.5], [1], "i32"),
    "tensor: expected i32 integers from -2147483648 to 2147483647, found 1.5 at [0]",
  ],
  [
    () => root.tensor([1], "i32"),
    'tensor: expected a shape of integers of at least 1, found "i32"',
  ],
  [() => root.key(1.5), "seed: expected an integer from 0 to 2^53 - 1, found 1.5"],
  [() => root.normal(0, [2]), "random: expected a key, u32[2], found 0; key(0) is one"],
  [
    () => root.normal(root.key(0), 3),
    "random: expected a shape of integers of at least 1, found 3; write [3]",
  ],
  [() => root.split(0), "random: expected a key, u32[2], found 0; key(0) is one"],
  [
    () => root.uniform(root.key(0)),
    "random: expected a shape of integers of at least 1, found undefined",
  ],
  [() => root.placeholder([2]), "placeholder: expected { shape, dtype }, found an array"],
  [
    () => root.placeholder({ shape: 2, dtype: "f32" }),
    "placeholder: expected a shape of integers of at least 1, found 2; write [2]",
  ],
  [() => root.grad(1), "grad: expected a function, found 1"],
  [
    () => root.grad((x: Untyped) => x)(x),
    "grad: expected a function that returns f32[], or [f32[], auxiliary], found f32[2, 3]",
  ],
  [
    () => root.grad(() => 1)(x),
    "grad: expected a function that returns f32[], or [f32[], auxiliary], found 1",
  ],
  [
    () => root.grad((x: Untyped) => ops.mul(x, 2))(3),
    "tree: expected a tensor, or an array or record of them, found 3",
  ],
  [
    () => x + 1,
    "tensor: expected a function of ops, as JavaScript has no operators for tensors, found f32[2, 3] in an expression; x + y is ops.add(x, y), == is ops.equal, and its text is `${x}`",
  ],
  [
    () => x > 0,
    "tensor: expected a function of ops, as JavaScript has no operators for tensors, found f32[2, 3] in an expression; x - y is ops.sub(x, y), * is ops.mul, / is ops.div, < is ops.less, > is ops.greater",
  ],
  [
    () => x == 1,
    "tensor: expected a function of ops, as JavaScript has no operators for tensors, found f32[2, 3] in an expression; x + y is ops.add(x, y), == is ops.equal, and its text is `${x}`",
  ],
  [
    () => -x,
    "tensor: expected a function of ops, as JavaScript has no operators for tensors, found f32[2, 3] in an expression; x - y is ops.sub(x, y), * is ops.mul, / is ops.div, < is ops.less, > is ops.greater",
  ],
  [
    () => JSON.stringify({ x }),
    "tensor: expected numbers for JSON, found f32[2, 3]; await run.read(x) gives its elements",
  ],
  [
    () => "a" + x,
    "tensor: expected a function of ops, as JavaScript has no operators for tensors, found f32[2, 3] in an expression; x + y is ops.add(x, y), == is ops.equal, and its text is `${x}`",
  ],
];

for (const [mistake, message] of MISTAKES) {
  Deno.test(`a mistake is named: ${String(mistake).slice(6)}`, () => {
    assertEquals(assertThrows(mistake, Error).message, message);
  });
}
