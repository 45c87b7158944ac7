/**
 * Host data (numbers, nested arrays, typed arrays) as 32-bit elements. Values that the type cannot
 * represent are errors.
 *
 * @module
 */
import { counted } from "./counted.ts";
import { showShape } from "./shape.ts";

/** The type of a tensor's elements: 32-bit float, signed or unsigned integer. */
export type DType = "f32" | "i32" | "u32";

/** Elements as a runtime returns them. */
export type Data =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>;

/** A typed array of any kind, over any kind of buffer. */
export type HostArray = ArrayBufferView & (ArrayLike<number> | ArrayLike<bigint>);

/** Nested arrays of numbers. */
export type Nested = number | readonly Nested[];

/** A number, a typed array, or arrays of them, nested to any depth. */
export type HostData = number | HostArray | readonly HostData[];

/** The typed array that holds elements of a type. */
export const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;

/** Elements, and the shape of the nested arrays that they came in. */
export interface Elements {
  /** The elements, flat in row-major order. */
  readonly data: Data;
  /** Their type. */
  readonly dtype: DType;
  /** The lengths of the arrays, from the outermost to the innermost. */
  readonly shape: readonly number[];
}

const RANGES = { i32: [-(2 ** 31), 2 ** 31 - 1], u32: [0, 2 ** 32 - 1] } as const;
/** The largest number of f32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** The default element type for each kind of typed array. */
const TYPES: Readonly<Record<string, DType>> = {
  Float16Array: "f32",
  Float32Array: "f32",
  Float64Array: "f32",
  Int8Array: "i32",
  Int16Array: "i32",
  Int32Array: "i32",
  BigInt64Array: "i32",
  Uint8Array: "u32",
  Uint8ClampedArray: "u32",
  Uint16Array: "u32",
  Uint32Array: "u32",
  BigUint64Array: "u32",
};

/** A typed array's kind, also of one from another realm; undefined for anything else. */
function arrayKind(value: unknown): string | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const kind = (value as unknown as Record<symbol, string>)[Symbol.toStringTag]!;
  return Object.hasOwn(TYPES, kind) ? kind : undefined;
}

const isHostArray = (value: unknown): value is HostArray => arrayKind(value) !== undefined;

/** A short description of a value, for errors. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 20));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  const name = value.constructor?.name || "Object";
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

/** Throws TypeError unless a value is a type of elements. */
export function checkDType(where: string, dtype: unknown): asserts dtype is DType {
  if (typeof dtype === "string" && Object.hasOwn(ARRAYS, dtype)) return;
  const known = Object.keys(ARRAYS).join(", ");
  throw new TypeError(`${where}: expected a type of ${known}, found ${showValue(dtype)}`);
}

/** Throws TypeError unless a value is a function. */
export function checkFunction(where: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`${where}: expected a function, found ${showValue(value)}`);
}

const describeRange = (dtype: DType): string =>
  dtype === "f32"
    ? `numbers within f32's ±${LARGEST.toPrecision(4)}, infinities or NaN`
    : `${dtype} integers from ${RANGES[dtype].join(" to ")}`;

/** Whether a number is an element of a type; of f32 after rounding. */
function fits(value: number, dtype: DType): boolean {
  if (dtype === "f32") return Number.isFinite(Math.fround(value)) || !Number.isFinite(value);
  const [low, high] = RANGES[dtype];
  return Number.isInteger(value) && value >= low && value <= high;
}

/** A number or bigint as an element of a type; undefined where the type cannot represent it. */
function toElement(value: number | bigint, dtype: DType): number | undefined {
  const number = Number(value);
  if (typeof value === "bigint" && !Number.isSafeInteger(number)) return undefined;
  return fits(number, dtype) ? number : undefined;
}

function fill(where: string, from: HostArray, into: Data, at: number, dtype: DType, path: string) {
  if (TYPES[arrayKind(from)!] === dtype && !/64/.test(arrayKind(from)!)) {
    into.set(from as ArrayLike<number>, at);
    return;
  }
  for (let i = 0; i < from.length; i++) {
    const value = from[i]!, element = toElement(value, dtype);
    if (element === undefined) {
      throw new RangeError(
        `${where}: expected ${describeRange(dtype)}, found ${showValue(value)} at ${path}[${i}]`,
      );
    }
    into[at + i] = element;
  }
}

/** The shape of nested arrays, read off their first elements. */
function nestedShape(values: unknown): number[] {
  const shape: number[] = [];
  let inner = values;
  while (Array.isArray(inner) || isHostArray(inner)) {
    shape.push(inner.length);
    if (isHostArray(inner)) break;
    inner = (inner as readonly unknown[])[0];
  }
  return shape;
}

/** An empty array as text, for errors. */
function showEmpty(values: readonly unknown[] | HostArray): string {
  if (!isHostArray(values)) return "[]";
  const isGone = (values.buffer as { readonly detached?: boolean }).detached;
  return `${showValue(values)} of length 0${isGone ? ", whose buffer was transferred away" : ""}`;
}

/** Whether an array already is a type's own typed array, over a buffer that is neither shared nor resizable. */
const isOwn = (values: unknown, dtype: DType): values is Data =>
  values instanceof ARRAYS[dtype] && values.buffer instanceof ArrayBuffer &&
  !(values.buffer as { readonly resizable?: boolean }).resizable;

/**
 * Elements from numbers, nested arrays or a typed array; a typed array of the type itself is used without a
 * copy.
 *
 * @param where The name of the calling function, for errors.
 * @param dtype The element type; if left out, the default of a typed array's kind, and f32 for anything
 * else.
 * @throws TypeError on anything but numbers and arrays of them; RangeError on ragged or empty arrays and on
 * numbers that the type cannot represent. The message says which value, and its path.
 */
export function toElements(where: string, values: unknown, dtype?: DType): Elements {
  if (dtype !== undefined) checkDType(where, dtype);
  const type = dtype ?? TYPES[arrayKind(values) ?? "Float32Array"]!;
  const shape = nestedShape(values);
  if (isOwn(values, type) && values.length > 0) return { data: values, dtype: type, shape };
  const data = new ARRAYS[type](shape.reduce((n, d) => n * d, 1));
  let at = 0;
  const walk = (part: unknown, depth: number, path: string) => {
    if (Array.isArray(part) || isHostArray(part)) {
      if (part.length === 0) {
        throw new RangeError(`${where}: expected at least one element, found ${showEmpty(part)}`);
      }
      if (part.length !== shape[depth]) throw ragged(path, part.length);
      if (isHostArray(part)) {
        if (depth !== shape.length - 1) throw ragged(path, part.length);
        fill(where, part, data, at, type, path);
        at += part.length;
      } else {
        // By index, since forEach skips holes.
        for (let i = 0; i < part.length; i++) walk(part[i], depth + 1, `${path}[${i}]`);
      }
      return;
    }
    if (typeof part !== "number") {
      throw new TypeError(
        `${where}: expected numbers, in arrays or a typed array, found ${showValue(part)}` +
          (path && ` at ${path}`) + hint(part),
      );
    }
    if (depth !== shape.length) throw ragged(path, 1);
    if (!fits(part, type)) {
      throw new RangeError(
        `${where}: expected ${describeRange(type)}, found ${part}${path && ` at ${path}`}`,
      );
    }
    data[at++] = part;
  };
  const ragged = (path: string, length: number) =>
    new RangeError(
      `${where}: expected nested arrays of equal lengths, found ragged ones: ${
        counted(length, "element")
      } at ${path || "the top"} where the first ones make ${showShape(shape)}`,
    );
  walk(values, 0, "");
  return { data, dtype: type, shape };
}

function hint(part: unknown): string {
  const isBytes = part instanceof ArrayBuffer || part instanceof DataView ||
    typeof SharedArrayBuffer !== "undefined" && part instanceof SharedArrayBuffer;
  return isBytes ? "; create a typed array of its elements, such as new Float32Array(buffer)" : "";
}

/** The bits of a number as an f32. */
export const floatBits = (value: number): number =>
  new Uint32Array(Float32Array.of(value).buffer)[0]!;

/** Concatenates bytes. */
export function concatBytes(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
