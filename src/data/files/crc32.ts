/**
 * The checksum of ZIP archives and PNG files (CRC-32, ISO 3309).
 *
 * @module
 */

/** The checksums of all bytes, then those of bytes with 1 to 7 zeros after them. */
const TABLES = (() => {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ sum >>> 1 : sum >>> 1;
    return sum;
  });
  const tables = [first];
  for (let zeros = 1; zeros < 8; zeros++) {
    tables.push(tables.at(-1)!.map((sum) => first[sum & 255]! ^ sum >>> 8));
  }
  return tables;
})();

/** The CRC-32 of bytes, eight at a time. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let sum = 0xffffffff, at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    sum ^= bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
    sum = t7[sum & 255]! ^ t6[sum >>> 8 & 255]! ^ t5[sum >>> 16 & 255]! ^ t4[sum >>> 24]! ^
      t3[bytes[at + 4]!]! ^ t2[bytes[at + 5]!]! ^ t1[bytes[at + 6]!]! ^ t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) sum = t0[(sum ^ bytes[at]!) & 255]! ^ sum >>> 8;
  return ~sum >>> 0;
}
