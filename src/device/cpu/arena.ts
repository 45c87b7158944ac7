/**
 * Memory: blocks of one WebAssembly memory, which grows as they need it.
 *
 * @module
 */
import type { DeviceMemory, Handle } from "../device.ts";
import { MemoryError } from "../memory_error.ts";

/** A piece of the memory. */
export interface Block extends Handle {
  /** Its address in bytes. */
  readonly address: number;
}

const PAGE = 65536, ALIGNMENT = 64;
/** The most pages that 32-bit addresses reach. */
const MOST_PAGES = 65536;
/** Bytes kept free at the end, so that vectors that begin inside a block may end behind it. */
const SLACK = 64;
/** Pages to grow by at least. */
const GROWTH = 64;

/** Makes a memory of as many pages as the engine allows, at most all that addresses reach. */
function makeMemory(shared: boolean): { memory: WebAssembly.Memory; maximum: number } {
  for (let maximum = MOST_PAGES;; maximum /= 2) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 1, maximum, shared }), maximum };
    } catch (error) {
      if (maximum <= 1024) throw error;
    }
  }
}

interface FreeRange {
  address: number;
  bytes: number;
}

/** Blocks of one memory, each in the smallest free range that holds it. */
export class Arena {
  /** The memory itself, for modules to import. */
  readonly memory: WebAssembly.Memory;
  /** The most pages that it can grow to. */
  readonly maximum: number;
  /** Free ranges in the order of their addresses, none next to another. */
  readonly #free: FreeRange[] = [];
  #end: number;
  #used = 0;

  /** @param reserved Bytes at the start that are never allocated. */
  constructor(shared: boolean, reserved: number) {
    const { memory, maximum } = makeMemory(shared);
    this.memory = memory;
    this.maximum = maximum;
    this.#end = Math.ceil(reserved / ALIGNMENT) * ALIGNMENT;
  }

  /** The memory as bytes; only good until the next {@linkcode allocate}. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  /**
   * A block of at least so many bytes.
   *
   * @param what What it is for, for the error.
   * @throws MemoryError if the memory cannot hold it.
   */
  allocate(bytes: number, what: string): Block {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const best = this.#bestFit(size);
    const address = best < 0 ? this.#extend(size, bytes, what) : this.#split(best, size);
    this.#used++;
    return { address, bytes: size };
  }

  /** The smallest free range that holds so many bytes; -1 if there is none. */
  #bestFit(size: number): number {
    let best = -1;
    this.#free.forEach(({ bytes }, i) => {
      if (bytes >= size && (best < 0 || bytes < this.#free[best]!.bytes)) best = i;
    });
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

  /** Takes bytes at the end, from the last free range on if that lies there, and returns their address. */
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
        // The system has no more to give at once; less may do.
      }
    }
    throw new MemoryError(`cpu: expected no more bytes than the system has free, ${found}`);
  }

  /** Frees a block. */
  free({ address, bytes }: Block) {
    this.#used--;
    let i = this.#free.findIndex((range) => range.address > address);
    if (i < 0) i = this.#free.length;
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

  /** Blocks in use, and the bytes of the whole memory. */
  state(): DeviceMemory {
    return { buffers: this.#used, bytes: this.memory.buffer.byteLength };
  }
}
