/**
 * A plan made ready for the GPU: pipelines, buffers for its temporary values, bind groups.
 *
 * @module
 */
import { assignBuffers } from "../../plan/lifetimes.ts";
import { type Plan, readsOf, showPlan } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";
import type { Data, Tensor } from "../../tensor.ts";
import type { Executable, Handle } from "../device.ts";
import { measured, type Timings } from "./measure.ts";
import type { Buffer, Pool } from "./memory.ts";
import { fewPasses } from "./passes.ts";
import type { Pipeline, Pipelines } from "./pipelines.ts";
import { type AdapterTraits, type Binding, programsOf } from "./program.ts";
import { KERNELS } from "./kernels/mod.ts";
import type { KernelName } from "../../ops/mod.ts";
import type { ImageSize } from "./kernel.ts";

/** What executables share of their device. */
export interface Context {
  readonly device: GPUDevice;
  readonly pool: Pool;
  readonly pipelines: Pipelines;
  readonly traits: AdapterTraits;
  /** Given, they are told what each step takes. */
  readonly timings: Timings | undefined;
  /** Throws if the device has failed. */
  check(): void;
  /** Called after each submit. */
  submitted(): void;
}

/** One dispatch, with all that does not change from call to call. */
interface Dispatch {
  /** The number of the step that it belongs to. */
  readonly step: number;
  readonly pipeline: Pipeline;
  readonly bindings: readonly Bound[];
  readonly workgroups: readonly [number, number, number];
  /** Slots whose buffers differ between calls. */
  readonly moving: readonly number[];
  readonly groups: Map<string, GPUBindGroup>;
  readonly copies: readonly Copy[];
}

type InBuffer = { readonly slot: number } | { readonly buffer: GPUBuffer };
type Bound = InBuffer | { readonly view: GPUTextureView };

/** A texture to fill from a slot before a dispatch. */
interface Copy {
  readonly from: InBuffer;
  readonly texture: GPUTexture;
  readonly size: ImageSize;
}

/** Bind groups kept for one dispatch: buffers of a loop come back in a short cycle. */
const MAX_GROUPS = 16;

const bytesOfSlot = (shape: readonly number[]) => 4 * sizeOf(shape);

/** Compiles a plan. */
export function executableOf(
  context: Context,
  plan: Plan,
  constants: readonly Tensor[],
): Executable {
  const { device, pool } = context;
  const steps = plan.steps.map((step) =>
    programsOf(step, (name, c) => KERNELS[name as KernelName].lower(c), context.traits)
  );
  // Temporary slots live from the step that stores them to the last that reads them; scratch within one.
  const lives = plan.slots.map((slot) => ({ bytes: bytesOfSlot(slot.shape), first: -1, last: -1 }));
  plan.steps.forEach((step, i) => {
    if (lives[step.slot].first < 0) lives[step.slot].first = i;
    for (const s of [step.slot, ...readsOf(step)]) lives[s].last = i;
  });
  const temporary = plan.slots.flatMap((slot, s) => slot.kind === "temporary" ? [s] : []);
  const scratch = steps.flatMap(({ scratch }, step) =>
    scratch.map(({ size }, k) => ({ step, k, bytes: 4 * size }))
  );
  const { sizes, bufferOf } = assignBuffers([
    ...temporary.map((s) => lives[s]),
    ...scratch.map(({ step, bytes }) => ({ bytes, first: step, last: step })),
  ]);
  const shared = pool.takeScratch(sizes);
  const fixed = new Map<number, Buffer>(temporary.map((s, i) => [s, shared[bufferOf[i]]]));
  const scratchOf = (step: number, k: number) =>
    shared[bufferOf[temporary.length + scratch.findIndex((x) => x.step === step && x.k === k)]];
  const owned: Buffer[] = [], uniforms: GPUBuffer[] = [];
  plan.slots.forEach((slot, s) => {
    if (slot.kind !== "constant") return;
    const data = constants[slot.index].data!;
    const buffer = pool.take(data.byteLength, "a constant");
    device.queue.writeBuffer(buffer.gpu, 0, data);
    owned.push(buffer);
    fixed.set(s, buffer);
  });
  const place = (slot: number): InBuffer => {
    const known = fixed.get(slot);
    return known ? { buffer: known.gpu } : { slot };
  };
  const bind = (binding: Binding, step: number): Bound => {
    if ("parameters" in binding) {
      const buffer = device.createBuffer({
        size: 4 * binding.parameters.length,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
      device.queue.writeBuffer(buffer, 0, Uint32Array.from(binding.parameters));
      uniforms.push(buffer);
      return { buffer };
    }
    if ("scratch" in binding) return { buffer: scratchOf(step, binding.scratch).gpu };
    if (binding.access === "image") {
      const view = pool.image(binding.size).createView({ dimension: "2d-array" });
      return { view };
    }
    return place(binding.slot);
  };
  const dispatches = steps.flatMap(({ programs }, step) =>
    programs.map(({ label, code, bindings, workgroups }): Dispatch => {
      const bound = bindings.map((b) => bind(b, step));
      return {
        step,
        pipeline: context.pipelines.get(label, code, bindings.map((b) => b.access)),
        bindings: bound,
        workgroups,
        moving: bound.flatMap((b) => "slot" in b ? [b.slot] : []),
        groups: new Map(),
        copies: bindings.flatMap((b) =>
          b.access === "image"
            ? [{ from: place(b.slot), texture: pool.image(b.size), size: b.size }]
            : []
        ),
      };
    })
  );
  const inputs = plan.slots.flatMap((slot, s) => slot.kind === "input" ? [s] : []);
  const outputs = plan.slots.flatMap((slot, s) => slot.kind === "output" ? [s] : []);
  const uploads = new Map<number, Buffer>();
  const upload = (slot: number, data: Data): Buffer => {
    let buffer = uploads.get(slot);
    if (!buffer) {
      buffer = pool.take(data.byteLength, "an argument");
      owned.push(buffer);
      uploads.set(slot, buffer);
    }
    device.queue.writeBuffer(buffer.gpu, 0, data);
    return buffer;
  };
  const bufferAt = (b: InBuffer, at: ReadonlyMap<number, Buffer>) =>
    "slot" in b ? at.get(b.slot)!.gpu : b.buffer;
  const groupOf = (
    { pipeline, bindings, moving, groups }: Dispatch,
    at: ReadonlyMap<number, Buffer>,
  ) => {
    const key = moving.map((s) => at.get(s)!.id).join();
    let group = groups.get(key);
    if (!group) {
      if (groups.size >= MAX_GROUPS) groups.clear();
      group = device.createBindGroup({
        layout: pipeline.layout,
        entries: bindings.map((b, binding) => ({
          binding,
          resource: "view" in b ? b.view : { buffer: bufferAt(b, at) },
        })),
      });
      groups.set(key, group);
    }
    return group;
  };
  const timed = context.timings &&
    measured(device, context.timings, plan, dispatches.map(({ step }) => step));
  return {
    run(given: readonly (Handle | Data)[]): Handle[] {
      context.check();
      const at = new Map<number, Buffer>();
      given.forEach((x, i) => {
        const slot = inputs[i];
        at.set(slot, ArrayBuffer.isView(x) ? upload(slot, x) : x as Buffer);
      });
      for (const s of outputs) {
        at.set(s, pool.take(bytesOfSlot(plan.slots[s].shape), "a result"));
      }
      const encoder = device.createCommandEncoder();
      const passes = timed ? timed.passes(encoder) : fewPasses(encoder);
      for (const dispatch of dispatches) {
        if (dispatch.copies.length) {
          passes.between(() => {
            for (const { from, texture, size: [columns, rows, layers] } of dispatch.copies) {
              encoder.copyBufferToTexture(
                { buffer: bufferAt(from, at), bytesPerRow: columns * 16, rowsPerImage: rows },
                { texture },
                [columns, rows, layers],
              );
            }
          });
        }
        const pass = passes.next();
        pass.setPipeline(dispatch.pipeline.gpu);
        pass.setBindGroup(0, groupOf(dispatch, at));
        pass.dispatchWorkgroups(...dispatch.workgroups);
      }
      passes.end();
      const read = timed?.resolve(encoder);
      device.queue.submit([encoder.finish()]);
      read?.();
      context.submitted();
      return outputs.map((s) => at.get(s)!);
    },
    explain: () =>
      `${showPlan(plan)}\n${dispatches.length} dispatches, ${
        sizes.reduce((a, b) => a + b, 0)
      } bytes of temporary values in ${sizes.length} buffers`,
    dispose() {
      pool.giveScratch(shared);
      owned.forEach((b) => pool.give(b));
      uniforms.forEach((b) => b.destroy());
      timed?.dispose();
    },
  };
}
