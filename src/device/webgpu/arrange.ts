/**
 * The dispatches of a plan: the shaders of its steps, small ones that need not wait for each other as one,
 * in an order that keeps little memory busy, and the buffers that temporary values share.
 *
 * @module
 */
import { batchDispatches } from "../../plan/batch_dispatches.ts";
import { assignBuffers, type Assignment } from "../../plan/buffer_assignment.ts";
import { canonicalStep } from "../../plan/canonicalize.ts";
import type { Plan, Step } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";
import type { KernelName } from "../../ops/mod.ts";
import { KERNELS } from "./kernels/mod.ts";
import { fitTogether, kindOf, merge, type Unit } from "./shader/merge.ts";
import { type AdapterTraits, type Binding, programsOf } from "./shader/program.ts";

/** A step's part in a dispatch, from 0 to 1, by workgroups. */
export interface Share {
  readonly step: number;
  readonly part: number;
}

/** The dispatches of a plan in order. */
export interface Arrangement {
  readonly units: readonly Unit[];
  /** For each unit: the steps that it is of. */
  readonly shares: readonly (readonly Share[])[];
  /** Buffers for temporary values. */
  readonly sizes: readonly number[];
  /** The buffer of a value: of a temporary slot, or of a number from the count of slots on. */
  readonly bufferOf: ReadonlyMap<number, number>;
}

/** A number for what a binding is bound to; -1 where that is its own. */
const valueOf = (binding: Binding, scratch: readonly number[]): number =>
  "slot" in binding ? binding.slot : "scratch" in binding ? scratch[binding.scratch]! : -1;

const touched = (units: readonly Unit[], wanted: "read" | "write") =>
  units.flatMap(({ variables, values }) =>
    variables.flatMap(({ binding: { access } }, i) => {
      const writes = access === "write", found = wanted === "write" ? writes : !writes;
      return found && values[i]! >= 0 ? [values[i]!] : [];
    })
  );

/**
 * From how many on, steps that differ only in where they begin in their slots, and in constants, share a shader
 * that is given these numbers.
 */
const MANY = 4;

/** The steps that many others differ from only in where they begin in their slots, and in constants. */
function movingSteps(steps: readonly Step[]): ReadonlySet<Step> {
  const alike = new Map<string, { readonly steps: Step[]; readonly numbers: Set<string> }>();
  for (const step of steps) {
    const { form, bindings, constants } = canonicalStep(step);
    const numbers = [...bindings.map(({ offset }) => offset), ...constants].join();
    const found = alike.get(form);
    if (found) {
      found.steps.push(step);
      found.numbers.add(numbers);
    } else alike.set(form, { steps: [step], numbers: new Set([numbers]) });
  }
  return new Set(
    [...alike.values()].flatMap(({ steps, numbers }) => numbers.size < MANY ? [] : steps),
  );
}

/**
 * Arranges a plan for an adapter.
 *
 * @param buffers The most storage buffers that shaders that run as one may have together.
 */
export function arrange(plan: Plan, traits: AdapterTraits, buffers: number): Arrangement {
  const limits = { workgroups: traits.merged, buffers };
  const bytes = plan.slots.map(({ kind, shape }) => kind === "temporary" ? 4 * sizeOf(shape) : 0);
  const single: { readonly unit: Unit; readonly step: number }[] = [];
  const moving = movingSteps(plan.steps);
  plan.steps.forEach((each, step) => {
    const { programs, scratch } = programsOf(
      each,
      (name, context) => KERNELS[name as KernelName].lower(context),
      traits,
      moving.has(each),
    );
    const numbers = scratch.map(({ size }) => bytes.push(4 * size) - 1);
    for (const program of programs) {
      const values = program.variables.map(({ binding }) => valueOf(binding, numbers));
      single.push({ unit: { ...program, values }, step });
    }
  });
  const items = single.map(({ unit }) => {
    const kind = kindOf(unit, limits.workgroups);
    return {
      reads: touched([unit], "read"),
      writes: touched([unit], "write"),
      ...(kind && { kind }),
    };
  });
  const of = (members: readonly number[]) => members.map((i) => single[i]!.unit);
  const groups = batchDispatches(items, bytes, (members) => fitTogether(of(members), limits));
  const units = groups.map((members) => merge(of(members)));
  const shares = groups.map((members, k) => {
    const total = units[k]!.workgroups[0];
    return members.map((i) => ({
      step: single[i]!.step,
      part: members.length === 1 ? 1 : single[i]!.unit.workgroups[0] / total,
    }));
  });
  const lives = new Map<number, { bytes: number; first: number; last: number }>();
  units.forEach((unit, i) => {
    for (const v of [...touched([unit], "read"), ...touched([unit], "write")]) {
      if (bytes[v] === 0) continue;
      const life = lives.get(v);
      if (life) life.last = i;
      else lives.set(v, { bytes: bytes[v]!, first: i, last: i });
    }
  });
  const { sizes, bufferOf }: Assignment = assignBuffers([...lives.values()]);
  return {
    units,
    shares,
    sizes,
    bufferOf: new Map([...lives.keys()].map((v, i) => [v, bufferOf[i]!])),
  };
}
