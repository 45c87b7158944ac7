/**
 * The pool of GPU buffers. JavaScript's garbage collector does not see GPU memory, so every buffer has an
 * owner that frees it.
 *
 * @module
 */
import type { DeviceMemory, Handle } from "../../device.ts";
import { MemoryError } from "../../memory_error.ts";
import type { ImageSize } from "../kernels/texture.ts";

/** A GPU buffer with a unique id, by which bind groups are cached. */
export interface Buffer extends Handle {
  readonly id: number;
  readonly gpu: GPUBuffer;
}

/** Pooled buffers beyond this many bytes, and beyond twice the bytes in use, are destroyed, oldest first. */
const MAX_POOLED = 1 << 27;
const ALIGNMENT = 256;
/** Approximate driver memory per buffer, in bytes: measured with Mesa over 130,000 buffers of 256 bytes. */
const OVERHEAD = 1 << 12;

/** The bytes of a buffer that holds so many. */
export const bufferBytes = (bytes: number): number =>
  Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);

/** A text for a texture of a size, the `nth` of those that one dispatch reads. */
export const imageKey = (size: ImageSize, nth: number) => [...size, nth].join("×");
/** The bytes of a texture. */
export const imageBytes = ([columns, rows, layers]: ImageSize) => columns * rows * layers * 16;

/** The usage flags of buffers that hold tensors. */
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
  /** Bytes of buffers that were allocated outside the pool. */
  #foreign = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /**
   * Takes a buffer of at least a number of bytes.
   *
   * @param what What it is for, for the error message.
   * @param former Buffers that are preferred if they are free, the first most.
   * @throws MemoryError if the adapter's limit on a buffer's size is smaller.
   */
  take(bytes: number, what: string, former: readonly Buffer[] = []): Buffer {
    const size = bufferBytes(bytes);
    const free = this.#free.get(size) ?? [], wanted = former.find((each) => free.includes(each));
    const found = wanted ? free.splice(free.indexOf(wanted), 1)[0] : free.pop();
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

  /** Throws MemoryError if the adapter's limit on a buffer's size is smaller. */
  check(bytes: number, what: string) {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes <= most) return;
    throw new MemoryError(
      `webgpu: expected at most ${most} bytes in one buffer on this adapter, found ${bytes} for ${what}`,
      undefined,
      bytes / most,
    );
  }

  /** Returns a buffer to the pool, for the next use of its size. */
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
   * Buffers for the temporary values of a plan. Plans run one after another, so plans share them; a plan
   * frees them by {@linkcode giveScratch}.
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

  /** Ends a plan's use of its scratch buffers; those that no other plan uses return to the pool. */
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
   * A texture of four f32 channels for a kernel to read an argument from, shared by all uses of its size:
   * it is filled right before it is read, and the queue executes in order. Each use is ended by
   * {@linkcode giveImage}.
   *
   * @param nth Its number among the textures of that size that one dispatch reads.
   */
  takeImage(size: ImageSize, nth = 0): GPUTexture {
    const key = imageKey(size, nth);
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
  giveImage(size: ImageSize, nth = 0) {
    const key = imageKey(size, nth), image = this.#images.get(key)!;
    if (--image.users > 0) return;
    this.#images.delete(key);
    this.count(-1, -imageBytes(size));
    image.texture.destroy();
  }

  /** Counts buffers, and their bytes, allocated outside the pool (or, if negative, destroyed). */
  count(buffers: number, bytes: number) {
    this.#buffers += buffers;
    this.#bytes += bytes;
    this.#foreign += bytes;
  }

  memory(): DeviceMemory {
    const temporary = this.#scratch.reduce((sum, { buffer }) => sum + buffer.bytes, 0);
    return { buffers: this.#buffers, bytes: this.#bytes, free: this.#pooled, temporary };
  }

  #destroy(buffer: Buffer) {
    this.#buffers--;
    this.#bytes -= buffer.bytes;
    buffer.gpu.destroy();
  }
}
