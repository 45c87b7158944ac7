/**
 * Encoding messages in the wire format of Protocol Buffers
 * (https://protobuf.dev/programming-guides/encoding), as far as files of ONNX and TensorBoard need it.
 *
 * @module
 */
import { concatBytes } from "../../src/host_data.ts";

/** The type of a field: an integer from 0, a float32, a float64, a text, bytes, or another message. */
export type Kind = "int" | "float" | "double" | "text" | "bytes" | Message;

/** The fields of a message by name, each with its field number. */
export interface Message {
  readonly [name: string]: readonly [id: number, kind: Kind];
}

/** The content of a message; a list is a repeated field. */
export interface Content {
  readonly [name: string]: unknown;
}

const LENGTH = 2, VARINT = 0, FIXED = 5, FIXED64 = 1;

/** Seven bits per byte, the lowest first; the top bit says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  return [...bytes, value];
}

const float = (value: number): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return new Uint8Array(view.buffer);
};

const double = (value: number): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return new Uint8Array(view.buffer);
};

function field(id: number, kind: Kind, value: unknown): ArrayLike<number>[] {
  if (Array.isArray(value)) return value.flatMap((each) => field(id, kind, each));
  if (kind === "int") return [varint(8 * id + VARINT), varint(value as number)];
  if (kind === "float") return [varint(8 * id + FIXED), float(value as number)];
  if (kind === "double") return [varint(8 * id + FIXED64), double(value as number)];
  const bytes = kind === "text"
    ? new TextEncoder().encode(value as string)
    : kind === "bytes"
    ? value as Uint8Array
    : encode(kind, value as Content);
  return [varint(8 * id + LENGTH), varint(bytes.length), bytes];
}

/** The bytes of a message; undefined fields are left out. */
export const encode = (message: Message, content: Content): Uint8Array<ArrayBuffer> =>
  concatBytes(
    Object.entries(content).filter(([, value]) => value !== undefined)
      .flatMap(([name, value]) => field(...message[name]!, value)),
  );
