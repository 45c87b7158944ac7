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

interface Hole {
  address: number;
  bytes: number;
}

/** Blocks of one memory, each in the smallest hole that holds it. */
export class Arena {
  /** The memory itself, for modules to import. */
  readonly memory: WebAssembly.Memory;
  /** The most pages that it can grow to. */
  readonly maximum: number;
  /** Holes in the order of their addresses, none next to another. */
  readonly #holes: Hole[] = [];
  #end: number;
  #used = 0;

  /** @param reserved Bytes at the start that are never given out. */
  constructor(shared: boolean, reserved: number) {
    const { memory, maximum } = makeMemory(shared);
    this.memory = memory;
    this.maximum = maximum;
    this.#end = Math.ceil(reserved / ALIGNMENT) * ALIGNMENT;
  }

  /** The memory as bytes; only good until the next {@linkcode take}. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  /**
   * A block of at least so many bytes.
   *
   * @param what What it is for, for the error.
   * @throws MemoryError if the memory cannot hold it.
   */
  take(bytes: number, what: string): Block {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    let best = -1;
    this.#holes.forEach((hole, i) => {
      if (hole.bytes >= size && (best < 0 || hole.bytes < this.#holes[best]!.bytes)) best = i;
    });
    let address = this.#end;
    if (best >= 0) {
      const hole = this.#holes[best]!;
      address = hole.address;
      hole.address += size;
      hole.bytes -= size;
      if (hole.bytes === 0) this.#holes.splice(best, 1);
    } else {
      const last = this.#holes.at(-1);
      if (last && last.address + last.bytes === this.#end) address = last.address;
      this.#reach(address + size, bytes, what);
      if (address < this.#end) this.#holes.pop();
      this.#end = address + size;
    }
    this.#used++;
    return { address, bytes: size };
  }

  #reach(end: number, bytes: number, what: string) {
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

  /** Gives a block back. */
  give({ address, bytes }: Block) {
    this.#used--;
    let at = this.#holes.findIndex((hole) => hole.address > address);
    if (at < 0) at = this.#holes.length;
    const before = this.#holes[at - 1], after = this.#holes[at];
    const joinsBefore = before && before.address + before.bytes === address;
    const joinsAfter = after && address + bytes === after.address;
    if (joinsBefore) {
      before.bytes += bytes;
      if (joinsAfter) {
        before.bytes += after.bytes;
        this.#holes.splice(at, 1);
      }
    } else if (joinsAfter) {
      after.address = address;
      after.bytes += bytes;
    } else this.#holes.splice(at, 0, { address, bytes });
  }

  /** Blocks in use, and the bytes of the whole memory. */
  state(): DeviceMemory {
    return { buffers: this.#used, bytes: this.memory.buffer.byteLength };
  }
}
