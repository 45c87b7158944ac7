/**
 * From a plan to code: the passes of every step, and the scratch memory that they take. Equal steps share
 * their code, whatever plan they are of.
 *
 * @module
 */
import type { Region } from "../../ops/concat.ts";
import type { KernelName } from "../../ops/mod.ts";
import { LruCache } from "../../memory/lru_cache.ts";
import { type CanonicalStep, canonicalStep } from "../../plan/canonicalize.ts";
import { countFlops } from "../../plan/cost.ts";
import type { Expr } from "../../plan/expr.ts";
import type { Plan, Step } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";
import type { Func, Local } from "./wasm/function.ts";
import { type MemoryType, ModuleBuilder } from "./wasm/module.ts";
import { Ranges } from "./emit.ts";
import type { Features } from "./features.ts";
import { passName } from "./threads/control_block.ts";
import { type KernelContext, type Operand, type Pass, pass, TABLE } from "./kernel.ts";
import { KERNELS } from "./kernels/mod.ts";
import type { Module, Task, Team } from "./threads/worker_pool.ts";
import { VectorMath } from "./vector_math.ts";
import { asArg, asArgs } from "../../spec.ts";
import { known } from "../../tuple.ts";

/** Elements of a unit of elementwise work. */
const BLOCK = 8192;

/** A step's passes as code, for every step like it. */
interface Kernel {
  readonly module: Module;
  readonly passes: readonly { readonly pass: number; readonly units: number }[];
  /** Bytes of scratch memory that its passes share: what they bind after the step's own bindings. */
  readonly scratch: readonly number[];
  /** Bytes of scratch memory that each thread needs for itself. */
  readonly local: number;
}

/** Kernels kept for plans to come. */
const KEPT = 4096;

/** The kernels of one device, by the keys of their steps. */
export class KernelCache extends LruCache<Kernel> {
  constructor(team: Team) {
    super(KEPT, ({ module }) => team.release(module));
  }
}

/** What an entry of a program's table is: a slot from a byte on, or scratch memory of one step. */
export type Entry = { readonly slot: number; readonly bytes: number } | {
  readonly scratch: number;
};

/** Scratch memory of one step. */
export interface Scratch {
  readonly step: number;
  readonly bytes: number;
}

/** A plan as code. */
export interface Program {
  readonly tasks: readonly Task[];
  /** What the words of its table are the addresses of. */
  readonly entries: readonly Entry[];
  readonly scratch: readonly Scratch[];
  /** Bytes of scratch memory that each thread needs for itself. */
  readonly local: number;
}

/** Passes that compute an expression element by element into a slot, or a part of it. */
function elementwise(
  ranges: Ranges,
  e: Expr,
  size: number,
  slot: number,
  { inner, stride }: Pick<Region, "inner" | "stride"> = { inner: size, stride: size },
): Pass {
  const range = ranges.of(e, size % 4 === 0 && inner % 4 === 0), inRows = inner < size;
  return pass(Math.ceil(size / BLOCK), (f, unit) => {
    const [from, to] = f.locals("i32", 2) as [Local, Local];
    f.get(unit).times(BLOCK).tee(from).plus(BLOCK).set(to);
    f.i32(size).get(to).i32(size).get(to).op("i32.lt_u", "select").set(to);
    if (!inRows) {
      f.get(TABLE, f.base(slot), from).times(4).op("i32.add").get(from, to).call(range);
      return;
    }
    const [row, end] = f.locals("i32", 2) as [Local, Local];
    f.loop(() => {
      f.get(from).i32(inner).op("i32.div_u").tee(row).plus(1).times(inner).tee(end);
      f.get(to, end, to).op("i32.lt_u", "select").set(end);
      f.get(TABLE, f.base(slot), row).times(stride - inner).get(from).op("i32.add").times(4);
      f.op("i32.add").get(from, end).call(range);
      f.get(end).tee(from).get(to).op("i32.lt_u").exitIf(0);
    });
  });
}

function operandOf(ranges: Ranges, e: Expr): Operand {
  return {
    slot: e.kind === "load" ? e.slot : undefined,
    range: (aligned) => ranges.of(e, aligned),
  };
}

/** Writes steps as one module. */
class Writer {
  readonly #assembly = new ModuleBuilder();
  readonly #features: Features;
  readonly #math: VectorMath;
  #passes = 0;

  constructor(features: Features) {
    this.#features = features;
    this.#math = new VectorMath(this.#assembly, features);
  }

  /** Adds a step, in terms of its bindings. */
  add({ step, bindings }: CanonicalStep): Omit<Kernel, "module"> {
    const ranges = new Ranges(this.#assembly, this.#math), scratch: number[] = [];
    let local = 0;
    const passes = this.#passesOf(step, ranges, {
      scratch: (elements) => bindings.length + scratch.push(4 * elements) - 1,
      reserve: (bytes) => local = Math.max(local, bytes),
    }).map(({ func, units }) => {
      this.#assembly.add(func, passName(this.#passes));
      return { pass: this.#passes++, units };
    });
    return { passes, scratch, local };
  }

  /** Loads the module, if there is anything in it. */
  load(team: Team, memory: MemoryType): Module | undefined {
    return this.#passes > 0 ? team.load(this.#assembly.bytes(memory), this.#passes) : undefined;
  }

  #passesOf(
    { kernel, store, slot, spec, region }: Step,
    ranges: Ranges,
    room: Pick<KernelContext, "scratch" | "reserve">,
  ): readonly Pass[] {
    const size = sizeOf(spec.shape), plain = store.kind === "result";
    if (!kernel) return [elementwise(ranges, store, size, slot, region)];
    const { passes, unfinished } = KERNELS[kernel.op.name as KernelName].lower({
      ...room,
      module: this.#assembly,
      features: this.#features,
      args: asArgs(kernel.args.map((a) => a.spec)),
      operands: known(kernel.args.map((a) => operandOf(ranges, a.expr))),
      spec: asArg(kernel.spec),
      attrs: kernel.attrs,
      out: slot,
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
  }
}

/** Makes kernels for the steps that have none yet, in one module, and gives those of all steps. */
function kernelsOf(
  steps: readonly CanonicalStep[],
  cache: KernelCache,
  team: Team,
  features: Features,
  memory: MemoryType,
): Kernel[] {
  const writer = new Writer(features), known = new Map<string, Kernel>();
  const written = new Map<string, Omit<Kernel, "module">>();
  for (const step of steps) {
    const { key } = step, kernel = known.get(key) ?? cache.find(key);
    if (kernel) known.set(key, kernel);
    else if (!written.has(key)) written.set(key, writer.add(step));
  }
  const module = writer.load(team, memory);
  if (module) {
    for (const [key, kernel] of written) {
      known.set(key, { ...kernel, module });
      module.users++;
    }
    for (const key of written.keys()) cache.set(key, known.get(key)!);
  }
  return steps.map(({ key }) => known.get(key)!);
}

/** Writes a plan as code: steps that differ in what they bind alone are one kernel. */
export function programOf(
  plan: Plan,
  cache: KernelCache,
  team: Team,
  features: Features,
  memory: MemoryType,
): Program {
  const steps = plan.steps.map(canonicalStep);
  const kernels = kernelsOf(steps, cache, team, features, memory);
  const tasks: Task[] = [], entries: Entry[] = [], scratch: Scratch[] = [];
  let local = 0;
  kernels.forEach((kernel, number) => {
    const step = plan.steps[number]!, work = countFlops(step) + sizeOf(step.spec.shape);
    const row = 4 * entries.length;
    for (const { slot, offset } of steps[number]!.bindings) {
      entries.push({ slot, bytes: 4 * offset });
    }
    for (const bytes of kernel.scratch) {
      entries.push({ scratch: scratch.push({ step: number, bytes }) - 1 });
    }
    for (const { pass, units } of kernel.passes) {
      tasks.push({ step: number, units, work, module: kernel.module, pass, row });
    }
    local = Math.max(local, kernel.local);
  });
  return { tasks, entries, scratch, local };
}
