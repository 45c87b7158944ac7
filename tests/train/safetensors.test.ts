import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type StoredTensor,
} from "../../src/train/safetensors.ts";

// Written by the Python package safetensors 0.4 (save, metadata {"note": "fixed"}).
const FIXTURE = Uint8Array.fromHex(
  "c8000000000000007b225f5f6d657461646174615f5f223a7b226e6f7465223a226669786564227d2c22302e77223a" +
    "7b226474797065223a22463332222c227368617065223a5b312c325d2c22646174615f6f666673657473223a5b302c" +
    "385d7d2c226e223a7b226474797065223a22553332222c227368617065223a5b5d2c22646174615f6f666673657473" +
    "223a5b382c31325d7d2c22302e62223a7b226474797065223a22493332222c227368617065223a5b315d2c22646174" +
    "615f6f666673657473223a5b31322c31365d7d7d0000c03f000000c00700000003000000",
);

const TENSORS = new Map<string, StoredTensor>([
  ["0.w", { shape: [1, 2], data: Float32Array.of(1.5, -2) }],
  ["n", { shape: [], data: Uint32Array.of(7) }],
  ["0.b", { shape: [1], data: Int32Array.of(3) }],
]);

/** A file of a header, as written or as JSON, and so many bytes of elements. */
function file(header: unknown, bytes: number, claimed?: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const whole = new Uint8Array(8 + text.length + bytes);
  new DataView(whole.buffer).setBigUint64(0, BigInt(claimed ?? text.length), true);
  whole.set(text, 8);
  return whole;
}

const f32 = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

Deno.test("encodeSafetensors() writes the bytes that the format's own library writes", () => {
  assertEquals(encodeSafetensors(TENSORS, { note: "fixed" }), FIXTURE);
});

Deno.test("decodeSafetensors() reads the bytes that the format's own library writes", () => {
  const { tensors, metadata } = decodeSafetensors(FIXTURE);
  assertEquals([...tensors], [...TENSORS]);
  assertEquals(metadata, { note: "fixed" });
});

Deno.test("decodeSafetensors() gives back what encodeSafetensors() was given", () => {
  const tensors = new Map<string, StoredTensor>([
    ["1", { shape: [2, 1], data: Float32Array.of(-0, 3e38) }],
    ["0", { shape: [0], data: new Float32Array(0) }],
    ['odd "name" é', { shape: [1], data: Int32Array.of(-5) }],
    ["part", { shape: [2], data: Uint32Array.of(1, 2, 3, 4).subarray(1, 3) }],
  ]);
  const bytes = encodeSafetensors(tensors, { b: "2", a: 'é "' });
  const again = decodeSafetensors(bytes);
  assertEquals(new Map(again.tensors), tensors);
  assertEquals(again.metadata, { b: "2", a: 'é "' });
  assertEquals(new DataView(bytes.buffer).getUint32(0, true) % 8, 0);
});

Deno.test("decodeSafetensors() reads bytes from the middle of a buffer, and copies them", () => {
  const moved = new Uint8Array(FIXTURE.length + 3);
  moved.set(FIXTURE, 3);
  const { tensors } = decodeSafetensors(moved.subarray(3));
  moved.fill(0);
  assertEquals([...tensors], [...TENSORS]);
});

Deno.test("decodeSafetensors() reads a file without tensors", () => {
  assertEquals(decodeSafetensors(encodeSafetensors(new Map())).tensors.size, 0);
});

const FAULTS: readonly (readonly [what: string, bytes: Uint8Array<ArrayBuffer>, says: string])[] = [
  ["no length", FIXTURE.slice(0, 7), "expected at least 8 bytes, found 7: truncated"],
  ["a cut header", FIXTURE.slice(0, 100), "expected a header of 200 bytes, found 92: truncated"],
  ["another format", file("{}", 0, 2 ** 40), "at most 100000000 bytes, found 1099511627776"],
  ["cut elements", FIXTURE.slice(0, -1), "0.b: expected 16 bytes of elements, found 15: truncated"],
  ["bytes behind the end", file({ a: f32(0, 4) }, 5), "expected 4 bytes of elements, found 5"],
  ["a header that is not JSON", file("{oops", 0), "expected a header in JSON"],
  ["a header that is a list", file([], 0), "header: expected an object, found []"],
  ["an entry that is a number", file({ a: 3 }, 0), "a: expected an object, found 3"],
  [
    "an unknown dtype",
    file({ a: { ...f32(0, 4), dtype: "BF16" } }, 4),
    'a: expected a dtype of F32, I32, U32, found "BF16"',
  ],
  ["no dtype", file({ a: { shape: [1], data_offsets: [0, 4] } }, 4), "found undefined"],
  ["no shape", file({ a: { dtype: "F32", data_offsets: [0, 4] } }, 4), "a: shape: expected whole"],
  [
    "a negative size",
    file({ a: f32(0, 4, [-1]) }, 4),
    "a: shape: expected whole numbers, found [-1]",
  ],
  [
    "offsets that do not fit the shape",
    file({ a: f32(0, 8, [1]) }, 8),
    "a: expected offsets 4 bytes apart for [1], found [0,8]",
  ],
  ["three offsets", file({ a: { ...f32(0, 4), data_offsets: [0, 4, 8] } }, 8), "found [0,4,8]"],
  [
    "tensors that overlap",
    file({ a: f32(0, 8), b: f32(4, 12) }, 12),
    "b: expected elements from byte 8, found them from 4: overlaps",
  ],
  [
    "a gap between tensors",
    file({ a: f32(0, 4), b: f32(8, 12) }, 12),
    "b: expected elements from byte 4, found them from 8: leaves a gap",
  ],
  [
    "metadata that is no text",
    file({ __metadata__: { n: 3 } }, 0),
    "__metadata__.n: expected a text",
  ],
];

for (const [what, bytes, says] of FAULTS) {
  Deno.test(`decodeSafetensors() rejects ${what}`, () => {
    assertThrows(() => decodeSafetensors(bytes), SafetensorsError, says);
  });
}

Deno.test("encodeSafetensors() rejects a wrong shape and a taken name", () => {
  const one = (name: string, shape: number[]) =>
    new Map([[name, { shape, data: Float32Array.of(1) }]]);
  assertThrows(
    () => encodeSafetensors(one("a", [2])),
    SafetensorsError,
    "a: expected 2 elements for [2], found 1",
  );
  assertThrows(() => encodeSafetensors(one("__metadata__", [1])), SafetensorsError, "taken");
});
