/**
 * Host arrays mean what they hold: on every device the numbers that the host sees, or a refusal.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as ops from "../src/ops/mod.ts";
import type { DType, HostArray, HostData } from "../src/host_data.ts";
import { type Tensor, tensor } from "../src/tensor.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/train/mod.ts";
import { forEachDevice, readOne } from "./devices.ts";

/** A typed array with something before and behind it in its buffer. */
function inside<A extends HostArray>(
  make: new (buffer: ArrayBufferLike, offset: number, length: number) => A,
  values: readonly (number | bigint)[],
  buffer: new (length: number) => ArrayBufferLike = ArrayBuffer,
): A {
  const { BYTES_PER_ELEMENT: bytes } = make as unknown as { BYTES_PER_ELEMENT: number };
  const whole = new buffer((values.length + 2) * bytes);
  new Uint8Array(whole).fill(77);
  const array = new make(whole, bytes, values.length);
  values.forEach((value, i) => (array as unknown as (number | bigint)[])[i] = value);
  return array;
}

const { Float16Array } = globalThis as unknown as { Float16Array?: typeof Float32Array };
const ARRAYS: readonly (readonly [HostArray, DType, readonly number[]])[] = [
  [inside(Int8Array, [-128, 0, 127]), "i32", [-128, 0, 127]],
  [inside(Uint8Array, [0, 1, 2, 255]), "u32", [0, 1, 2, 255]],
  [inside(Uint8ClampedArray, [3, 300, -5]), "u32", [3, 255, 0]],
  [inside(Int16Array, [-32768, 32767]), "i32", [-32768, 32767]],
  [inside(Uint16Array, [0, 65535, 7]), "u32", [0, 65535, 7]],
  [inside(Int32Array, [-(2 ** 31), 2 ** 31 - 1]), "i32", [-(2 ** 31), 2 ** 31 - 1]],
  [inside(Uint32Array, [0, 2 ** 32 - 1]), "u32", [0, 2 ** 32 - 1]],
  [inside(Float32Array, [1.5, -0, Infinity, NaN]), "f32", [1.5, -0, Infinity, NaN]],
  [inside(Float64Array, [0.1, 1e-40, -Infinity]), "f32", [0.1, 1e-40, -Infinity].map(Math.fround)],
  [inside(BigInt64Array, [-(2n ** 31n), 5n]), "i32", [-(2 ** 31), 5]],
  [inside(BigUint64Array, [2n ** 32n - 1n, 5n]), "u32", [2 ** 32 - 1, 5]],
  [inside(Float32Array, [1, 2, 3], SharedArrayBuffer), "f32", [1, 2, 3]],
  [inside(Uint8Array, [4, 5], SharedArrayBuffer), "u32", [4, 5]],
  ...(Float16Array ? [[inside(Float16Array, [0.5, -2]), "f32", [0.5, -2]] as const] : []),
];

forEachDevice("tensor() computes with the elements of every kind of typed array", async (run) => {
  for (const [array, dtype, expected] of ARRAYS) {
    const x = tensor(array), what = `${array.constructor.name}`;
    assertEquals([x.dtype, x.shape.join()], [dtype, String(expected.length)], what);
    assertEquals([...await readOne(run, x)], expected, what);
    if (dtype !== "f32") {
      const doubled = await run.read(run.jit((x: Tensor) => ops.add(x, x))(x));
      const wrap = (v: number) => dtype === "i32" ? (2 * v) | 0 : (2 * v) >>> 0;
      assertEquals([...doubled], expected.map(wrap), what);
    }
  }
});

forEachDevice("tensor() converts to the given type", async (run) => {
  const cases: readonly (readonly [HostData, DType, readonly number[]])[] = [
    [Uint8Array.of(0, 128, 255), "f32", [0, 128, 255]],
    [Uint8Array.of(9, 3), "i32", [9, 3]],
    [Float64Array.of(-3, 2 ** 31 - 1), "i32", [-3, 2 ** 31 - 1]],
    [Float32Array.of(3, 0), "u32", [3, 0]],
    [Int32Array.of(7, 2 ** 24 + 1), "f32", [7, 2 ** 24]],
    [BigInt64Array.of(-7n, 2n ** 40n), "f32", [-7, 2 ** 40]],
    [[[1, -0], [3, 4]], "i32", [1, 0, 3, 4]],
    [[Float64Array.of(1, 2), Float64Array.of(3, 4)], "f32", [1, 2, 3, 4]],
    [[Uint8Array.of(1, 2), [3, 4]], "u32", [1, 2, 3, 4]],
    [5, "u32", [5]],
  ];
  for (const [values, dtype, expected] of cases) {
    const x = tensor(values, undefined, dtype);
    assertEquals(x.dtype, dtype);
    assertEquals([...await readOne(run, ops.add(x, 0))], expected);
  }
  assertEquals(tensor([Float32Array.of(1, 2), Float32Array.of(3, 4)]).shape, [2, 2]);
});

forEachDevice("a tensor copies data that others may write to or resize", async (run) => {
  const resizable = new ArrayBuffer(8, { maxByteLength: 16 });
  const arrays: HostArray[] = [
    new Float32Array(resizable),
    new Float32Array(new SharedArrayBuffer(8)),
    Float64Array.of(0, 0),
    Uint8Array.of(0, 0),
  ];
  const write = (values: number[]) =>
    arrays.forEach((array) => (array as Float32Array).set(values));
  write([3, 4]);
  const tensors = arrays.map((array) => tensor(array));
  write([9, 9]);
  resizable.resize(4);
  for (const x of tensors) {
    assertEquals([...await readOne(run, x)], [3, 4]);
    // What is read is a copy too.
    (await readOne(run, x)).fill(0);
    assertEquals([...await readOne(run, ops.add(x, 1))], [4, 5]);
  }
});

const refused = (values: unknown, message: string, dtype?: DType, shape?: readonly number[]) => {
  const error = assertThrows(() => tensor(values as HostData, shape, dtype), Error);
  assert(error instanceof RangeError || error instanceof TypeError, String(error));
  assert(error.message.includes(message), `expected ${message} in: ${error.message}`);
};

Deno.test("tensor() rejects numbers that its type cannot represent, and names number and index", () => {
  refused([1, 1.5], "i32 integers from -2147483648 to 2147483647, found 1.5 at [1]", "i32");
  refused([[0, 2 ** 31]], "found 2147483648 at [0][1]", "i32");
  refused([NaN], "found NaN at [0]", "i32");
  refused([Infinity], "found Infinity at [0]", "u32");
  refused(-1, "u32 integers from 0 to 4294967295, found -1", "u32");
  refused(Int32Array.of(4, -4), "found -4 at [1]", "u32");
  refused(Uint32Array.of(2 ** 31), "found 2147483648 at [0]", "i32");
  refused(Float32Array.of(0, 0.5), "found 0.5 at [1]", "i32");
  refused(BigInt64Array.of(2n ** 31n), "found 2147483648n at [0]");
  refused(BigUint64Array.of(1n, 2n ** 60n), "found 1152921504606846976n at [1]");
  refused(BigInt64Array.of(2n ** 53n + 1n), "found 9007199254740993n", "f32");
  refused([0, 1e39], "f32's ±3.403e+38, infinities or NaN, found 1e+39 at [1]");
  refused(Float64Array.of(-1e300), "found -1e+300 at [0]");
  refused([1], 'a type of f32, i32, u32, found "float32"', "float32" as DType);
});

Deno.test("tensor() rejects what is not a number", () => {
  refused(["1"], 'found "1" at [0]');
  refused([[1, 2], [3, null]], "found null at [1][1]");
  refused([true], "found true at [0]");
  refused([1n], "found 1n at [0]");
  // deno-lint-ignore no-sparse-arrays
  refused([1, , 3], "found undefined at [1]");
  refused(undefined, "found undefined");
  refused(null, "found null");
  refused({ length: 2, 0: 1, 1: 2 }, "found an Object");
  refused(new Map(), "found a Map");
  refused([tensor(1)], "found a Tensor at [0]");
  for (
    const bytes of [new ArrayBuffer(8), new SharedArrayBuffer(8), new DataView(new ArrayBuffer(8))]
  ) {
    refused(bytes, "create a typed array of its elements, such as new Float32Array(buffer)");
  }
});

Deno.test("tensor() rejects ragged and empty arrays, and shapes of another number of elements", () => {
  refused([[1, 2], [3]], "ragged ones: 1 element at [1] where");
  refused([1, [2]], "ragged");
  refused([[1], 2], "ragged");
  refused([Float32Array.of(1, 2), Float32Array.of(1)], "ragged");
  refused([Float32Array.of(1), [[1]]], "ragged");
  refused([], "at least one element, found []");
  refused(new Float32Array(0), "a Float32Array of length 0");
  const moved = Float32Array.of(1, 2);
  structuredClone(moved, { transfer: [moved.buffer] });
  refused(moved, "whose buffer was transferred away");
  refused(Uint8Array.of(1, 2, 3, 4), "expected 1 element for shape [1], found 4", undefined, [1]);
});

Deno.test("ops refuse host arrays in place of tensors", () => {
  const x = tensor([1, 2]);
  for (const other of [[1, 2], Float32Array.of(1, 2), "1", true, 1n, null, undefined]) {
    const error = assertThrows(() => ops.add(x, other as unknown as number), TypeError);
    assert(error.message.startsWith("add: expected tensors and numbers, found "), error.message);
    assertThrows(() => ops.constant(other as unknown as number, [2]), TypeError, "a number, found");
  }
});

Deno.test("encodeSafetensors() writes the elements of every kind of typed array", () => {
  for (const [data, dtype, expected] of ARRAYS) {
    const file = encodeSafetensors(new Map([["x", { shape: [expected.length], data }]]));
    const read = decodeSafetensors(file).tensors.get("x")!.data;
    assertEquals([...read], expected, data.constructor.name);
    assertEquals(tensor(read).dtype, dtype);
  }
  const wide = { shape: [1], data: BigInt64Array.of(2n ** 40n) };
  assertThrows(() => encodeSafetensors(new Map([["x", wide]])), RangeError, "x: expected i32");
});

Deno.test("plain typed arrays type-check where host data is taken", () => {
  // Each of these is over any kind of buffer, as functions that take either give them.
  const f32: Float32Array = Float32Array.of(1), i32: Int32Array = Int32Array.of(1);
  const shared: Float32Array<SharedArrayBuffer> = new Float32Array(new SharedArrayBuffer(4));
  const all: readonly HostData[] = [f32, i32, shared, new Uint8Array(1) as Uint8Array, [f32, f32]];
  assertEquals(all.map((values) => tensor(values).size), [1, 1, 1, 1, 2]);
  encodeSafetensors(new Map([["x", { shape: [1], data: f32 }]]));
  // @ts-expect-error: a buffer says nothing of its elements.
  assertThrows(() => tensor(new ArrayBuffer(4)), TypeError);
  // @ts-expect-error: a view of bytes has no elements either.
  assertThrows(() => tensor(new DataView(new ArrayBuffer(4))), TypeError);
  // @ts-expect-error: a text is no number.
  assertThrows(() => tensor(["1"]), TypeError);
});
