/**
 * Expressions in machine code: the same bits as those in WebAssembly, with each set of instructions.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { detectNative, type NativeSet } from "../../../src/device/cpu/native/detect.ts";
import { loadExpression } from "../../../src/device/cpu/native/expressions.ts";
import { VECTOR_SETS } from "../../../src/device/cpu/native/mod.ts";
import { Trace, Untraceable } from "../../../src/device/cpu/native/trace.ts";
import { VectorMath } from "../../../src/device/cpu/vector_math.ts";
import { detectFeatures } from "../../../src/device/cpu/features.ts";
import type { Data } from "../../../src/host_data.ts";
import {
  abs,
  add,
  broadcastTo,
  cast,
  concat,
  div,
  equal,
  erf,
  exp,
  floor,
  iota,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pad,
  pow,
  reshape,
  shiftRight,
  sigmoid,
  sign,
  sqrt,
  sub,
  sum,
  tanh,
  transpose,
  where,
} from "../../../src/ops/mod.ts";
import { threefry } from "../../../src/ops/threefry.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { known } from "../../../src/tuple.ts";
import { hash } from "../../devices.ts";

const native = detectNative(), ignore = native === undefined;
const SETS: readonly NativeSet[] = native === "AVX-512" ? [native, "AVX2"] : native ? [native] : [];

/** Every sign and exponent, infinities, NaN and denormal numbers among them. */
const everywhere = (seed: number, size: number, bits = 14): Tensor =>
  tensor(
    new Float32Array(
      Uint32Array.from({ length: size }, (_, i) => (i << bits) + (hash(i, seed) >>> (32 - bits)))
        .buffer,
    ),
  );

/** Numbers where functions are curved. */
const numbers = (seed: number, shape: readonly number[]): Tensor => {
  const size = shape.reduce((n, d) => n * d, 1);
  return tensor(Float32Array.from({ length: size }, (_, i) => hash(i, seed) / 2 ** 29 - 4), shape);
};

const words = (data: Data) => new Uint32Array(data.buffer, data.byteOffset, data.length);

/** Asserts that results have the same bits with and without native code, NaN of any bits. */
async function assertSame(f: (...xs: Tensor[]) => Tensor | Tensor[], ...xs: Tensor[]) {
  const all: Data[][] = [];
  for (
    const [set, threads] of [[undefined, 1], ...SETS.flatMap((s) => [[s, 1], [s, 3]])] as const
  ) {
    await using run = runtimeOn(
      openCpu(threads as number, { native: set as NativeSet | undefined }),
    );
    const found = run.jit((xs: readonly Tensor[]) => [f(...xs)].flat())(xs);
    all.push((await run.read(found)) as Data[]);
  }
  const [expected, ...others] = all;
  for (const found of others) {
    found.forEach((data, k) => {
      const a = words(expected![k]!), b = words(data);
      const wrong = [...a.keys()].filter((i) =>
        a[i] !== b[i] && !(Number.isNaN(expected![k]![i]) && Number.isNaN(data[i]))
      );
      assertEquals(wrong.slice(0, 4).map((i) => [i, expected![k]![i], data[i]]), []);
    });
  }
}

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

const UNARY = { abs, erf, exp, floor, log, neg, sigmoid, sign, sqrt, tanh };

for (const [name, f] of Object.entries(UNARY)) {
  test(`${name}() has the same bits natively, everywhere and where it is curved`, async () => {
    await assertSame(f, everywhere(1, 1 << 18));
    await assertSame(f, numbers(2, [1 << 16]));
  });
}

test("pow() has the same bits natively", async () => {
  await assertSame(pow, everywhere(3, 1 << 16, 16), everywhere(4, 1 << 16, 13));
  await assertSame(pow, numbers(5, [9999]), numbers(6, [9999]));
  for (const b of [2.5, -3, 4, 0.1]) await assertSame((x) => pow(x, b), everywhere(7, 1 << 16, 16));
});

test("arithmetic, comparisons and choices have the same bits natively", async () => {
  const a = everywhere(8, 1 << 16, 16), b = everywhere(9, 1 << 16, 15);
  await assertSame(
    (a, b) => [
      ...[add(a, b), sub(a, b), mul(a, b), div(a, b)],
      ...[maximum(a, b), minimum(a, b), maximum(a, 0), minimum(1, b), mul(a, 3)],
    ],
    a,
    b,
  );
  await assertSame(
    (a, b) => [
      where(less(a, b), mul(a, b), sqrt(b)),
      where(lessEqual(b, a), a, add(b, 1)),
      add(cast(equal(a, a), "f32"), cast(less(a, 0), "f32")),
      where(cast(maximum(floor(minimum(a, 100)), 0), "u32"), exp(a), b),
    ],
    a,
    b,
  );
});

test("integers and random words have the same bits natively", async () => {
  const bits = (seed: number) => Int32Array.from({ length: 1021 }, (_, i) => hash(i, seed));
  for (const dtype of ["i32", "u32"] as const) {
    await assertSame(
      (a, b) => {
        const [x, y] = [cast(a, dtype), cast(b, dtype)];
        return [
          ...[add(x, y), sub(x, y), mul(x, y), maximum(x, y), minimum(x, y)],
          ...[less(x, y), lessEqual(y, x), equal(x, y), shiftRight(x, 3), cast(x, "f32")],
        ];
      },
      tensor(bits(1)),
      tensor(bits(2)),
    );
  }
  await assertSame(
    (k) => threefry(k, broadcastTo(tensor(Uint32Array.of(7), []), [2035]), iota(2035, "u32"), 3, 1),
    tensor(Uint32Array.from({ length: 2035 }, (_, i) => hash(i, 3))),
  );
});

test("rows, borders and several stores have the same bits natively", async () => {
  for (const n of [1, 3, 7, 15, 16, 17, 31, 33, 100, 512]) {
    const x = numbers(n, [13, n]), row = numbers(2, [n]), column = numbers(3, [13, 1]);
    await assertSame(
      (x, row, column) => [
        add(mul(x, exp(row!)), column!),
        div(exp(sub(x, column!)), sum(exp(x), [1], { keep: true })),
        pad(tanh(add(x, row!)), [[1, 2], [3, 1]]),
        add(exp(x), transpose(reshape(mul(x, 2), [n, 13]), [1, 0])),
        concat([sigmoid(x), mul(x, row!), x], 1),
      ],
      x,
      row,
      column,
    );
  }
});

test("every function is recorded, and written with each set", () => {
  for (const set of SETS) {
    for (const name of ["exp", "log", "tanh", "sigmoid", "erf", "pow"] as const) {
      const trace = new Trace(), [from, to, y] = [1, 2, 3], x = trace.local("v128");
      trace.segment = "vector";
      trace.get(from).access("v128.load").set(x);
      const [value] = new VectorMath(detectFeatures()).of(
        trace,
        name,
        known([[x], [y]]),
        known([undefined, undefined]),
      );
      trace.get(to, value!).access("v128.store", 16);
      const expression = loadExpression(VECTOR_SETS[set], trace, new Map());
      assert(expression, `${name}, ${set}`);
      assertEquals([...expression.pointers].sort(), [from, to]);
      assertEquals(expression.same, name === "pow" ? [y] : []);
    }
  }
  return Promise.resolve();
});

Deno.test("what is more than vectors side by side is not recorded", () => {
  const trace = new Trace();
  trace.segment = "vector";
  for (
    const write of [
      () => trace.loop(),
      () => trace.get(1).access("v128.load32_splat"),
      () => trace.get(1).access("i32.load"),
      () => trace.vector(0, 1, 2, 5),
      () => trace.set(1),
      () => trace.get(1, 2).op("i32.add"),
    ]
  ) assertThrows(write, Untraceable);
});
