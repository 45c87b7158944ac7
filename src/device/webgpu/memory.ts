/**
 * Buffers: pooled, owned, counted. JavaScript's collector cannot see a GPU's memory, so every buffer
 * has an owner that gives it back.
 *
 * @module
 */
import type { DeviceMemory, Handle } from "../device.ts";
import { MemoryError } from "../memory_error.ts";
import type { ImageSize } from "./kernel.ts";

/** A GPU buffer with a number of its own, by which bind groups are cached. */
export interface Buffer extends Handle {
  readonly id: number;
  readonly gpu: GPUBuffer;
}

/** Buffers that lie in the pool beyond this many bytes are destroyed, oldest first. */
const MAX_POOLED = 1 << 29;
const ALIGNMENT = 256;

/** What buffers hold tensors are used for. */
const USAGE = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** A pool of storage buffers of one device. */
export class Pool {
  readonly #device: GPUDevice;
  readonly #free = new Map<number, Buffer[]>();
  readonly #scratch: { readonly buffer: Buffer; users: number }[] = [];
  readonly #images = new Map<string, GPUTexture>();
  #next = 0;
  #buffers = 0;
  #bytes = 0;
  #pooled = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /**
   * A buffer of at least so many bytes.
   *
   * @param what What it is for, for the error.
   * @throws MemoryError if the adapter allows none so large.
   */
  take(bytes: number, what: string): Buffer {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const found = this.#free.get(size)?.pop();
    if (found) {
      this.#pooled -= size;
      return found;
    }
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > most) {
      throw new MemoryError(
        `webgpu: expected at most ${most} bytes in one buffer on this adapter, found ${bytes} for ${what}`,
      );
    }
    this.#buffers++;
    this.#bytes += size;
    const gpu = this.#device.createBuffer({ size, usage: USAGE(), label: what });
    return { id: this.#next++, gpu, bytes: size };
  }

  /** Puts a buffer back for the next that asks for its size. */
  give(buffer: Buffer) {
    const list = this.#free.get(buffer.bytes);
    if (list) list.push(buffer);
    else this.#free.set(buffer.bytes, [buffer]);
    this.#pooled += buffer.bytes;
    while (this.#pooled > MAX_POOLED) {
      const [size, oldest] = [...this.#free].find(([, l]) => l.length > 0)!;
      this.#pooled -= size;
      this.#destroy(oldest.shift()!);
    }
  }

  /**
   * Buffers for the temporary values of a plan, one for each size. Plans run one after another, so they
   * share these; a plan gives them back by {@linkcode giveScratch}.
   */
  takeScratch(sizes: readonly number[]): Buffer[] {
    const mine = new Set<Buffer>();
    return sizes.map((bytes) => {
      const fits = this.#scratch
        .filter(({ buffer }) => !mine.has(buffer) && buffer.bytes >= bytes)
        .sort((a, b) => a.buffer.bytes - b.buffer.bytes);
      let entry = fits[0];
      if (!entry) {
        entry = { buffer: this.take(bytes, "temporary values"), users: 0 };
        this.#scratch.push(entry);
      }
      entry.users++;
      mine.add(entry.buffer);
      return entry.buffer;
    });
  }

  /** Ends a plan's use of its scratch buffers; those that no plan uses go back to the pool. */
  giveScratch(buffers: readonly Buffer[]) {
    for (const buffer of buffers) {
      const at = this.#scratch.findIndex((s) => s.buffer === buffer);
      if (at >= 0 && --this.#scratch[at]!.users === 0) {
        this.#scratch.splice(at, 1);
        this.give(buffer);
      }
    }
  }

  /**
   * A texture of four f32 channels for a kernel to read an argument from. One of each size is enough:
   * it is filled right before it is read, and the queue keeps that order.
   */
  image([columns, rows, layers]: ImageSize): GPUTexture {
    const key = `${columns}×${rows}×${layers}`;
    let texture = this.#images.get(key);
    if (!texture) {
      this.#buffers++;
      this.#bytes += columns * rows * layers * 16;
      texture = this.#device.createTexture({
        size: [columns, rows, layers],
        format: "rgba32float",
        usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.STORAGE_BINDING,
      });
      this.#images.set(key, texture);
    }
    return texture;
  }

  memory(): DeviceMemory {
    return { buffers: this.#buffers, bytes: this.#bytes };
  }

  #destroy(buffer: Buffer) {
    this.#buffers--;
    this.#bytes -= buffer.bytes;
    buffer.gpu.destroy();
  }
}
