/**
 * Safetensors files made by hand, for tests.
 *
 * @module
 */

/** A file of a header, as written or as JSON, and its elements or so many bytes of them. */
export function file(
  header: unknown,
  elements: number | ArrayLike<number>,
  claimed?: number,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const body = typeof elements === "number" ? new Uint8Array(elements) : Uint8Array.from(elements);
  const whole = new Uint8Array(8 + text.length + body.length);
  new DataView(whole.buffer).setBigUint64(0, BigInt(claimed ?? text.length), true);
  whole.set(text, 8);
  whole.set(body, 8 + text.length);
  return whole;
}

/** A tensor by its type, shape and bytes, the lower ones first. */
export interface Raw {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: ArrayLike<number>;
}

/** A file of such tensors, one after another. */
export function fileOf(tensors: Readonly<Record<string, Raw>>): Uint8Array<ArrayBuffer> {
  const body: number[] = [], header: Record<string, unknown> = {};
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    const begin = body.length;
    for (let i = 0; i < bytes.length; i++) body.push(bytes[i]!);
    header[name] = { dtype, shape, data_offsets: [begin, body.length] };
  }
  return file(header, body);
}

/** Numbers as elements of so many bytes each, by a setter of DataView. */
export function littleEndian<N extends number | bigint>(
  bytes: number,
  numbers: readonly N[],
  set: (view: DataView, at: number, value: N) => void,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes * numbers.length));
  numbers.forEach((number, i) => set(view, bytes * i, number));
  return new Uint8Array(view.buffer);
}

/** An F32 tensor. */
export const f32 = (shape: readonly number[], numbers: readonly number[]): Raw => ({
  dtype: "F32",
  shape,
  bytes: littleEndian(4, numbers, (view, at, value) => view.setFloat32(at, value, true)),
});

/** An I64 tensor. */
export const i64 = (shape: readonly number[], numbers: readonly bigint[]): Raw => ({
  dtype: "I64",
  shape,
  bytes: littleEndian(8, numbers, (view, at, value) => view.setBigInt64(at, value, true)),
});
