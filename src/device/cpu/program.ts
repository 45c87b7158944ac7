/**
 * From a plan to one module: the passes of every step, and the scratch memory that they take.
 *
 * @module
 */
import type { KernelName } from "../../ops/mod.ts";
import { type Expr, flopsOf, type Plan, type Step } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";
import { Assembly, type Func, type MemoryType } from "./asm.ts";
import { Ranges } from "./emit.ts";
import type { Features } from "./features.ts";
import { passName } from "./job.ts";
import { type Operand, type Pass, pass, TABLE } from "./kernel.ts";
import { KERNELS } from "./kernels/mod.ts";
import { VectorMath } from "./vector_math.ts";

/** Elements of a unit of elementwise work. */
const BLOCK = 8192;

/** A pass of a program, exported by its number: how much there is to do. */
export interface Task {
  /** The number of the step that it belongs to; those of one step follow one another. */
  readonly step: number;
  readonly units: number;
  /** Roughly, the elements touched and operations done by all units. */
  readonly work: number;
}

/** Scratch memory of one step: a slot of the table after the plan's own. */
export interface Scratch {
  readonly step: number;
  readonly bytes: number;
}

/** A plan as code. */
export interface Program {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tasks: readonly Task[];
  readonly scratch: readonly Scratch[];
  /** Bytes of scratch memory that each thread needs for itself. */
  readonly local: number;
}

/** Passes that compute an expression element by element into a slot. */
function elementwise(ranges: Ranges, e: Expr, size: number, slot: number): Pass {
  const range = ranges.of(e, size % 4 === 0);
  return pass(Math.ceil(size / BLOCK), (f, unit) => {
    const [from, to] = f.locals("i32", 2);
    f.get(unit).times(BLOCK).tee(from).plus(BLOCK).set(to);
    f.i32(size).get(to).i32(size).get(to).op("i32.lt_u", "select").set(to);
    f.get(TABLE, f.base(slot), from).times(4).op("i32.add").get(from, to).call(range);
  });
}

function operandOf(ranges: Ranges, e: Expr): Operand {
  return {
    slot: e.kind === "load" ? e.slot : undefined,
    range: (aligned) => ranges.of(e, aligned),
  };
}

/** Writes a plan as a module. */
export function programOf(plan: Plan, features: Features, memory: MemoryType): Program {
  const module = new Assembly(), ranges = new Ranges(module, new VectorMath(module, features));
  const scratch: Scratch[] = [], tasks: Task[] = [];
  let local = 0;
  const passesOf = (step: Step, number: number): readonly Pass[] => {
    const { kernel, store, slot } = step, size = sizeOf(step.spec.shape);
    const plain = store.kind === "result";
    if (!kernel) return [elementwise(ranges, store, size, slot)];
    const { passes, unfinished } = KERNELS[kernel.op.name as KernelName].lower({
      module,
      features,
      args: kernel.args.map((a) => a.spec),
      operands: kernel.args.map((a) => operandOf(ranges, a.expr)),
      spec: kernel.spec,
      attrs: kernel.attrs,
      out: slot,
      scratch: (elements) =>
        plan.slots.length + scratch.push({ step: number, bytes: 4 * elements }) - 1,
      reserve: (bytes) => local = Math.max(local, bytes),
      finish(f: Func, from, to, aligned) {
        if (plain) return;
        f.get(TABLE, f.base(slot));
        from();
        f.times(4).op("i32.add");
        from();
        to();
        f.call(ranges.of(store, aligned));
      },
    });
    return unfinished && !plain ? [...passes, elementwise(ranges, store, size, slot)] : passes;
  };
  plan.steps.forEach((step, number) => {
    const work = flopsOf(step) + sizeOf(step.spec.shape);
    for (const { func, units } of passesOf(step, number)) {
      module.add(func, passName(tasks.length));
      tasks.push({ step: number, units, work });
    }
  });
  return { bytes: module.bytes(memory), tasks, scratch, local };
}
