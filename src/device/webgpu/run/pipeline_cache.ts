/**
 * Compute pipelines, cached by the shader's text.
 *
 * @module
 */

import { LruCache } from "../../../memory/lru_cache.ts";

/** A pipeline and the layout of its bind group. */
export interface Pipeline {
  readonly gpu: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** The type of a binding. */
export type BindingAccess = "read" | "write" | "uniform" | "image";

const TYPES = {
  read: { buffer: { type: "read-only-storage" } },
  write: { buffer: { type: "storage" } },
  uniform: { buffer: { type: "uniform" } },
  image: {
    storageTexture: { access: "read-only", format: "rgba32float", viewDimension: "2d-array" },
  },
} as const;

/**
 * The most cached shaders that no plan uses: a loop with a new constant in each step creates them without
 * end.
 */
const KEPT = 512;

/** The pipeline cache of one device. */
export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #fail: (error: Error) => void;
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #pipelines = new LruCache<Pipeline>(KEPT, () => {});
  readonly #pending = new Set<Promise<void>>();

  constructor(device: GPUDevice, fail: (error: Error) => void) {
    this.#device = device;
    this.#fail = fail;
  }

  /** The number of shaders compiled. */
  get size(): number {
    return this.#pipelines.size;
  }

  /**
   * The pipeline of a shader. Errors in it are reported later, to the device, with `label`;
   * {@linkcode settle} waits for them.
   */
  get(label: string, code: string, access: readonly BindingAccess[]): Pipeline {
    return this.#pipelines.get(code, () => this.#make(label, code, access));
  }

  #make(label: string, code: string, access: readonly BindingAccess[]): Pipeline {
    const device = this.#device, layout = this.#layout(access);
    device.pushErrorScope("validation");
    const gpu = device.createComputePipeline({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ label, code }), entryPoint: "main" },
    });
    const settled = device.popErrorScope().then((error) => {
      if (error) this.#fail(new Error(`webgpu: invalid pipeline for ${label}: ${error.message}`));
    }).finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
    return { gpu, layout };
  }

  /** Waits until every pipeline created so far is validated. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #layout(access: readonly BindingAccess[]): GPUBindGroupLayout {
    const key = access.join();
    let layout = this.#layouts.get(key);
    if (!layout) {
      layout = this.#device.createBindGroupLayout({
        entries: access.map((a, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          ...TYPES[a],
        })),
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }
}
