/**
 * Decompresses gzip files and ZIP archives of one file.
 *
 * @module
 */
import { type Bound, checkContent, FIRST } from "./bound.ts";
import { DataError, type NamedBytes } from "./data_file.ts";
import { gunzip, isGzipped } from "./gzip.ts";
import { isZip, readZip } from "./zip.ts";

/** How often a file may be packed: a gzip file in a ZIP archive in another one. */
const LEVELS = 3;

/** Whether a file is decompressed before its content is read. */
export const isPacked = (first: Uint8Array): boolean => isGzipped(first) || isZip(first);

/** A bound of content that may be packed itself, which then has its own. */
export const unlessPacked = (bound: Bound): Bound => (first, file) =>
  isPacked(first) ? Infinity : bound(first, file);

/**
 * A file's content: decompressed if it is gzipped, or a ZIP archive of one file, as NumPy's `.npz` of one
 * array is. Rejects with a DataError that names the file if it is damaged, and if its content has more bytes
 * than the bound allows; no more than those are decompressed.
 */
export async function decompress(
  source: NamedBytes,
  bound: Bound,
  levels = LEVELS,
): Promise<NamedBytes> {
  const { file, bytes } = source;
  if (isGzipped(bytes)) return await gunzip(source, bound);
  const members = isZip(bytes) ? readZip(source) : [];
  if (members.length !== 1) {
    checkContent(file, bytes.length, bound(bytes.subarray(0, FIRST), file));
    return source;
  }
  if (levels === 0) {
    throw new DataError(`${file}: expected data, found archives in archives in archives`);
  }
  const content = await members[0]!.read(unlessPacked(bound));
  return await decompress({ file, bytes: content }, bound, levels - 1);
}
