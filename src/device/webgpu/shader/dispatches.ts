/**
 * Emits the dispatches of a plan: one or more shaders per step, with small independent ones merged.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import { arrangeDispatches, type Arrangement } from "../../../plan/arrange_dispatches.ts";
import type { Item } from "../../../plan/batch_dispatches.ts";
import { parametricSteps } from "../../../plan/parametrize.ts";
import { type Plan, temporaryBytes } from "../../../plan/plan.ts";
import { WEBGPU_KERNELS } from "../kernels/mod.ts";
import { type BoundProgram, fitsTogether, merge, mergeKind } from "./merge.ts";
import type { AdapterTraits } from "../kernels/adapter_traits.ts";
import { lowerStep } from "./lower_step.ts";
import type { Binding } from "./program.ts";
import { findRowBlocks, rowLimits } from "./row_blocks.ts";
import { writeRowProgram } from "./row_program.ts";

/** A step's share of a dispatch, from 0 to 1, by workgroups. */
export interface StepShare {
  readonly step: number;
  readonly part: number;
}

/** The dispatches of a plan in order; values are its slots, followed by scratch buffers. */
export interface Dispatches extends Pick<Arrangement, "sizes" | "bufferOf"> {
  readonly programs: readonly BoundProgram[];
  /** For each program: the steps that it computes. */
  readonly shares: readonly (readonly StepShare[])[];
}

/** A program of a step, or of several. */
interface StepProgram {
  readonly program: BoundProgram;
  readonly steps: readonly number[];
}

/** The index of the value that a binding is bound to; -1 for parameters, which are the program's own. */
const bindingValue = (binding: Binding, scratch: readonly number[]): number =>
  "slot" in binding ? binding.slot : "scratch" in binding ? scratch[binding.scratch]! : -1;

/** Emits the programs of all steps; the scratch buffers that they need are appended to `bytes`. */
function writePrograms(
  plan: Plan,
  traits: AdapterTraits,
  bytes: number[],
  buffers: number,
): StepProgram[] {
  const parametric = parametricSteps(plan.steps), { software } = traits;
  const blocks = findRowBlocks(plan, rowLimits(software, buffers));
  const firsts = new Map(blocks.map((block) => [block.steps[0]!, block]));
  const others = new Set(blocks.flatMap(({ steps }) => steps));
  const placeOf = new Map(plan.steps.map((step, i) => [step, i]));
  return plan.steps.flatMap((each, step): StepProgram[] => {
    const block = firsts.get(each);
    if (block) {
      const program = writeRowProgram(block, software);
      const values = program.variables.map((v) => bindingValue(v.binding, []));
      return [{ program: { ...program, values }, steps: block.steps.map((s) => placeOf.get(s)!) }];
    }
    if (others.has(each)) return [];
    const { programs, scratch } = lowerStep(
      each,
      (name, context) => WEBGPU_KERNELS[name as KernelName].lower(context),
      traits,
      parametric.has(each),
    );
    const numbers = scratch.map(({ size }) => bytes.push(4 * size) - 1);
    return programs.map((program) => ({
      program: {
        ...program,
        values: program.variables.map((v) => bindingValue(v.binding, numbers)),
      },
      steps: [step],
    }));
  });
}

/** The reads and writes of a program, for the planner. */
function asItem(program: BoundProgram, workgroups: number): Item {
  const kind = mergeKind(program, workgroups);
  const values = (writes: boolean) =>
    program.values.filter((value, i) =>
      value >= 0 && (program.variables[i]!.binding.access === "write") === writes
    );
  return { reads: values(false), writes: values(true), ...(kind && { kind }) };
}

/** The share of each program in a merged one. */
function shareOut(members: readonly StepProgram[]): StepShare[] {
  const total = members.reduce((sum, { program }) => sum + program.workgroups[0], 0);
  return members.flatMap(({ steps, program }) => {
    const part = members.length === 1 ? 1 : program.workgroups[0] / total;
    return steps.map((step) => ({ step, part: part / steps.length }));
  });
}

/**
 * Emits the dispatches of a plan for an adapter.
 *
 * @param buffers The most storage buffers of a merged shader.
 */
export function writeDispatches(plan: Plan, traits: AdapterTraits, buffers: number): Dispatches {
  const limits = { workgroups: traits.mergedWorkgroups, buffers }, bytes = temporaryBytes(plan);
  const all = writePrograms(plan, traits, bytes, buffers);
  const { batches, sizes, bufferOf } = arrangeDispatches(
    all.map(({ program }) => asItem(program, limits.workgroups)),
    bytes,
    (members) => fitsTogether(members.map((i) => all[i]!.program), limits),
  );
  const groups = batches.map((batch) => batch.map((i) => all[i]!));
  return {
    programs: groups.map((members) => merge(members.map(({ program }) => program))),
    shares: groups.map(shareOut),
    sizes,
    bufferOf,
  };
}
