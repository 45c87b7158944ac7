/**
 * Encodes and decodes the safetensors format (https://huggingface.co/docs/safetensors): the length of a
 * JSON header as a little-endian u64, the header, then the elements of all tensors.
 *
 * @module
 */
import { sizeOf } from "../../shape.ts";
import { type Data, type DType, type HostArray, toElements } from "../../host_data.ts";
import { LITTLE } from "./element_types.ts";
import { SafetensorsError } from "./safetensors_error.ts";
import { METADATA, openSafetensors } from "./header.ts";

export { SafetensorsError };

/** A tensor in a file. */
export interface StoredTensor {
  /** The sizes of its axes. */
  readonly shape: readonly number[];
  /** Its elements, row-major. */
  readonly data: Data;
}

/** The content of a file. */
export interface Safetensors {
  /** Tensors by name, in the order of their elements in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Strings by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

const CODES = { f32: "F32", i32: "I32", u32: "U32" } as const satisfies Record<DType, string>;

/** A tensor to be written to a file. */
export interface Storable {
  /** The sizes of its axes. */
  readonly shape: readonly number[];
  /** Its elements, row-major, in a typed array of any kind; converted as `tensor` does. */
  readonly data: HostArray;
}

const fail = (message: string): never => {
  throw new SafetensorsError(`safetensors: ${message}`);
};

/**
 * Encodes tensors as a file, in the given order: f32, i32 or u32, converted as by {@linkcode tensor}. The
 * header is padded with spaces to a multiple of 8 bytes, so that elements are aligned.
 *
 * @throws SafetensorsError on a shape that does not hold the elements given, or the name `__metadata__`.
 * @throws RangeError on an element that its type cannot represent.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * const w = { shape: [2, 1], data: Float32Array.of(1, 2) };
 * const bytes = train.encodeSafetensors(new Map([["w", w]]));
 * console.assert(train.decodeSafetensors(bytes).tensors.get("w")?.data.join() === "1,2");
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Storable>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const fields: string[] = [];
  const field = (name: string, value: unknown) =>
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  if (Object.keys(metadata).length > 0) field(METADATA, metadata);
  let end = 0;
  const written: Data[] = [];
  for (const [name, { shape, data: given }] of tensors) {
    if (name === METADATA) fail(`expected another name than ${METADATA}, which is reserved`);
    const { data, dtype } = given.length > 0
      ? toElements(`safetensors: ${name}`, given)
      : { data: new Float32Array(0), dtype: "f32" as const };
    if (sizeOf(shape) !== data.length) {
      fail(`${name}: expected ${sizeOf(shape)} elements for [${shape}], found ${data.length}`);
    }
    const begin = end;
    end += data.byteLength;
    written.push(data);
    field(name, { dtype: CODES[dtype], shape, data_offsets: [begin, end] });
  }
  const text = new TextEncoder().encode(`{${fields.join()}}`);
  const header = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + header + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header), true);
  file.set(text, 8);
  file.fill(0x20, 8 + text.length, 8 + header);
  let at = 8 + header;
  for (const data of written) {
    file.set(littleEndian(data), at);
    at += data.byteLength;
  }
  return file;
}

/** The bytes of elements in little-endian order; byte-swapped on a big-endian machine. */
function littleEndian(data: Data): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (LITTLE) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += 4) swapped.subarray(at, at + 4).reverse();
  return swapped;
}

/**
 * Decodes a file. Tensors are copies, so the bytes may be reused.
 *
 * Numbers of other types are converted: F16 and BF16 to f32, exactly; F64 to f32, rounded to the nearest;
 * I8, I16 and I64 to i32; U8, U16, U64 and BOOL to u32.
 *
 * @throws SafetensorsError on a truncated or damaged file, tensors that overlap or leave gaps, names that
 * occur twice, integers that do not fit 32 bits, and types of 8 bits or fewer per number that are not
 * integers.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * const scalar = { shape: [], data: Int32Array.of(7) };
 * const { tensors } = train.decodeSafetensors(train.encodeSafetensors(new Map([["step", scalar]])));
 * console.assert(tensors.get("step")?.data[0] === 7);
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array<ArrayBuffer>): Safetensors {
  const { entries, metadata } = openSafetensors(bytes);
  const tensors = new Map(
    [...entries].map(([name, { shape, read }]): [string, StoredTensor] => [
      name,
      { shape, data: read() },
    ]),
  );
  return { tensors, metadata };
}
