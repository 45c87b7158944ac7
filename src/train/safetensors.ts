/**
 * The safetensors format (https://huggingface.co/docs/safetensors): the length of a JSON header as a
 * little-endian u64, the header, then the elements of every tensor, one after another.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
import type { Data, DType } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";

/** A tensor in a file. */
export interface StoredTensor {
  /** The sizes of its axes. */
  readonly shape: readonly number[];
  /** Its elements, row-major. */
  readonly data: Data;
}

/** What a file holds. */
export interface Safetensors {
  /** Tensors by name, in the order of their elements in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Bytes that are not a safetensors file, or hold what this toolkit cannot.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, SafetensorsError } from "@goodinit/goodinit";
 *
 * try {
 *   decodeSafetensors(Uint8Array.of(1, 2, 3));
 * } catch (error) {
 *   console.assert(error instanceof SafetensorsError);
 * }
 * ```
 */
export class SafetensorsError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "SafetensorsError";
}

/** The most bytes that readers of the format take for a header. */
const MAX_HEADER = 100_000_000;
const METADATA = "__metadata__";
const ARRAYS = { F32: Float32Array, I32: Int32Array, U32: Uint32Array } as const;
const CODES = { f32: "F32", i32: "I32", u32: "U32" } as const satisfies Record<DType, string>;

const codeOf = (data: Data): keyof typeof ARRAYS =>
  data instanceof Float32Array ? CODES.f32 : data instanceof Int32Array ? CODES.i32 : CODES.u32;

const fail = (message: string): never => {
  throw new SafetensorsError(`safetensors: ${message}`);
};

/**
 * A file of tensors, in the order given. The header is padded by spaces to a multiple of 8 bytes, so
 * that elements are aligned.
 *
 * @throws SafetensorsError on a shape that does not hold the elements given, or the name `__metadata__`.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@goodinit/goodinit";
 *
 * const w = { shape: [2, 1], data: Float32Array.of(1, 2) };
 * const bytes = encodeSafetensors(new Map([["w", w]]));
 * console.assert(decodeSafetensors(bytes).tensors.get("w")?.data.join() === "1,2");
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const fields: string[] = [];
  const field = (name: string, value: unknown) =>
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (Object.keys(metadata).length > 0) field(METADATA, metadata);
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    if (name === METADATA) fail(`expected another name than ${METADATA}, which is taken`);
    if (sizeOf(shape) !== data.length) {
      fail(`${name}: expected ${sizeOf(shape)} elements for [${shape}], found ${data.length}`);
    }
    const begin = end;
    end += data.byteLength;
    field(name, { dtype: codeOf(data), shape, data_offsets: [begin, end] });
  }
  const text = new TextEncoder().encode(`{${fields.join()}}`);
  const header = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + header + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header), true);
  file.set(text, 8);
  file.fill(0x20, 8 + text.length, 8 + header);
  let at = 8 + header;
  for (const { data } of tensors.values()) {
    file.set(littleEndian(data), at);
    at += data.byteLength;
  }
  return file;
}

const LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The bytes of elements in little-endian order; turned round on a machine of the other order. */
function littleEndian(data: Data): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (LITTLE) return bytes;
  const turned = bytes.slice();
  for (let at = 0; at < turned.length; at += 4) turned.subarray(at, at + 4).reverse();
  return turned;
}

/** Reads the header's JSON text, and returns it with the place where elements begin. */
function headerOf(bytes: Uint8Array<ArrayBuffer>): [Record<string, unknown>, number] {
  if (bytes.length < 8) fail(`expected at least 8 bytes, found ${bytes.length}: truncated`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) {
    fail(`expected a header of at most ${MAX_HEADER} bytes, found ${length}: not this format`);
  }
  const end = 8 + Number(length);
  if (end > bytes.length) {
    fail(`expected a header of ${length} bytes, found ${bytes.length - 8}: truncated`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, end)));
  } catch (cause) {
    throw new SafetensorsError("safetensors: expected a header in JSON, found other text", {
      cause,
    });
  }
  return [record("header", header), end];
}

function record(what: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail(`${what}: expected an object, found ${JSON.stringify(value)}`);
  }
  return value as Record<string, unknown>;
}

function wholeNumbers(what: string, value: unknown): number[] {
  if (!Array.isArray(value) || !value.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    fail(`${what}: expected whole numbers, found ${JSON.stringify(value)}`);
  }
  return value as number[];
}

interface Entry {
  readonly name: string;
  readonly code: keyof typeof ARRAYS;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function entryOf(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets } = record(name, value);
  if (typeof dtype !== "string" || !Object.hasOwn(ARRAYS, dtype)) {
    fail(`${name}: expected a dtype of F32, I32, U32, found ${JSON.stringify(dtype)}`);
  }
  const sizes = wholeNumbers(`${name}: shape`, shape);
  const offsets = wholeNumbers(`${name}: data_offsets`, data_offsets);
  const [begin, end] = offsets as Tuple<number, 2>, bytes = 4 * sizeOf(sizes);
  if (offsets.length !== 2 || end - begin !== bytes) {
    fail(`${name}: expected offsets ${bytes} bytes apart for [${sizes}], found [${offsets}]`);
  }
  return { name, code: dtype as Entry["code"], shape: sizes, begin, end };
}

function metadataOf(value: unknown): Record<string, string> {
  const texts = record(METADATA, value ?? {});
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text !== "string") fail(`${METADATA}.${name}: expected a text, found ${text}`);
  }
  return texts as Record<string, string>;
}

/**
 * Reads a file. Tensors are copies: the bytes may be reused.
 *
 * @throws SafetensorsError on a truncated or damaged file, tensors that overlap or leave gaps, and
 * dtypes other than F32, I32 and U32.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@goodinit/goodinit";
 *
 * const scalar = { shape: [], data: Int32Array.of(7) };
 * const { tensors } = decodeSafetensors(encodeSafetensors(new Map([["step", scalar]])));
 * console.assert(tensors.get("step")?.data[0] === 7);
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array<ArrayBuffer>): Safetensors {
  const [{ [METADATA]: texts, ...values }, start] = headerOf(bytes);
  const metadata = metadataOf(texts);
  const entries = Object.entries(values).map(([name, value]) => entryOf(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  const tensors = new Map<string, StoredTensor>();
  let at = 0;
  for (const { name, code, shape, begin, end } of entries) {
    if (begin !== at) {
      const fault = begin < at ? "overlaps the tensor before it" : "leaves a gap before it";
      fail(`${name}: expected elements from byte ${at}, found them from ${begin}: ${fault}`);
    }
    if (start + end > bytes.length) {
      fail(`${name}: expected ${end} bytes of elements, found ${bytes.length - start}: truncated`);
    }
    const data = new ARRAYS[code](bytes.slice(start + begin, start + end).buffer);
    tensors.set(name, { shape, data: LITTLE ? data : new ARRAYS[code](littleEndian(data).buffer) });
    at = end;
  }
  if (start + at !== bytes.length) {
    fail(`expected ${at} bytes of elements, found ${bytes.length - start}`);
  }
  return { tensors, metadata };
}
