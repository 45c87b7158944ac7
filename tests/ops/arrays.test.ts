/**
 * Functions of arrays that are made of ops: PyTorch's numbers and gradients, meanings worked out by hand, errors.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import * as ops from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import type { Data } from "../../src/host_data.ts";
import { filled as goldenFilled } from "../golden/fill.ts";
import { goldenArrays } from "../golden/read.ts";
import { assertClose, forEachDevice, largest } from "../devices.ts";

const { cases } = goldenArrays();

/** A function of tensors, by its name. */
type Named = Readonly<Record<string, (...args: readonly unknown[]) => Tensor | readonly Tensor[]>>;

/** The first result of a case's function. */
function call(
  { op, args: { call, first } }: (typeof cases)[number],
  xs: readonly Tensor[],
): Tensor {
  const rest = call.map((arg) =>
    JSON.parse(JSON.stringify(arg), (_, value) => value === "Infinity" ? Infinity : value)
  );
  const result = (ops as unknown as Named)[op]!(...(first ? [...rest, ...xs] : [...xs, ...rest]));
  return Array.isArray(result) ? result[0] as Tensor : result as Tensor;
}

const toleranceOf = (expected: readonly number[]) => ({
  relative: 0,
  absolute: Math.max(largest(expected), 1e-2) * 1e-5,
});

for (const op of new Set(cases.map(({ op }) => op))) {
  forEachDevice(`${op}() and its gradients are PyTorch's`, async (run) => {
    const own = cases.filter((each) => each.op === op);
    const results = own.map((each) => {
      const xs = Object.values(each.inputs).map((f) => tensor(goldenFilled(f), f.shape));
      const upstream = each.upstream && tensor(goldenFilled(each.upstream), each.upstream.shape);
      const value = (xs: readonly Tensor[]) =>
        ops.sum(upstream ? ops.mul(call(each, xs), upstream) : call(each, xs));
      return [call(each, xs), ...grad(value)(xs)];
    });
    const read = await run.read(results) as unknown as readonly (readonly Data[])[];
    own.forEach(({ name, output, grads }, i) => {
      const [y, ...gradients] = read[i]!;
      assertEquals(results[i]![0]!.shape.join(), output.shape.join(), name);
      assertClose(y!, output.data, toleranceOf(output.data), name);
      Object.values(grads!).forEach(({ data }, k) => {
        assertClose(gradients[k]!, data, toleranceOf(data), `${name}, gradient ${k}`);
      });
    });
  });
}

const f = (values: Parameters<typeof tensor>[0]) => tensor(values);

forEachDevice("functions of arrays have the values worked out by hand", async (run) => {
  const special = f([1, NaN, Infinity, -Infinity, 0]), x = f([[0, 2], [3, 0]]);
  const whole = tensor([[7, -7], [2, 5]], [2, 2], "i32");
  const expected: [Tensor, number[]][] = [
    [ops.isNaN(special), [0, 1, 0, 0, 0]],
    [ops.isFinite(special), [1, 0, 0, 0, 1]],
    [ops.notEqual(special, special), [0, 1, 0, 0, 0]],
    [ops.logicalNot(special), [0, 0, 0, 0, 1]],
    [ops.logicalAnd(x, f([1, 1])), [0, 1, 1, 0]],
    [ops.logicalOr(x, f([0, 1])), [0, 1, 1, 1]],
    [ops.any(x, 0), [1, 1]],
    [ops.all(x, 0), [0, 0]],
    [ops.all(special), [0]],
    [ops.round(f([0.5, 1.5, 2.5, -0.5, -1.5, 1e10, -2.3, NaN, Infinity])), [
      0,
      2,
      2,
      -0,
      -2,
      1e10,
      -2,
      NaN,
      Infinity,
    ]],
    [ops.ceil(f([1.2, -1.2, 3])), [2, -1, 3]],
    [ops.expm1(f([-Infinity, -100, 0, Infinity])), [-1, -1, 0, Infinity]],
    [ops.log1p(f([-1, 0, Infinity, -2])), [-Infinity, 0, Infinity, NaN]],
    [ops.softplus(f([-Infinity, Infinity])), [0, Infinity]],
    [ops.einsum("ij,jk->ik", whole, whole), [35, -84, 24, 11]],
    [ops.einsum("ij->j", whole), [9, -2]],
    [ops.einsum("ij,kj->ik", f([[1, 2], [3, 4]]), f([[10], [20]])), [30, 60, 70, 140]],
    [ops.einsum("ij,i->j", f([[1, 2], [3, 4]]), f([10])), [40, 60]],
    [ops.prod(whole, 1), [-49, 10]],
    [ops.argMin(f([[3, 1, 1], [NaN, 0, 2]])), [1, 0]],
    [ops.argMin(tensor([-(2 ** 31), 5], [2], "i32")), [0]],
    [ops.norm(f([3e30, 4e30])), [5e30]],
    [ops.norm(f([3e-30, 4e-30])), [5e-30]],
    [ops.norm(f([0, 0])), [0]],
    [ops.norm(f([Infinity, 1])), [Infinity]],
    [ops.sort(special), [-Infinity, 0, 1, Infinity, NaN]],
    [ops.sort(f([[2], [1]])), [2, 1]],
    [ops.topK(f([1, 3, 3, 2]), 3)[1], [1, 2, 3]],
    [ops.topK(f([4, 3, 1, 2]), 3, { smallest: true })[0], [1, 2, 3]],
    [ops.topK(f([4, 3, 1, 2]), 3, { smallest: true })[1], [2, 3, 1]],
    [ops.pad(whole, [[0, 0], [1, 0]], { value: 9 }), [9, 7, -7, 9, 2, 5]],
    [ops.pad(f([1]), [[2, 2]], { mode: "reflect" }), [1, 1, 1, 1, 1]],
    [ops.pad(f([1, 2]), [[3, 3]], { mode: "reflect" }), [2, 1, 2, 1, 2, 1, 2, 1]],
    [ops.pad(f([1, 2]), [[3, 0]], { mode: "wrap" }), [2, 1, 2, 1, 2]],
    [ops.linspace(2, 2, 1), [2]],
    [ops.arange(5, 0, -2), [5, 3, 1]],
    [ops.eye(2, 3), [1, 0, 0, 0, 1, 0]],
    [ops.cumSum(f([[1], [2]]), 1, { exclusive: true }), [0, 0]],
    [ops.flip(f(4)), [4]],
  ];
  const values = await run.read(expected.map(([y]) => y)) as readonly Data[];
  expected.forEach(([y, numbers], i) => {
    assertClose(values[i]!, numbers, { relative: 1e-5, absolute: 1e-30 }, `${i}: ${y.op.name}`);
  });
});

Deno.test("the gradient of norm() at zero is zero, and that of prod() is right beside zeros", () => {
  const at = f([0, 0]), [gradient] = evaluate([grad((x: Tensor) => ops.norm(x))(at)]);
  assertEquals([...gradient!], [0, 0]);
  const [products] = evaluate([grad((x: Tensor) => ops.prod(x))(f([0, 2, 3]))]);
  assertEquals([...products!], [6, 0, 0]);
});

Deno.test("sin() and cos() are accurate to 1e-6 up to 10000, on the CPU", async () => {
  const { open } = await import("../../src/runtime/mod.ts");
  await using run = await open({ device: "cpu" });
  const at = Float32Array.from({ length: 20001 }, (_, i) => i - 10000 + (i % 7) / 7);
  const [sine, cosine] = await run.read([ops.sin(tensor(at)), ops.cos(tensor(at))]);
  assertClose(sine!, [...at].map(Math.sin), { relative: 0, absolute: 1e-6 }, "sin");
  assertClose(cosine!, [...at].map(Math.cos), { relative: 0, absolute: 1e-6 }, "cos");
});

Deno.test("functions of arrays say what they expected and found", () => {
  const x = f([[1, 2, 3], [4, 5, 6]]), y = f([[1, 2], [3, 4]]);
  const expected: [() => unknown, string][] = [
    [
      () => ops.einsum("ij,jk->ik", x, y),
      'einsum: expected "j" of one size in "ij,jk->ik", found 3 and 2 in [2, 3], [2, 2]',
    ],
    [() => ops.einsum("ij->iq", x), 'the result, each once, found "q" in "ij->iq"'],
    [() => ops.einsum("ij->ii", x), 'the result, each once, found "i" in "ij->ii"'],
    [() => ops.einsum("ijk", x), 'einsum: expected 3 axes for "ijk" in "ijk", found f32[2, 3]'],
    [() => ops.einsum("...ijk", x), 'expected at least 3 axes for "...ijk"'],
    [() => ops.einsum("ij,jk", x), 'a subscript for each of 1 operands, found "ij,jk"'],
    [
      () => ops.einsum("i1", x),
      'expected letters and at most one ... for each operand, found "i1"',
    ],
    [() => ops.einsum(x as never, x), 'expected an equation such as "ij,jk->ik", found a Tensor'],
    [() => ops.einsum("ij", [1] as never), "einsum: expected a tensor, found an array"],
    [() => ops.sort(f(1)), "sort: expected at least one axis, found f32[]"],
    [() => ops.argSort(x, 2), "argSort: expected axes from -2 to 1 for shape [2, 3], found 2"],
    [
      () => ops.topK(x, 4),
      "topK: expected k from 1 to the 3 elements of axis 1 of f32[2, 3], found 4",
    ],
    [() => ops.topK(x, "2" as never), 'of f32[2, 3], found "2"'],
    [() => ops.flip(x, 3), "flip: expected axes from -2 to 1 for shape [2, 3], found 3"],
    [
      () => ops.roll(x, 0.5),
      "roll: expected an integer shift along an axis of f32[2, 3], found 0.5",
    ],
    [() => ops.repeat(x, 0), "repeat: expected times of at least 1, found 0"],
    [() => ops.tile(x, 2 as never), "tile: expected an array of times, one for each axis, found 2"],
    [() => ops.squeeze(x, 0), "squeeze: expected axis 0 of size 1, found f32[2, 3]"],
    [() => ops.expandDims(x, 4), "expandDims: expected axes from -3 to 2"],
    [() => ops.moveAxis(x, 0, 2), "moveAxis: expected axes from -2 to 1"],
    [
      () => ops.pad(x, [[0, 1], [0, 0]], { mode: "mirror" as never }),
      'edge, wrap, reflect for f32[2, 3], found "mirror"',
    ],
    [() => ops.norm(x, 0, { order: 3 as never }), "norm: expected order 1, 2 or Infinity, found 3"],
    [
      () => ops.norm(tensor([1], [1], "i32")),
      "norm: expected f32 operands, found i32[1]; cast them first",
    ],
    [() => ops.tril(f([1])), "tril: expected matrices [..., rows, columns] and an integer offset"],
    [() => ops.arange(3, 1), "arange: expected numbers from 3 to before 1, found no step of 1"],
    [() => ops.arange("3" as never), 'arange: expected a number for stop, found "3"'],
    [() => ops.linspace(0, 1, 0), "linspace: expected a count of at least 1, found 0"],
    [
      () => ops.attention(x, y, y),
      "keys [..., keys, d] and values [..., keys, e], found [2, 3], [2, 2], [2, 2]",
    ],
  ];
  for (const [call, text] of expected) {
    const { message } = assertThrows(call, Error);
    assert(message.includes(text), `${text}\nfound: ${message}`);
  }
});

forEachDevice("expm1(), log1p() and softplus() keep their digits near 0", async (run) => {
  const xs = [1e-6, -1e-6, 3e-4, -3e-4, 1e-20, 0.1, -0.1, 0.4999, -0.4999], x = tensor(xs);
  const [a, b, c] = await run.read([ops.expm1(x), ops.log1p(x), ops.softplus(tensor([-40]))]);
  assertClose(a, xs.map(Math.expm1), { relative: 1e-6, absolute: 0 });
  assertClose(b, xs.map(Math.log1p), { relative: 1e-6, absolute: 0 });
  assertClose(c, [Math.exp(-40)], { relative: 1e-5, absolute: 0 });
});
