/**
 * The executable of a plan on the GPU: compilation, and recording and submitting its runs.
 *
 * @module
 */
import { sumOf } from "../../../sum_of.ts";
import { counted } from "../../../counted.ts";
import type { Data } from "../../../host_data.ts";
import type { Plan, SlotKind } from "../../../plan/plan.ts";
import { showPlan } from "../../../plan/show.ts";
import { sizeOf } from "../../../shape.ts";
import type { Tensor } from "../../../tensor.ts";
import type { Executable, Handle } from "../../device.ts";
import { writeDispatches } from "../shader/dispatches.ts";
import type { BoundProgram } from "../shader/merge.ts";
import { programText } from "../shader/program.ts";
import { BindGroups, bufferIn, type CallBuffers } from "./bind_groups.ts";
import {
  bindDispatches,
  type BoundDispatch,
  parameterLists,
  type TextureCopy,
  texturesBytes,
} from "./bound_dispatch.ts";
import { type Buffer, bufferBytes } from "./buffer_pool.ts";
import { FormerBuffers } from "./former_buffers.ts";
import type { Context } from "./context.ts";
import { fewPasses, type Passes, type PassTimer } from "./passes.ts";
import { PlanMemory } from "./plan_memory.ts";
import { uniformsBytes } from "./uniforms.ts";

/** Compiles a plan. Throws MemoryError if a buffer exceeds the adapter's limit. */
export function createExecutable(
  context: Context,
  plan: Plan,
  constants: readonly Tensor[],
): Executable {
  const { device, pool } = context;
  const { programs, shares, sizes, bufferOf } = writeDispatches(
    plan,
    context.traits,
    context.buffers,
  );
  const inputs = slotsOfKind(plan, "input"), outputs = slotsOfKind(plan, "output");
  for (const size of sizes) pool.check(size, "temporary values");
  for (const { data } of constants) pool.check(data!.byteLength, "a constant");
  for (const s of outputs) pool.check(slotBytes(plan, s), "a result");
  const buffers: Buffer[] = [], former = new FormerBuffers();
  let loaded: Loaded | undefined;
  /** Takes what runs need before the first of them. */
  const load = (): Loaded => {
    if (loaded) return loaded;
    const memory = new PlanMemory(context, plan, constants, { sizes, bufferOf });
    const dispatches = bindDispatches(programs, memory, context.pipelines);
    const groups = new BindGroups(device, dispatches, [...inputs, ...outputs]);
    const timer = context.createTimer?.(plan, shares);
    return loaded = { memory, dispatches, groups, timer };
  };
  /** Puts the inputs of a call into their slots. */
  const takeInputs = (memory: PlanMemory, given: readonly (Handle | Data)[]) => {
    given.forEach((x, i) => {
      const slot = inputs[i]!;
      buffers[slot] = ArrayBuffer.isView(x) ? memory.upload(slot, x) : x as Buffer;
    });
    // Writing allocates staging memory for a moment; between lasting buffers that would fragment the heap.
    given.forEach((x, i) => {
      if (ArrayBuffer.isView(x)) device.queue.writeBuffer(buffers[inputs[i]!]!.gpu, 0, x);
    });
  };
  /** Allocates a buffer for each result. */
  const takeOutputs = () => {
    for (const s of outputs) {
      buffers[s] = pool.take(slotBytes(plan, s), "a result", former.of(s));
      former.add(s, buffers[s]);
    }
  };
  return {
    bytes: sumOf(constants.map(({ data }) => data!.byteLength)),
    memory: {
      inputs: inputs.map((s) => bufferBytes(slotBytes(plan, s))),
      outputs: outputs.map((s) => bufferBytes(slotBytes(plan, s))),
      temporaries: sizes.map(bufferBytes),
      kept: sumOf(constants.map(({ data }) => bufferBytes(data!.byteLength))) +
        uniformsBytes(device, parameterLists(programs)),
      shared: texturesBytes(programs),
    },
    run(given) {
      context.check();
      const { memory, dispatches, groups, timer } = load();
      takeInputs(memory, given);
      takeOutputs();
      const bound = groups.ofCall(buffers), encoder = device.createCommandEncoder();
      const passes = timer ? timer.passes(encoder) : fewPasses(encoder);
      record(dispatches, bound, buffers, encoder, passes);
      const readTimes = timer?.resolve(encoder);
      device.queue.submit([encoder.finish()]);
      readTimes?.();
      context.submitted();
      return outputs.map((s) => buffers[s]!);
    },
    explain: () => `${showPlan(plan)}\n${summary(programs, sizes)}`,
    dispose() {
      loaded?.memory.dispose();
      loaded?.timer?.dispose();
    },
  };
}

/** What an executable has taken for its runs. */
interface Loaded {
  readonly memory: PlanMemory;
  readonly dispatches: readonly BoundDispatch[];
  readonly groups: BindGroups;
  readonly timer: PassTimer | undefined;
}

const slotsOfKind = ({ slots }: Plan, kind: SlotKind): number[] =>
  slots.flatMap((slot, s) => slot.kind === kind ? [s] : []);

const slotBytes = ({ slots }: Plan, slot: number): number => 4 * sizeOf(slots[slot]!.shape);

/** Records a run: each dispatch, preceded by the copies that it needs. */
function record(
  dispatches: readonly BoundDispatch[],
  groups: readonly GPUBindGroup[],
  buffers: CallBuffers,
  encoder: GPUCommandEncoder,
  passes: Passes,
) {
  dispatches.forEach(({ pipeline, workgroups, copies }, i) => {
    if (copies.length) passes.between(() => recordCopies(copies, buffers, encoder));
    const pass = passes.next();
    pass.setPipeline(pipeline.gpu);
    pass.setBindGroup(0, groups[i]!);
    pass.dispatchWorkgroups(...workgroups);
  });
  passes.end();
}

/** Bytes per texel of four f32 channels. */
const TEXEL = 16;

function recordCopies(
  copies: readonly TextureCopy[],
  buffers: CallBuffers,
  encoder: GPUCommandEncoder,
) {
  for (const { from, texture, size: [columns, rows, layers] } of copies) {
    encoder.copyBufferToTexture(
      { buffer: bufferIn(buffers, from), bytesPerRow: columns * TEXEL, rowsPerImage: rows },
      { texture },
      [columns, rows, layers],
    );
  }
}

/** A summary of a plan's dispatches, shaders and memory, in one line. */
function summary(programs: readonly BoundProgram[], sizes: readonly number[]): string {
  const shaders = new Set(programs.map(programText)).size, bytes = sumOf(sizes);
  return `${counted(programs.length, "dispatch", "dispatches")} of ${
    counted(shaders, "shader")
  }, ` +
    `${counted(bytes, "byte")} of temporary values in ${counted(sizes.length, "buffer")}`;
}
