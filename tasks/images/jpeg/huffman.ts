/**
 * Huffman codes, and reading the bits of a scan.
 *
 * @module
 */

/** For every 16 bits that may come next, the length of the code at their start, and its value. */
export type HuffmanTable = Uint16Array;

/** The table of codes from the count of codes of each length from 1 to 16, and the values in order. */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const table = new Uint16Array(1 << 16);
  let code = 0, next = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < counts[length - 1]!; i++, code++) {
      const from = code << (16 - length), to = (code + 1) << (16 - length);
      if (to > table.length || next >= values.length) {
        throw new Error("a table of codes is damaged");
      }
      table.fill(length << 8 | values[next++]!, from, to);
    }
    code <<= 1;
  }
  return table;
}

/** The bits of a scan, up to the next marker. */
export class Bits {
  /** The bits read from the file and not yet consumed, the last ones lowest, and their count. */
  #held = 0;
  #count = 0;
  /** How many of them are padding beyond the end of the scan. */
  #missing = 0;
  readonly #bytes: Uint8Array;
  #at: number;

  /** @param at The offset of the scan's bits. */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 24) {
      let byte: number | undefined = bytes[this.#at];
      if (byte === 0xff) {
        if (bytes[this.#at + 1] === 0) this.#at += 2;
        else byte = undefined;
      } else if (byte !== undefined) this.#at++;
      if (byte === undefined) this.#missing += 8;
      this.#held = this.#held << 8 | (byte ?? 0);
      this.#count += 8;
    }
  }

  #use(count: number): void {
    this.#count -= count;
    if (this.#count < this.#missing) throw new Error("its pixels end too early: truncated");
  }

  /** The next `count` bits as a number, at most 16. */
  take(count: number): number {
    if (count === 0) return 0;
    if (this.#count < count) this.#fill();
    const bits = (this.#held >>> (this.#count - count)) & ((1 << count) - 1);
    this.#use(count);
    return bits;
  }

  /** The value of the next code. */
  decode(table: HuffmanTable | undefined): number {
    if (this.#count < 16) this.#fill();
    const found = table?.[(this.#held >>> (this.#count - 16)) & 0xffff] ?? 0;
    if (found === 0) throw new Error("its pixels hold a code that no table has");
    this.#use(found >> 8);
    return found & 0xff;
  }

  /** The next bits as a signed number: the upper half of the range as it is, the lower half negative. */
  signed(count: number): number {
    const bits = this.take(count);
    return count > 0 && bits < 1 << (count - 1) ? bits - (1 << count) + 1 : bits;
  }

  /** Continues after the next restart marker. */
  restart(): void {
    this.#held = this.#count = this.#missing = 0;
    const at = markerFrom(this.#bytes, this.#at), marker = this.#bytes[at + 1]!;
    if (marker < 0xd0 || marker > 0xd7) throw new Error("a part of its pixels is missing");
    this.#at = at + 2;
  }

  /** The offset of the marker after the scan; undefined where the file ends with the scan. */
  get end(): number | undefined {
    let at = nextMarker(this.#bytes, this.#at);
    while (at !== undefined && this.#bytes[at + 1]! >= 0xd0 && this.#bytes[at + 1]! <= 0xd7) {
      at = nextMarker(this.#bytes, at + 2);
    }
    return at;
  }
}

/** The offset of the first marker from an offset on, if there is one. */
function nextMarker(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] !== 0 && bytes[at + 1] !== 0xff) return at;
  }
}

/** The offset of the first marker from an offset on. Throws where there is none. */
export function markerFrom(bytes: Uint8Array, from: number): number {
  const at = nextMarker(bytes, from);
  if (at !== undefined) return at;
  throw new Error("it ends without an end marker: truncated");
}
