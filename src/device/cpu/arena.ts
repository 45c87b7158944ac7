/**
 * A best-fit allocator of blocks in one growing WebAssembly memory.
 *
 * @module
 */
import type { DeviceMemory, Handle } from "../device.ts";
import { MemoryError } from "../memory_error.ts";

/** An allocated block of the memory. */
export interface Block extends Handle {
  /** Its address in bytes. */
  readonly address: number;
}

/** Bytes of a page of WebAssembly's memory. */
export const PAGE = 65536;
const ALIGNMENT = 64;
/** The most pages that 32-bit addresses can reach. */
const MOST_PAGES = 65536;
/** Bytes kept free at the end, so that vector loads that start inside a block may extend beyond it. */
const SLACK = 64;
/** The fewest pages to grow by. */
const GROWTH = 64;

/** Creates a memory with the largest maximum that the engine allows. */
function makeMemory(shared: boolean): { memory: WebAssembly.Memory; maximum: number } {
  for (let maximum = MOST_PAGES;; maximum /= 2) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 1, maximum, shared }), maximum };
    } catch (error) {
      if (maximum <= 1024) throw error;
    }
  }
}

/** The size of a block that holds so many bytes. */
export const alignedBytes = (bytes: number): number =>
  Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);

interface FreeRange {
  address: number;
  bytes: number;
}

/** Allocates blocks of one memory, each in the smallest free range that holds it. */
export class Arena {
  /** The memory itself, for modules to import. */
  readonly memory: WebAssembly.Memory;
  /** The most pages that it can grow to. */
  readonly maximum: number;
  /** Free ranges in the order of their addresses, adjacent ones merged. */
  readonly #free: FreeRange[] = [];
  #end: number;
  #used = 0;
  /** Bytes of the blocks in use. */
  #usedBytes = 0;
  readonly #reserved: number;

  /** @param reserved Bytes at the start that are never allocated. */
  constructor(shared: boolean, reserved: number) {
    const { memory, maximum } = makeMemory(shared);
    this.memory = memory;
    this.maximum = maximum;
    this.#end = this.#reserved = Math.ceil(reserved / ALIGNMENT) * ALIGNMENT;
  }

  /** A view of the memory's bytes; valid only until the next {@linkcode allocate}. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  /**
   * Allocates a block of at least `bytes` bytes.
   *
   * @param what What it is for, for error messages.
   * @throws MemoryError if the memory cannot hold it.
   */
  allocate(bytes: number, what: string): Block {
    const size = alignedBytes(bytes);
    const best = this.#bestFit(size);
    const address = best < 0 ? this.#extend(size, bytes, what) : this.#split(best, size);
    this.#used++;
    this.#usedBytes += size;
    return { address, bytes: size };
  }

  /** Allocates blocks one after another in memory, at least one, each of which is freed for itself. */
  allocateTogether(bytes: readonly number[], what: string): Block[] {
    const sizes = bytes.map(alignedBytes);
    let { address } = this.allocate(sizes.reduce((sum, size) => sum + size, 0), what);
    this.#used += sizes.length - 1;
    return sizes.map((size) => {
      const block = { address, bytes: size };
      address += size;
      return block;
    });
  }

  /** The index of the smallest free range that holds so many bytes; -1 if there is none. */
  #bestFit(size: number): number {
    const free = this.#free;
    let best = -1, least = Infinity;
    for (let i = 0; i < free.length && least > size; i++) {
      const { bytes } = free[i]!;
      if (bytes < size || bytes >= least) continue;
      best = i;
      least = bytes;
    }
    return best;
  }

  /** Takes bytes from the start of a free range, and returns its address. */
  #split(i: number, size: number): number {
    const range = this.#free[i]!, { address } = range;
    range.address += size;
    range.bytes -= size;
    if (range.bytes === 0) this.#free.splice(i, 1);
    return address;
  }

  /** Takes bytes at the end, including a last free range that ends there, and returns their address. */
  #extend(size: number, bytes: number, what: string): number {
    const last = this.#free.at(-1);
    const joins = last !== undefined && last.address + last.bytes === this.#end;
    const address = joins ? last.address : this.#end;
    this.#growTo(address + size, bytes, what);
    if (joins) this.#free.pop();
    this.#end = address + size;
    return address;
  }

  #growTo(end: number, bytes: number, what: string) {
    const have = this.memory.buffer.byteLength / PAGE, need = Math.ceil((end + SLACK) / PAGE);
    if (need <= have) return;
    const found = `found ${end} with ${bytes} for ${what}`;
    if (need > this.maximum) {
      throw new MemoryError(`cpu: expected at most ${this.maximum * PAGE} bytes in all, ${found}`);
    }
    const generous = Math.min(this.maximum, Math.max(need, have + GROWTH, Math.ceil(have * 1.25)));
    for (const pages of new Set([generous, need])) {
      try {
        this.memory.grow(pages - have);
        return;
      } catch {
        // The system cannot provide that much; try less.
      }
    }
    throw new MemoryError(`cpu: expected no more bytes than the system has free, ${found}`);
  }

  /** Frees a block. */
  free({ address, bytes }: Block) {
    this.#used--;
    this.#usedBytes -= bytes;
    const i = this.#firstBehind(address);
    const before = this.#free[i - 1], after = this.#free[i];
    const range: FreeRange = { address, bytes };
    const joinsBefore = before !== undefined && before.address + before.bytes === address;
    const joinsAfter = after !== undefined && address + bytes === after.address;
    if (joinsBefore) {
      range.address = before.address;
      range.bytes += before.bytes;
    }
    if (joinsAfter) range.bytes += after.bytes;
    this.#free.splice(joinsBefore ? i - 1 : i, Number(joinsBefore) + Number(joinsAfter), range);
  }

  /** The index of the first free range behind an address. */
  #firstBehind(address: number): number {
    let from = 0, to = this.#free.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#free[middle]!.address > address) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** The number of blocks in use, and the bytes of the memory that have been in use. */
  state(): DeviceMemory {
    const bytes = this.#end - this.#reserved;
    return { buffers: this.#used, bytes, free: bytes - this.#usedBytes, temporary: 0 };
  }
}
