/**
 * The element types of safetensors files, and their conversion to this library's types.
 *
 * @module
 */
import type { Data } from "../../host_data.ts";

/** An element type of a file. */
export interface ElementType {
  /** Bytes per element. */
  readonly bytes: number;
  /** Whether its numbers are integers (or booleans, as 0 and 1). */
  readonly integer: boolean;
  /** Reads little-endian elements. Throws a RangeError on an integer that does not fit 32 bits. */
  read(view: DataView): Data;
}

/** An element type whose elements are read one by one. */
const each = (bytes: number, integer: boolean, read: (view: DataView, count: number) => Data) => ({
  bytes,
  integer,
  read: (view: DataView) => read(view, view.byteLength / bytes),
});

const floats = (bytes: number, at: (view: DataView, byte: number) => number): ElementType =>
  each(
    bytes,
    false,
    (view, count) => Float32Array.from({ length: count }, (_, i) => at(view, bytes * i)),
  );

const signed = (bytes: number, at: (view: DataView, byte: number) => number): ElementType =>
  each(
    bytes,
    true,
    (view, count) => Int32Array.from({ length: count }, (_, i) => at(view, bytes * i)),
  );

const unsigned = (bytes: number, at: (view: DataView, byte: number) => number): ElementType =>
  each(
    bytes,
    true,
    (view, count) => Uint32Array.from({ length: count }, (_, i) => at(view, bytes * i)),
  );

/** Decodes a half-precision float: sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A 64-bit integer as a number, if it fits 32 bits. */
function narrowed(value: bigint, least: number, most: number): number {
  if (value >= BigInt(least) && value <= BigInt(most)) return Number(value);
  throw new RangeError(`expected integers from ${least} to ${most}, found ${value}`);
}

/** Copies little-endian bytes to an array in this machine's byte order. */
function copied<A extends Data>(view: DataView, array: new (buffer: ArrayBuffer) => A): A {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  if (!LITTLE) {
    for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  }
  return new array(bytes.buffer as ArrayBuffer);
}

/** Whether this machine is little-endian. */
export const LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * The supported types. Floats become f32: narrower ones exactly, wider ones rounded to the nearest, and to
 * infinity beyond f32's range. Signed integers become i32, unsigned ones and booleans u32.
 */
export const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  F64: floats(8, (view, at) => view.getFloat64(at, true)),
  F32: { bytes: 4, integer: false, read: (view) => copied(view, Float32Array) },
  F16: floats(2, (view, at) => half(view.getUint16(at, true))),
  BF16: each(2, false, (view, count) => {
    const bits = Uint32Array.from({ length: count }, (_, i) => view.getUint16(2 * i, true) << 16);
    return new Float32Array(bits.buffer);
  }),
  I64: signed(8, (view, at) => narrowed(view.getBigInt64(at, true), -(2 ** 31), 2 ** 31 - 1)),
  I32: { bytes: 4, integer: true, read: (view) => copied(view, Int32Array) },
  I16: signed(2, (view, at) => view.getInt16(at, true)),
  I8: signed(1, (view, at) => view.getInt8(at)),
  U64: unsigned(8, (view, at) => narrowed(view.getBigUint64(at, true), 0, 2 ** 32 - 1)),
  U32: { bytes: 4, integer: true, read: (view) => copied(view, Uint32Array) },
  U16: unsigned(2, (view, at) => view.getUint16(at, true)),
  U8: unsigned(1, (view, at) => view.getUint8(at)),
  BOOL: unsigned(1, (view, at) => view.getUint8(at) ? 1 : 0),
};

/** The format's unsupported types, and what they are. */
export const OTHER_TYPES: Readonly<Record<string, string>> = {
  F8_E4M3: "8-bit floats",
  F8_E5M2: "8-bit floats",
  F8_E8M0: "8-bit scales",
  F8_E4M3FNUZ: "8-bit floats",
  F8_E5M2FNUZ: "8-bit floats",
  F6_E2M3: "6-bit floats",
  F6_E3M2: "6-bit floats",
  F4: "4-bit floats",
  C64: "complex numbers",
};
