/**
 * Reads ZIP archives.
 *
 * @module
 */
import { counted } from "../../counted.ts";
import { type Bound, FIRST, mostInflated, tooMuch } from "./bound.ts";
import { crc32 } from "./crc32.ts";
import { DataError, type NamedBytes } from "./data_file.ts";
import { ExcessError, inflate } from "./inflate.ts";

/** A file in an archive. */
export interface ZipMember {
  readonly path: string;
  /**
   * Its content. Rejects with a {@linkcode DataError} if it is damaged, compressed by an unsupported method,
   * or larger than it may be.
   */
  read(bound: Bound): Promise<Uint8Array<ArrayBuffer>>;
}

/** The signatures of an archive's records, as little-endian words. */
const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50;
/** The sizes of these records in bytes, without names. */
const LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22;
/** The supported compression methods. */
const STORED = 0, DEFLATED = 8;

/** Whether bytes start as a ZIP archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** The position of the end-of-central-directory record. */
function findEnd(view: DataView): number | undefined {
  const least = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= least; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
}

/** A file's entry in the central directory. */
interface Entry {
  readonly flags: number;
  readonly method: number;
  /** The checksum of its content. */
  readonly crc: number;
  /** Its bytes in the archive, and those of its content. */
  readonly packed: number;
  readonly size: number;
  /** The position of its local header. */
  readonly at: number;
}

/** The flag of encrypted files. */
const ENCRYPTED = 1;

/** A size or position that is stored elsewhere, as it needs 64 bits. */
const ELSEWHERE = 0xffffffff;

/** Why an entry cannot be read, if that is known from it alone. */
function whyUnread({ flags, method, packed, size, at }: Entry): string | undefined {
  if (flags & ENCRYPTED) return "it encrypted";
  if ([packed, size, at].includes(ELSEWHERE)) return "one of 4 GB or more (ZIP64)";
  if (method !== STORED && method !== DEFLATED) return `it packed by the method ${method}`;
  if (method === STORED && packed !== size) return `${packed} stored bytes of ${size}`;
}

/** The bytes of an entry in the archive; undefined where they are not there. */
function packedBytes(bytes: Uint8Array<ArrayBuffer>, { packed, at }: Entry) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + LOCAL_SIZE > bytes.length || view.getUint32(at, true) !== LOCAL) return undefined;
  const from = at + LOCAL_SIZE + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  return bytes.subarray(from, from + packed);
}

async function readEntry(source: NamedBytes, path: string, entry: Entry, bound: Bound) {
  const { file, bytes } = source, { method, crc, packed, size } = entry;
  const fail = (found: string, cause?: unknown): never => {
    throw new DataError(`${file}: expected ${path} in the archive, found ${found}`, { cause });
  };
  const why = whyUnread(entry);
  if (why !== undefined) return fail(why);
  const stored = packedBytes(bytes, entry);
  if (!stored) return fail("none");
  if (stored.length < packed) return fail("a part of it");
  const most = mostInflated(packed);
  if (method !== STORED && size > most) throw tooMuch(`${file}/${path}`, packed, most);
  const allowed = (first: Uint8Array<ArrayBuffer>) => Math.min(size, bound(first, file));
  const content = method === STORED
    ? stored
    : await inflate(stored, "deflate-raw", FIRST, allowed).catch((cause) => {
      if (cause instanceof DataError) throw cause;
      return fail(
        cause instanceof ExcessError ? `more bytes than ${cause.most}` : "it damaged",
        cause,
      );
    });
  if (content.length !== size) return fail(`${content.length} bytes of ${size}`);
  return crc32(content) === crc ? content : fail("it damaged: its checksum differs");
}

/** The files of an archive. Throws a {@linkcode DataError} if the central directory is missing or damaged. */
export function readZip(source: NamedBytes): ZipMember[] {
  const { file, bytes } = source, members: ZipMember[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), end = findEnd(view);
  const fail = (found: string): never => {
    throw new DataError(`${file}: expected a complete ZIP archive, found ${found}`);
  };
  if (end === undefined) return fail("one without a central directory");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_SIZE > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      return fail(`one whose list of ${counted(count, "file")} ends after ${i}`);
    }
    const [name, extra, comment] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true)
    ) as [number, number, number];
    const from = at + CENTRAL_SIZE,
      path = new TextDecoder().decode(bytes.subarray(from, from + name));
    const entry = {
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    if (!path.endsWith("/")) {
      members.push({ path, read: (bound) => readEntry(source, path, entry, bound) });
    }
    at = from + name + extra + comment;
  }
  return members;
}
