/**
 * Buffers: pooled, owned, counted. JavaScript's collector cannot see a GPU's memory, so every buffer
 * has an owner that gives it back.
 *
 * @module
 */
import type { DeviceMemory, Handle } from "../../device.ts";
import { MemoryError } from "../../memory_error.ts";
import type { ImageSize } from "../kernels/texture.ts";

/** A GPU buffer with a number of its own, by which bind groups are cached. */
export interface Buffer extends Handle {
  readonly id: number;
  readonly gpu: GPUBuffer;
}

/**
 * Buffers that lie in the pool beyond this many bytes, and beyond twice those in use, are destroyed, oldest
 * first.
 */
const MAX_POOLED = 1 << 27;
const ALIGNMENT = 256;
/** Bytes that a driver takes for a buffer, about: measured with Mesa's, 130,000 buffers of 256 bytes. */
const OVERHEAD = 1 << 12;

const imageBytes = ([columns, rows, layers]: ImageSize) => columns * rows * layers * 16;

/** What buffers hold tensors are used for. */
const USAGE = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** A pool of storage buffers of one device. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #free = new Map<number, Buffer[]>();
  readonly #scratch: { readonly buffer: Buffer; users: number }[] = [];
  readonly #images = new Map<string, { readonly texture: GPUTexture; users: number }>();
  #next = 0;
  #buffers = 0;
  #bytes = 0;
  #pooled = 0;
  /** Bytes of what others made. */
  #foreign = 0;

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
    this.check(bytes, what);
    this.#buffers++;
    this.#bytes += size;
    const gpu = this.#device.createBuffer({ size, usage: USAGE(), label: what });
    return { id: this.#next++, gpu, bytes: size, overhead: OVERHEAD };
  }

  /** Throws a MemoryError if the adapter allows no buffer of so many bytes. */
  check(bytes: number, what: string) {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes <= most) return;
    throw new MemoryError(
      `webgpu: expected at most ${most} bytes in one buffer on this adapter, found ${bytes} for ${what}`,
    );
  }

  /** Puts a buffer back for the next that asks for its size. */
  give(buffer: Buffer) {
    const list = this.#free.get(buffer.bytes);
    if (list) list.push(buffer);
    else this.#free.set(buffer.bytes, [buffer]);
    this.#pooled += buffer.bytes;
    while (this.#pooled > Math.max(MAX_POOLED, 2 * (this.#bytes - this.#foreign - this.#pooled))) {
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
   * it is filled right before it is read, and the queue keeps that order. Each use ends by
   * {@linkcode giveImage}.
   */
  takeImage(size: ImageSize): GPUTexture {
    const key = size.join("×");
    let image = this.#images.get(key);
    if (!image) {
      const texture = this.#device.createTexture({
        size: [...size],
        format: "rgba32float",
        usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.STORAGE_BINDING,
      });
      this.count(1, imageBytes(size));
      this.#images.set(key, image = { texture, users: 0 });
    }
    image.users++;
    return image.texture;
  }

  /** Ends one use of a texture; the last one destroys it. */
  giveImage(size: ImageSize) {
    const key = size.join("×"), image = this.#images.get(key)!;
    if (--image.users > 0) return;
    this.#images.delete(key);
    this.count(-1, -imageBytes(size));
    image.texture.destroy();
  }

  /** Counts buffers, and their bytes, that others made (or, below 0, destroyed). */
  count(buffers: number, bytes: number) {
    this.#buffers += buffers;
    this.#bytes += bytes;
    this.#foreign += bytes;
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
