/**
 * The records of a file of events (TFRecord): length, its checksum, content, its checksum, one after another.
 * https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 *
 * @module
 */
import { maskedCrc32c } from "./crc32c.ts";

/** The bytes of a record beside its content: an integer of 64 bits and two checksums. */
const HEAD = 12, TAIL = 4;

/** A record of some content. */
export function encodeRecord(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(HEAD + content.length + TAIL), view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(content.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(content, HEAD);
  view.setUint32(HEAD + content.length, maskedCrc32c(content), true);
  return record;
}

/**
 * The contents of a file's records. One that is damaged is left out; where its length is, so is all that follows;
 * and so is the last one where it was not written to its end.
 *
 * @param damaged Called for a record that is damaged, with its position, and not for one that was cut off.
 */
export function* decodeRecords(
  bytes: Uint8Array,
  damaged: (at: number) => void = () => {},
): Generator<Uint8Array, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEAD + TAIL <= bytes.length;) {
    if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8))) {
      return damaged(at);
    }
    const start = at + HEAD, end = start + Number(view.getBigUint64(at, true));
    if (end + TAIL > bytes.length) return;
    const content = bytes.subarray(start, end);
    if (view.getUint32(end, true) === maskedCrc32c(content)) yield content;
    else damaged(at);
    at = end + TAIL;
  }
}
