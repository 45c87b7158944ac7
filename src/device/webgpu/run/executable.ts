/**
 * A plan made ready for the GPU: pipelines, buffers for its temporary values, bind groups.
 *
 * @module
 */
import type { Plan } from "../../../plan/plan.ts";
import { showPlan } from "../../../plan/show.ts";
import { sizeOf } from "../../../shape.ts";
import type { Data } from "../../../host_data.ts";
import type { Tensor } from "../../../tensor.ts";
import type { Constants } from "../../constants.ts";
import type { Executable, Handle } from "../../device.ts";
import { measured, type Timings } from "../profile/step_timer.ts";
import type { Buffer, Pool } from "./buffer_pool.ts";
import { fewPasses } from "./passes.ts";
import type { Pipeline, Pipelines } from "./pipeline_cache.ts";
import { writeDispatches } from "../shader/dispatches.ts";
import type { AdapterTraits } from "../kernels/adapter_traits.ts";
import type { ImageSize } from "../kernels/texture.ts";
import { type Binding, programText } from "../shader/program.ts";
import { uniformsOf } from "./uniforms.ts";

/** What executables share of their device. */
export interface Context {
  readonly device: GPUDevice;
  readonly pool: Pool;
  readonly constants: Constants<Buffer>;
  readonly pipelines: Pipelines;
  readonly traits: AdapterTraits;
  /** The most storage buffers that shaders that run as one may have together. */
  readonly buffers: number;
  /** Given, they are told what each step takes. */
  readonly timings: Timings | undefined;
  /** Whether passes can be timed. */
  readonly timestamps: boolean;
  /** Throws if the device has failed. */
  check(): void;
  /** Called after each submit. */
  submitted(): void;
}

/** One dispatch, with all that does not change from call to call. */
interface Dispatch {
  readonly pipeline: Pipeline;
  readonly bindings: readonly Bound[];
  readonly workgroups: readonly [number, number, number];
  /** Slots whose buffers differ between calls. */
  readonly moving: readonly number[];
  readonly groups: Map<string, GPUBindGroup>;
  readonly copies: readonly Copy[];
}

type InBuffer = { readonly slot: number } | { readonly buffer: GPUBuffer };
type Bound =
  | InBuffer
  | { readonly view: GPUTextureView }
  | { readonly uniform: GPUBufferBinding };

const isSame = (a: InBuffer, b: InBuffer) =>
  "slot" in a ? "slot" in b && a.slot === b.slot : "buffer" in b && a.buffer === b.buffer;

/** A texture to fill from a slot before a dispatch. */
interface Copy {
  readonly from: InBuffer;
  readonly texture: GPUTexture;
  readonly size: ImageSize;
}

/** Bind groups kept for one dispatch, and for all: buffers of a loop come back in a short cycle. */
const MAX_GROUPS = 16;

const bytesOfSlot = (shape: readonly number[]) => 4 * sizeOf(shape);

/** Compiles a plan. */
export function executableOf(
  context: Context,
  plan: Plan,
  constants: readonly Tensor[],
): Executable {
  const { device, pool } = context;
  const { units, shares, sizes, bufferOf } = writeDispatches(
    plan,
    context.traits,
    context.buffers,
  );
  // Whatever could throw comes before anything is taken.
  for (const size of sizes) pool.check(size, "temporary values");
  for (const { data } of constants) pool.check(data!.byteLength, "a constant");
  const scratch = pool.takeScratch(sizes);
  const fixed = new Map<number, Buffer>([...bufferOf].map(([value, at]) => [value, scratch[at]!]));
  const owned: Buffer[] = [], kept: Data[] = [];
  const images: ImageSize[] = [];
  plan.slots.forEach((slot, s) => {
    if (slot.kind !== "constant") return;
    const data = constants[slot.index]!.data!;
    fixed.set(s, context.constants.take(data));
    kept.push(data);
  });
  const place = (value: number): InBuffer => {
    const known = fixed.get(value);
    return known ? { buffer: known.gpu } : { slot: value };
  };
  const uniforms = uniformsOf(
    device,
    units.flatMap(({ variables }) =>
      variables.flatMap(({ binding }) => "parameters" in binding ? [binding.parameters] : [])
    ),
  );
  if (uniforms) pool.count(1, uniforms.buffer.size);
  /** Dispatches are bound in order, as their parameters lie. */
  let next = 0;
  const bind = (binding: Binding, value: number): Bound => {
    if ("parameters" in binding) {
      return { uniform: uniforms!.bindings[next++]! };
    }
    if (binding.access !== "image") return place(value);
    images.push(binding.size);
    return { view: pool.takeImage(binding.size).createView({ dimension: "2d-array" }) };
  };
  /** Where the content of each texture was copied from, and still lies. */
  const copied = new Map<GPUTexture, InBuffer>();
  const fill = (size: ImageSize, from: InBuffer): Copy[] => {
    images.push(size);
    const texture = pool.takeImage(size), last = copied.get(texture);
    if (last && isSame(last, from)) return [];
    copied.set(texture, from);
    return [{ from, texture, size }];
  };
  const overwritten = (at: InBuffer) => {
    for (const [texture, from] of copied) if (isSame(from, at)) copied.delete(texture);
  };
  const dispatches = units.map((unit): Dispatch => {
    const { label, variables, values, workgroups } = unit;
    const bound = variables.map(({ binding }, i) => bind(binding, values[i]!));
    const copies = variables.flatMap(({ binding }, i) =>
      binding.access === "image" ? fill(binding.size, place(values[i]!)) : []
    );
    variables.forEach(({ binding: { access } }, i) => {
      if (access === "write") overwritten(place(values[i]!));
    });
    return {
      pipeline: context.pipelines.get(
        label,
        programText(unit),
        variables.map(({ binding: { access } }) => access),
      ),
      bindings: bound,
      workgroups,
      moving: bound.flatMap((b) => "slot" in b ? [b.slot] : []),
      groups: new Map(),
      copies,
    };
  });
  const inputs = plan.slots.flatMap((slot, s) => slot.kind === "input" ? [s] : []);
  const outputs = plan.slots.flatMap((slot, s) => slot.kind === "output" ? [s] : []);
  const uploads = new Map<number, Buffer>();
  /** The buffer for host data in a slot. */
  const roomFor = (slot: number, data: Data): Buffer => {
    let buffer = uploads.get(slot);
    if (!buffer) {
      buffer = pool.take(data.byteLength, "an argument");
      owned.push(buffer);
      uploads.set(slot, buffer);
    }
    return buffer;
  };
  /** Buffers of this call by slot: of inputs and outputs. */
  const at: Buffer[] = [], called = [...inputs, ...outputs];
  const bufferAt = (b: InBuffer) => "slot" in b ? at[b.slot]!.gpu : b.buffer;
  const groupOf = ({ pipeline, bindings, moving, groups }: Dispatch) => {
    const key = moving.map((s) => at[s]!.id).join();
    let group = groups.get(key);
    if (!group) {
      if (groups.size >= MAX_GROUPS) groups.clear();
      group = device.createBindGroup({
        layout: pipeline.layout,
        entries: bindings.map((b, binding) => ({
          binding,
          resource: "view" in b ? b.view : "uniform" in b ? b.uniform : { buffer: bufferAt(b) },
        })),
      });
      groups.set(key, group);
    }
    return group;
  };
  const sets = new Map<string, readonly GPUBindGroup[]>();
  /** The bind groups of all dispatches: buffers of a loop come back together. */
  const setOf = () => {
    let key = "";
    for (const slot of called) key += `${at[slot]!.id},`;
    let set = sets.get(key);
    if (!set) {
      if (sets.size >= MAX_GROUPS) sets.clear();
      sets.set(key, set = dispatches.map(groupOf));
    }
    return set;
  };
  const timed = context.timings &&
    measured(device, context.timings, plan, shares);
  return {
    bytes: kept.reduce((sum, { byteLength }) => sum + byteLength, 0),
    run(given: readonly (Handle | Data)[]): Handle[] {
      context.check();
      given.forEach((x, i) => {
        const slot = inputs[i]!;
        at[slot] = ArrayBuffer.isView(x) ? roomFor(slot, x) : x as Buffer;
      });
      // Writing takes memory for a moment: between buffers that stay it would leave thousands of holes.
      given.forEach((x, i) => {
        if (ArrayBuffer.isView(x)) device.queue.writeBuffer(at[inputs[i]!]!.gpu, 0, x);
      });
      for (const s of outputs) pool.check(bytesOfSlot(plan.slots[s]!.shape), "a result");
      for (const s of outputs) at[s] = pool.take(bytesOfSlot(plan.slots[s]!.shape), "a result");
      const groups = setOf();
      const encoder = device.createCommandEncoder();
      const passes = timed ? timed.passes(encoder) : fewPasses(encoder);
      dispatches.forEach((dispatch, i) => {
        if (dispatch.copies.length) {
          passes.between(() => {
            for (const { from, texture, size: [columns, rows, layers] } of dispatch.copies) {
              encoder.copyBufferToTexture(
                { buffer: bufferAt(from), bytesPerRow: columns * 16, rowsPerImage: rows },
                { texture },
                [columns, rows, layers],
              );
            }
          });
        }
        const pass = passes.next();
        pass.setPipeline(dispatch.pipeline.gpu);
        pass.setBindGroup(0, groups[i]!);
        pass.dispatchWorkgroups(...dispatch.workgroups);
      });
      passes.end();
      const read = timed?.resolve(encoder);
      device.queue.submit([encoder.finish()]);
      read?.();
      context.submitted();
      return outputs.map((s) => at[s]!);
    },
    explain: () =>
      `${showPlan(plan)}\n${dispatches.length} dispatches of ${
        new Set(dispatches.map(({ pipeline }) => pipeline)).size
      } shaders, ${
        sizes.reduce((a, b) => a + b, 0)
      } bytes of temporary values in ${sizes.length} buffers`,
    dispose() {
      pool.giveScratch(scratch);
      owned.forEach((b) => pool.give(b));
      kept.forEach((data) => context.constants.give(data));
      if (uniforms) {
        pool.count(-1, -uniforms.buffer.size);
        uniforms.buffer.destroy();
      }
      images.forEach((size) => pool.giveImage(size));
      timed?.dispose();
    },
  };
}
