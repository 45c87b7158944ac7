/**
 * The memory of a compiled plan: temporary values, constants, textures, parameters of dispatches, and host
 * inputs.
 *
 * @module
 */
import type { Arrangement } from "../../../plan/arrange_dispatches.ts";
import type { Plan } from "../../../plan/plan.ts";
import type { Data } from "../../../host_data.ts";
import type { Tensor } from "../../../tensor.ts";
import type { ImageSize } from "../kernels/texture.ts";
import type { Buffer } from "./buffer_pool.ts";
import type { Context } from "./context.ts";
import { packUniforms, type Uniforms } from "./uniforms.ts";

/** A fixed buffer, or a slot whose buffer differs between calls. */
export type BufferRef = { readonly slot: number } | { readonly buffer: GPUBuffer };

/** Whether two references are to the same buffer. */
export const isSameBuffer = (a: BufferRef, b: BufferRef): boolean =>
  "slot" in a ? "slot" in b && a.slot === b.slot : "buffer" in b && a.buffer === b.buffer;

/** The memory that a plan owns on the device. */
export class PlanMemory {
  readonly #context: Context;
  readonly #scratch: readonly Buffer[];
  readonly #constants: readonly Data[];
  /** The buffers of values that keep their buffer between calls. */
  readonly #fixed: ReadonlyMap<number, Buffer>;
  readonly #uploads = new Map<number, Buffer>();
  readonly #images: (readonly [size: ImageSize, nth: number])[] = [];
  #uniforms: Uniforms | undefined;

  constructor(
    context: Context,
    plan: Plan,
    constants: readonly Tensor[],
    { sizes, bufferOf }: Pick<Arrangement, "sizes" | "bufferOf">,
  ) {
    const { pool } = this.#context = context;
    const scratch = this.#scratch = pool.takeScratch(sizes), kept: Data[] = [];
    const fixed = new Map<number, Buffer>(
      [...bufferOf].map(([value, at]) => [value, scratch[at]!]),
    );
    plan.slots.forEach((slot, s) => {
      if (slot.kind !== "constant") return;
      const data = constants[slot.index]!.data!;
      fixed.set(s, context.constants.take(data));
      kept.push(data);
    });
    this.#fixed = fixed;
    this.#constants = kept;
  }

  /** The buffer or slot of a value. */
  locate(value: number): BufferRef {
    const known = this.#fixed.get(value);
    return known ? { buffer: known.gpu } : { slot: value };
  }

  /** Packs the parameters of all dispatches into one buffer; returns the binding of each. */
  packUniforms(lists: readonly (readonly number[])[]): readonly GPUBufferBinding[] {
    const { device, pool } = this.#context;
    this.#uniforms = packUniforms(device, lists);
    if (this.#uniforms) pool.count(1, this.#uniforms.buffer.size);
    return this.#uniforms?.bindings ?? [];
  }

  /** A texture of a given size, the `nth` of those that one dispatch reads. */
  image(size: ImageSize, nth: number): GPUTexture {
    this.#images.push([size, nth]);
    return this.#context.pool.takeImage(size, nth);
  }

  /** The buffer for the host data of a slot. */
  upload(slot: number, data: Data): Buffer {
    let buffer = this.#uploads.get(slot);
    if (!buffer) {
      buffer = this.#context.pool.take(data.byteLength, "an argument");
      this.#uploads.set(slot, buffer);
    }
    return buffer;
  }

  /** Frees everything. */
  dispose() {
    const { pool, constants } = this.#context;
    pool.giveScratch(this.#scratch);
    for (const buffer of this.#uploads.values()) pool.give(buffer);
    for (const data of this.#constants) constants.give(data);
    if (this.#uniforms) {
      pool.count(-1, -this.#uniforms.buffer.size);
      this.#uniforms.buffer.destroy();
    }
    for (const [size, nth] of this.#images) pool.giveImage(size, nth);
  }
}
