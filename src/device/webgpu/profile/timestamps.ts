/**
 * Timing dispatches on the GPU, by timestamps at the beginning and end of compute passes.
 *
 * @module
 */

/** Timings per query set; WebGPU allows at most 4096 timestamps. */
const PER_SET = 2048;
/** Bytes per timing: two timestamps in nanoseconds. */
const BYTES = 16;

/** Timings of a list of dispatches, which are encoded in order, any number of times. */
export class Timestamps {
  readonly #device: GPUDevice;
  readonly #count: number;
  readonly #sets: readonly GPUQuerySet[];
  readonly #resolved: GPUBuffer;
  /** Read-back buffers that are not in use. */
  readonly #free: GPUBuffer[] = [];
  readonly #pending = new Set<Promise<void>>();

  /** @param count The number of timings. */
  constructor(device: GPUDevice, count: number) {
    this.#device = device;
    this.#count = count;
    this.#sets = Array.from(
      { length: Math.ceil(count / PER_SET) },
      (_, k) =>
        device.createQuerySet({
          type: "timestamp",
          count: 2 * Math.min(PER_SET, count - k * PER_SET),
        }),
    );
    this.#resolved = this.#buffer(GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC);
  }

  #buffer(usage: number): GPUBuffer {
    return this.#device.createBuffer({ size: BYTES * Math.max(1, this.#count), usage });
  }

  /** The `timestampWrites` of a pass that begins a timing, ends it, or both. */
  writes(timing: number, begins: boolean, ends: boolean): GPUComputePassTimestampWrites {
    const at = 2 * (timing % PER_SET);
    return {
      querySet: this.#sets[Math.floor(timing / PER_SET)]!,
      ...(begins && { beginningOfPassWriteIndex: at }),
      ...(ends && { endOfPassWriteIndex: at + 1 }),
    };
  }

  /**
   * Encodes the read-back of the timings. The caller calls the returned function after submitting; `emit`
   * later receives the milliseconds of each.
   */
  resolve(encoder: GPUCommandEncoder): (emit: (ms: Float64Array) => void) => Promise<void> {
    this.#sets.forEach((set, k) =>
      encoder.resolveQuerySet(set, 0, set.count, this.#resolved, k * PER_SET * BYTES)
    );
    const staging = this.#free.pop() ??
      this.#buffer(GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    encoder.copyBufferToBuffer(this.#resolved, 0, staging, 0, staging.size);
    return (emit) => {
      const read = staging.mapAsync(GPUMapMode.READ).then(() => {
        const nanoseconds = new BigUint64Array(staging.getMappedRange());
        emit(
          Float64Array.from(
            { length: this.#count },
            (_, i) => Number(nanoseconds[2 * i + 1]! - nanoseconds[2 * i]!) / 1e6,
          ),
        );
        staging.unmap();
        this.#free.push(staging);
      }).finally(() => this.#pending.delete(read));
      this.#pending.add(read);
      return read;
    };
  }

  /** Frees all buffers once all timings are read. */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#pending);
    for (const each of [...this.#sets, this.#resolved, ...this.#free]) each.destroy();
  }
}
