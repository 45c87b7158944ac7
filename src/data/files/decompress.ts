/**
 * Decompresses gzip files and ZIP archives of one file.
 *
 * @module
 */
import type { NamedBytes } from "./data_file.ts";
import { gunzip, isGzipped } from "./gzip.ts";
import { isZip, readZip } from "./zip.ts";

/**
 * A file's content: decompressed if it is gzipped, or a ZIP archive of one file, as NumPy's `.npz` of one
 * array is. Rejects with a DataError that names the file if it is damaged.
 */
export async function decompress(source: NamedBytes): Promise<NamedBytes> {
  if (isGzipped(source.bytes)) return await gunzip(source);
  if (!isZip(source.bytes)) return source;
  const [member, ...others] = readZip(source);
  if (!member || others.length > 0) return source;
  return await decompress({ file: source.file, bytes: await member.read() });
}
