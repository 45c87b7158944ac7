/**
 * Parses the header of a safetensors file: its tensors' names, types, shapes and positions.
 *
 * @module
 */
import { sizeOf } from "../../shape.ts";
import type { Data } from "../../host_data.ts";
import { ELEMENT_TYPES, OTHER_TYPES } from "./element_types.ts";
import { foreignKind } from "./foreign_format.ts";
import { duplicateKey } from "./duplicate_key.ts";
import { shownJson } from "../../one_line.ts";
import { SafetensorsError } from "./safetensors_error.ts";

/** A tensor in a file, whose elements are read on demand. */
export interface Entry {
  readonly shape: readonly number[];
  /** Its type in the file, such as `BF16`. */
  readonly code: string;
  /** Whether that is an integer type. */
  readonly integer: boolean;
  /** Its elements. Throws a SafetensorsError if an integer does not fit 32 bits. */
  read(): Data;
}

/** The content of a file. */
export interface Stored {
  /** Tensors by name, in the order of their elements in the file. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The most bytes of a header, by the format. */
const MAX_HEADER = 100_000_000;

/** The name of a file's metadata in the header. */
export const METADATA = "__metadata__";

const fail = (message: string, cause?: unknown): never => {
  throw new SafetensorsError(`safetensors: ${message}`, { cause });
};

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    return fail("expected a header in JSON, found other text", cause);
  }
}

/** The first byte of a header, which is an object in JSON. */
const OPENING_BRACE = 0x7b;

/** Parses the header's JSON; returns it with the position of the first element. */
function parseHeader(bytes: Uint8Array<ArrayBuffer>): [Record<string, unknown>, number] {
  const kind = foreignKind(bytes);
  if (kind) fail(`expected a safetensors file, found ${kind}`);
  if (bytes.length < 8) fail(`expected at least 8 bytes, found ${bytes.length}: truncated`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) {
    if (bytes[8] !== OPENING_BRACE) fail("expected a safetensors file, found another format");
    fail(`expected a header of at most ${MAX_HEADER} bytes, found ${length}`);
  }
  const end = 8 + Number(length);
  if (end > bytes.length) {
    fail(`expected a header of ${length} bytes, found ${bytes.length - 8}: truncated`);
  }
  const text = decodeText(bytes.subarray(8, end));
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    fail("expected a header in JSON, found other text", cause);
  }
  const fields = record("header", header);
  if (!text.startsWith("{")) fail("expected a header that begins with {, found white space");
  const twice = duplicateKey(text);
  if (twice !== undefined) fail(`expected each name once in the header, found ${twice} twice`);
  return [fields, end];
}

function record(what: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail(`${what}: expected an object, found ${shownJson(value)}`);
  }
  return value as Record<string, unknown>;
}

function integers(what: string, value: unknown): number[] {
  if (!Array.isArray(value) || !value.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    fail(`${what}: expected integers of at least 0, found ${shownJson(value)}`);
  }
  return value as number[];
}

/** A tensor's field in the header. */
interface HeaderField {
  readonly name: string;
  readonly code: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function parseField(name: string, value: unknown): HeaderField {
  const { dtype, shape, data_offsets } = record(name, value);
  if (typeof dtype !== "string" || !Object.hasOwn(ELEMENT_TYPES, dtype)) {
    const other = typeof dtype === "string" && Object.hasOwn(OTHER_TYPES, dtype);
    fail(
      `${name}: expected a dtype of ${Object.keys(ELEMENT_TYPES).join(", ")}, ` +
        `found ${shownJson(dtype)}` +
        (other ? ` (${OTHER_TYPES[dtype]}, which are not read; convert them to F32 first)` : ""),
    );
  }
  const code = dtype as string, sizes = integers(`${name}: shape`, shape);
  const offsets = integers(`${name}: data_offsets`, data_offsets);
  const [begin, end] = offsets as [number, number];
  const bytes = ELEMENT_TYPES[code]!.bytes * sizeOf(sizes);
  if (offsets.length !== 2 || end - begin !== bytes) {
    fail(`${name}: expected offsets ${bytes} bytes apart for [${sizes}], found [${offsets}]`);
  }
  return { name, code, shape: sizes, begin, end };
}

function parseMetadata(value: unknown): Record<string, string> {
  const texts = record(METADATA, value ?? {});
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text !== "string") {
      fail(`${METADATA}.${name}: expected a string, found ${shownJson(text)}`);
    }
  }
  return texts as Record<string, string>;
}

/** The tensor of a field; each read copies its elements from the file's bytes. */
function createEntry({ name, code, shape, begin, end }: HeaderField, elements: Uint8Array): Entry {
  const { integer, read } = ELEMENT_TYPES[code]!;
  const view = new DataView(elements.buffer, elements.byteOffset + begin, end - begin);
  return {
    shape,
    code,
    integer,
    read() {
      try {
        return read(view);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        return fail(`${name} (${code}): ${cause.message}`, cause);
      }
    },
  };
}

/**
 * Reads a file's header. Throws a SafetensorsError on a truncated or damaged file, and if tensors overlap,
 * leave gaps, or have an unsupported type.
 */
export function openSafetensors(bytes: Uint8Array<ArrayBuffer>): Stored {
  const [{ [METADATA]: texts, ...values }, start] = parseHeader(bytes);
  const metadata = parseMetadata(texts), elements = bytes.subarray(start);
  const fields = Object.entries(values).map(([name, value]) => parseField(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  const entries = new Map<string, Entry>();
  let at = 0;
  for (const field of fields) {
    const { name, begin, end } = field;
    if (begin !== at) {
      const fault = begin < at ? "overlaps the tensor before it" : "leaves a gap before it";
      fail(`${name}: expected elements from byte ${at}, found them from ${begin}: ${fault}`);
    }
    if (end > elements.length) {
      fail(`${name}: expected ${end} bytes of elements, found ${elements.length}: truncated`);
    }
    entries.set(name, createEntry(field, elements));
    at = end;
  }
  if (at !== elements.length) {
    fail(`expected ${at} bytes of elements, found ${elements.length}`);
  }
  return { entries, metadata };
}
