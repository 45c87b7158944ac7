/**
 * Bind groups, cached by the buffers of a call: a loop's calls use few combinations in turn.
 *
 * @module
 */
import type { Buffer } from "./buffer_pool.ts";
import type { BoundDispatch } from "./bound_dispatch.ts";
import type { BufferRef } from "./plan_memory.ts";

/** The buffers of a call's inputs and outputs, by slot. */
export type CallBuffers = readonly Buffer[];

/** The most cached bind groups per dispatch, and for all dispatches together. */
const MAX_GROUPS = 16;

/** The buffer that a reference resolves to in a call. */
export const bufferIn = (buffers: CallBuffers, ref: BufferRef): GPUBuffer =>
  "slot" in ref ? buffers[ref.slot]!.gpu : ref.buffer;

/** The bind groups of a plan's dispatches. */
export class BindGroups {
  readonly #device: GPUDevice;
  readonly #dispatches: readonly BoundDispatch[];
  readonly #slots: readonly number[];
  /** Bind groups of each dispatch, by the buffers of its slots. */
  readonly #groups: readonly Map<string, GPUBindGroup>[];
  /** Bind groups of all dispatches, by the buffers of all slots. */
  readonly #sets = new Map<string, readonly GPUBindGroup[]>();

  /** @param slots The slots whose buffers differ between calls. */
  constructor(
    device: GPUDevice,
    dispatches: readonly BoundDispatch[],
    slots: readonly number[],
  ) {
    this.#device = device;
    this.#dispatches = dispatches;
    this.#slots = slots;
    this.#groups = dispatches.map(() => new Map());
  }

  /** The bind groups of all dispatches in a call. */
  ofCall(buffers: CallBuffers): readonly GPUBindGroup[] {
    let key = "";
    for (const slot of this.#slots) key += `${buffers[slot]!.id},`;
    let set = this.#sets.get(key);
    if (!set) {
      if (this.#sets.size >= MAX_GROUPS) this.#sets.clear();
      set = this.#dispatches.map((_, i) => this.#ofDispatch(i, buffers));
      this.#sets.set(key, set);
    }
    return set;
  }

  #ofDispatch(i: number, buffers: CallBuffers): GPUBindGroup {
    const dispatch = this.#dispatches[i]!, groups = this.#groups[i]!;
    const key = dispatch.slots.map((s) => buffers[s]!.id).join();
    let group = groups.get(key);
    if (!group) {
      if (groups.size >= MAX_GROUPS) groups.clear();
      group = this.#create(dispatch, buffers);
      groups.set(key, group);
    }
    return group;
  }

  #create({ pipeline, bindings }: BoundDispatch, buffers: CallBuffers): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: pipeline.layout,
      entries: bindings.map((b, binding) => ({
        binding,
        resource: "view" in b
          ? b.view
          : "uniform" in b
          ? b.uniform
          : { buffer: bufferIn(buffers, b) },
      })),
    });
  }
}
