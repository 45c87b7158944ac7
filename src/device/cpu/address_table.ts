/**
 * The address table of a program: the addresses of its slots and scratch memory.
 *
 * @module
 */

/** An entry of a program's address table: a slot at a byte offset, or scratch memory. */
export type Entry = { readonly slot: number; readonly bytes: number } | {
  readonly scratch: number;
};

/** Scratch memory of one step. */
export interface Scratch {
  readonly step: number;
  readonly bytes: number;
}

/** What an address table is for. */
interface Addressed {
  readonly entries: readonly Entry[];
  readonly scratch: readonly Scratch[];
}

/** A table of words, each the address of a slot or of scratch memory plus an offset. */
export class AddressTable {
  /** The addresses of slots, by number, followed by those of the program's scratch memory. */
  readonly addresses: Int32Array;
  /** For each word: the index of its base address, and its offset in bytes. */
  readonly #bases: Int32Array;
  readonly #offsets: Int32Array;
  /** The table in the memory. */
  #table: Int32Array = new Int32Array(0);

  constructor(slots: number, { entries, scratch }: Addressed) {
    this.addresses = new Int32Array(slots + scratch.length);
    this.#bases = Int32Array.from(entries, (e) => "slot" in e ? e.slot : slots + e.scratch);
    this.#offsets = Int32Array.from(entries, (e) => "slot" in e ? e.bytes : 0);
  }

  /** The size of the table in bytes. */
  get bytes(): number {
    return this.#bases.byteLength;
  }

  /** Writes the table to an address of a memory, the same one each time. */
  write(memory: WebAssembly.Memory, address: number) {
    const addresses = this.addresses, bases = this.#bases, offsets = this.#offsets;
    // A memory that is not shared detaches its arrays as it grows.
    let table = this.#table;
    if (table.length < bases.length) {
      table = this.#table = new Int32Array(memory.buffer, address, bases.length);
    }
    for (let i = 0; i < bases.length; i++) table[i] = addresses[bases[i]!]! + offsets[i]!;
  }
}
