/**
 * Reads buffers back to the host.
 *
 * Deno's `mapAsync` blocks until the copy is done and then sleeps for 10 ms before its promise resolves;
 * the mapped range is available before that. On versions known to behave like this, and for a staging
 * buffer that was mapped with `await` before (others abort the process), the range is read without waiting.
 *
 * @module
 */
import type { Buffer } from "./buffer_pool.ts";

/** Versions of Deno on which the range can be read without waiting. */
const AT_ONCE: readonly string[] = ["2.9.6"];
/** The largest staging buffer that is kept for reuse, in bytes. */
const MAX_KEPT = 1 << 22;
/** The size of the smallest staging buffer that is read through, in bytes. */
const LEAST = 1 << 16;
/** The bytes of the buffers with which a few numbers are read. */
export const LEAST_READING = LEAST + 16;

const denoVersion = () =>
  (globalThis as { Deno?: { version?: { deno?: string } } }).Deno?.version?.deno ?? "";

interface Part {
  readonly buffer: Buffer;
  readonly bytes: number;
}

/** Copies buffers to the host through one staging buffer. */
export class Readback {
  readonly #device: GPUDevice;
  readonly #atOnce: boolean;
  readonly #count: (buffers: number, bytes: number) => void;
  #kept: GPUBuffer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #mapping: Promise<unknown> = Promise.resolve();
  #marker?: { readonly source: GPUBuffer; readonly target: GPUBuffer };

  /**
   * @param atOnce Whether mapped ranges can be read without waiting.
   * @param count Counts allocated buffers and their bytes; negative numbers for freed ones.
   */
  constructor(
    device: GPUDevice,
    atOnce: boolean = AT_ONCE.includes(denoVersion()),
    count: (buffers: number, bytes: number) => void = () => {},
  ) {
    this.#device = device;
    this.#atOnce = atOnce;
    this.#count = count;
  }

  /** Prepares a staging buffer so that {@linkcode wait} works without `await`. */
  async prepare(): Promise<void> {
    if (!this.#atOnce) return;
    const source = this.#device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_SRC });
    this.#marker = { source, target: await this.#staging(16) };
  }

  /** Waits until Deno has finished the last mapping; a device must not be closed before. */
  async settle(): Promise<void> {
    await this.#mapping;
  }

  /** Waits for all submitted work; false if this would need an `await`. */
  wait(): boolean {
    if (!this.#marker) return false;
    const { source, target } = this.#marker;
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, target, 0, 16);
    this.#device.queue.submit([encoder.finish()]);
    this.#mapping = target.mapAsync(GPUMapMode.READ).catch(() => {});
    target.getMappedRange();
    target.unmap();
    return true;
  }

  /** Reads the first `bytes` of each buffer. Reads are serialized, as they share a staging buffer. */
  read(parts: readonly Part[]): Promise<ArrayBuffer[]> {
    const next = this.#last.then(() => this.#copy(parts));
    this.#last = next.catch(() => {});
    return next;
  }

  async #copy(parts: readonly Part[]): Promise<ArrayBuffer[]> {
    const offsets: number[] = [];
    let total = 0;
    for (const { bytes } of parts) {
      offsets.push(total);
      total += Math.ceil(bytes / 8) * 8;
    }
    if (total === 0) return [];
    const staging = this.#kept && this.#kept.size >= total
      ? this.#kept
      : await this.#staging(Math.max(total, LEAST));
    try {
      const encoder = this.#device.createCommandEncoder();
      parts.forEach(({ buffer, bytes }, i) => {
        encoder.copyBufferToBuffer(buffer.gpu, 0, staging, offsets[i]!, Math.ceil(bytes / 4) * 4);
      });
      this.#device.queue.submit([encoder.finish()]);
      const mapped = staging.mapAsync(GPUMapMode.READ);
      this.#mapping = mapped.catch(() => {});
      if (!this.#atOnce) await mapped;
      const range = staging.getMappedRange(0, total);
      const copies = parts.map(({ bytes }, i) => range.slice(offsets[i], offsets[i]! + bytes));
      staging.unmap();
      this.#keep(staging.size <= MAX_KEPT ? staging : this.#kept, staging);
      return copies;
    } catch (error) {
      // It may still be mapped, so it cannot be reused.
      this.#keep(this.#kept === staging ? undefined : this.#kept, staging);
      throw error;
    }
  }

  /** Keeps one staging buffer; destroys the one kept before and the one used, if they differ from it. */
  #keep(staging: GPUBuffer | undefined, used: GPUBuffer) {
    for (const buffer of new Set([this.#kept, used])) {
      if (!buffer || buffer === staging) continue;
      this.#count(-1, -buffer.size);
      buffer.destroy();
    }
    this.#kept = staging;
  }

  /** Creates a staging buffer; maps it once with `await` where ranges are later read without waiting. */
  async #staging(size: number): Promise<GPUBuffer> {
    const staging = this.#device.createBuffer({
      size: size <= MAX_KEPT ? 2 ** Math.ceil(Math.log2(size)) : size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    this.#count(1, staging.size);
    if (this.#atOnce) {
      await staging.mapAsync(GPUMapMode.READ);
      staging.unmap();
    }
    return staging;
  }
}
