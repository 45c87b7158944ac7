import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type StoredTensor,
} from "../../../src/train/safetensors/safetensors.ts";
import { file, fileOf, i64, littleEndian } from "./safetensors_files.ts";

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

Deno.test("decodeSafetensors() inverts encodeSafetensors()", () => {
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
  ["too long a header", file("{}", 0, 2 ** 40), "at most 100000000 bytes, found 1099511627776"],
  [
    "another format",
    new TextEncoder().encode("# A page of text"),
    "expected a safetensors file, found another format",
  ],
  ["cut elements", FIXTURE.slice(0, -1), "0.b: expected 16 bytes of elements, found 15: truncated"],
  ["bytes behind the end", file({ a: f32(0, 4) }, 5), "expected 4 bytes of elements, found 5"],
  ["a header that is not JSON", file("{oops", 0), "expected a header in JSON"],
  ["a header that is a list", file([], 0), "header: expected an object, found []"],
  ["an entry that is a number", file({ a: 3 }, 0), "a: expected an object, found 3"],
  [
    "an unknown dtype",
    file({ a: { ...f32(0, 4), dtype: "F24" } }, 4),
    "a: expected a dtype of F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL, found",
  ],
  [
    "floats of 8 bits",
    file({ a: { dtype: "F8_E4M3", shape: [4], data_offsets: [0, 4] } }, 4),
    'found "F8_E4M3" (8-bit floats, which are not read; convert them to F32 first)',
  ],
  [
    "a name that stands twice",
    file('{"a":{},"b":{},"a":{}}', 0),
    "once in the header, found a twice",
  ],
  [
    "a field that stands twice",
    file('{"a":{"dtype":"F32","shape":[],"shape":[1],"data_offsets":[0,4]}}', 4),
    "once in the header, found shape twice",
  ],
  ["a header that begins with a space", file(" {}", 0), "that begins with {, found white space"],
  ["a byte order mark", file("\ufeff{}", 0), "expected a header in JSON"],
  ["text that is not UTF-8", file("{}", 0).map((byte) => byte === 0x7d ? 0xff : byte), "in JSON"],
  ["an empty file", new Uint8Array(), "expected a safetensors file, found an empty file"],
  ["a file of torch.save", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0), "a ZIP archive"],
  ["a pickle", Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9), "a Python pickle"],
  [
    "a Git LFS pointer",
    new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"),
    "found a Git LFS pointer",
  ],
  [
    "sizes whose product is more than there can be",
    file({ a: f32(0, 8, [2 ** 40, 2 ** 40]) }, 8),
    "a: expected offsets 4.835703278458517e+24 bytes apart",
  ],
  ["no dtype", file({ a: { shape: [1], data_offsets: [0, 4] } }, 4), "found undefined"],
  [
    "no shape",
    file({ a: { dtype: "F32", data_offsets: [0, 4] } }, 4),
    "a: shape: expected integers",
  ],
  [
    "a negative size",
    file({ a: f32(0, 4, [-1]) }, 4),
    "a: shape: expected integers of at least 0, found [-1]",
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
    "__metadata__.n: expected a string",
  ],
];

for (const [what, bytes, says] of FAULTS) {
  Deno.test(`decodeSafetensors() rejects ${what}`, () => {
    assertThrows(() => decodeSafetensors(bytes), SafetensorsError, says);
  });
}

Deno.test("encodeSafetensors() rejects a wrong shape and a reserved name", () => {
  const one = (name: string, shape: number[]) =>
    new Map([[name, { shape, data: Float32Array.of(1) }]]);
  assertThrows(
    () => encodeSafetensors(one("a", [2])),
    SafetensorsError,
    "a: expected 2 elements for [2], found 1",
  );
  assertThrows(() => encodeSafetensors(one("__metadata__", [1])), SafetensorsError, "reserved");
});

/** Half-precision patterns and what they are. */
const HALVES = [
  [0x0000, 0],
  [0x8000, -0],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3c01, 1 + 2 ** -10],
  [0xc000, -2],
  [0x7bff, 65504],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x7e00, NaN],
] as const;

const BRAINS = [
  [0x0000, 0],
  [0x8000, -0],
  [0x0001, 2 ** -133],
  [0x3f81, 1 + 2 ** -7],
  [0xc000, -2],
  [0x7f7f, 2 ** 127 * (2 - 2 ** -7)],
  [0xff80, -Infinity],
  [0x7fc0, NaN],
] as const;

const DOUBLES = [
  [1 / 3, Math.fround(1 / 3)],
  [1 + 2 ** -24, 1],
  [1 + 3 * 2 ** -24, 1 + 2 ** -22],
  [2 ** -149, 2 ** -149],
  [2 ** -150, 0],
  [-(2 ** -151), -0],
  [1e300, Infinity],
  [-Infinity, -Infinity],
  [NaN, NaN],
] as const;

const set16 = (view: DataView, at: number, value: number) => view.setUint16(at, value, true);
const set64 = (view: DataView, at: number, value: number) => view.setFloat64(at, value, true);
const pairs = (table: readonly (readonly [number, number])[], side: 0 | 1) =>
  table.map((pair) => pair[side]);

Deno.test("decodeSafetensors() reads floats of every width, at any place in the file", () => {
  const bytes = fileOf({
    shift: { dtype: "U8", shape: [1], bytes: [7] },
    F16: { dtype: "F16", shape: [11], bytes: littleEndian(2, pairs(HALVES, 0), set16) },
    BF16: { dtype: "BF16", shape: [8], bytes: littleEndian(2, pairs(BRAINS, 0), set16) },
    F64: { dtype: "F64", shape: [3, 3], bytes: littleEndian(8, pairs(DOUBLES, 0), set64) },
    F32: {
      dtype: "F32",
      shape: [1],
      bytes: littleEndian(4, [0x7fc00001], (v, at, n) => v.setUint32(at, n, true)),
    },
  });
  const { tensors } = decodeSafetensors(bytes);
  assertEquals(tensors.get("F16"), { shape: [11], data: Float32Array.from(pairs(HALVES, 1)) });
  assertEquals(tensors.get("BF16")?.data, Float32Array.from(pairs(BRAINS, 1)));
  assertEquals(tensors.get("F64"), { shape: [3, 3], data: Float32Array.from(pairs(DOUBLES, 1)) });
  const signs = (name: string) =>
    Array.from(tensors.get(name)!.data, (value) => Object.is(value, -0)).indexOf(true);
  assertEquals([signs("F16"), signs("BF16"), signs("F64")], [1, 1, 5]);
  assertEquals(new Uint32Array(tensors.get("F32")!.data.buffer)[0], 0x7fc00001);
});

Deno.test("decodeSafetensors() reads integers of every width, and truth values", () => {
  const raw = (dtype: string, shape: number[], ...bytes: number[]) => ({ dtype, shape, bytes });
  const { tensors } = decodeSafetensors(fileOf({
    b: raw("BOOL", [2], 0, 1),
    s8: raw("I8", [2], 0x80, 0x7f),
    u8: raw("U8", [1], 0xff),
    s16: raw("I16", [1], 0xfe, 0xff),
    u16: raw("U16", [1], 0xfe, 0xff),
    s64: i64([2, 1], [-(2n ** 31n), 2n ** 31n - 1n]),
    u64: raw("U64", [1], 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0),
    none: raw("I64", [0, 5]),
    scalar: i64([], [3n]),
  }));
  const read = (name: string) => tensors.get(name)!;
  assertEquals(read("b").data, Uint32Array.of(0, 1));
  assertEquals(read("s8").data, Int32Array.of(-128, 127));
  assertEquals(read("u8").data, Uint32Array.of(255));
  assertEquals(read("s16").data, Int32Array.of(-2));
  assertEquals(read("u16").data, Uint32Array.of(65534));
  assertEquals(read("s64"), { shape: [2, 1], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) });
  assertEquals(read("u64").data, Uint32Array.of(2 ** 32 - 1));
  assertEquals(read("none"), { shape: [0, 5], data: new Int32Array(0) });
  assertEquals(read("scalar"), { shape: [], data: Int32Array.of(3) });
  for (const value of [2n ** 31n, -(2n ** 31n) - 1n, 2n ** 62n]) {
    assertThrows(
      () => decodeSafetensors(fileOf({ n: i64([1], [value]) })),
      SafetensorsError,
      `n (I64): expected integers from -2147483648 to 2147483647, found ${value}`,
    );
  }
});

Deno.test("decodeSafetensors() reads headers in any order, without metadata, padded or not", () => {
  const one = { dtype: "F32", shape: [1] };
  const header = `{"z":${JSON.stringify({ ...one, data_offsets: [4, 8] })},` +
    `"a\\"{":${JSON.stringify({ ...one, data_offsets: [0, 4] })}}   `;
  const { tensors, metadata } = decodeSafetensors(file(header, [0, 0, 128, 63, 0, 0, 0, 64]));
  assertEquals([...tensors].map(([name, { data }]) => [name, data[0]]), [['a"{', 1], ["z", 2]]);
  assertEquals(metadata, {});
});

Deno.test("decodeSafetensors() reads a header whose length begins as a pickle does", () => {
  const bytes = file("{}".padEnd(0x280), 0);
  assertEquals([...bytes.subarray(0, 2)], [0x80, 2]);
  assertEquals(decodeSafetensors(bytes).tensors.size, 0);
});
