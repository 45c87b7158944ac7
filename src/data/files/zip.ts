/**
 * Reads ZIP archives.
 *
 * @module
 */
import { counted } from "../../counted.ts";
import { DataError, type NamedBytes } from "./data_file.ts";

/** A file in an archive. */
export interface ZipMember {
  readonly path: string;
  /**
   * Its content. Rejects with a {@linkcode DataError} if it is damaged or compressed by an unsupported
   * method.
   */
  read(): Promise<Uint8Array<ArrayBuffer>>;
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

/**
 * A file's entry in the central directory: its compression method, its compressed size, its local header's
 * position.
 */
interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly at: number;
}

async function readEntry({ file, bytes }: NamedBytes, path: string, { method, packed, at }: Entry) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (found: string, cause?: unknown): never => {
    throw new DataError(`${file}: expected ${path} in the archive, found ${found}`, { cause });
  };
  if (at + LOCAL_SIZE > bytes.length || view.getUint32(at, true) !== LOCAL) return fail("none");
  const from = at + LOCAL_SIZE + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const content = bytes.subarray(from, from + packed);
  if (content.length < packed) return fail("a part of it");
  if (method === STORED) return content;
  if (method !== DEFLATED) return fail(`it packed by the method ${method}`);
  const unpacked = new Blob([content]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return await new Response(unpacked).arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    (cause) => fail("it damaged", cause),
  );
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
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    };
    if (!path.endsWith("/")) members.push({ path, read: () => readEntry(source, path, entry) });
    at = from + name + extra + comment;
  }
  return members;
}
