/**
 * Compiles canonical steps to WebAssembly: new ones into one module, equal ones, also of different plans,
 * into one kernel.
 *
 * @module
 */
import { LruCache } from "../../memory/lru_cache.ts";
import type { KernelName } from "../../ops/mod.ts";
import type { CanonicalStep } from "../../plan/canonicalize.ts";
import type { Expr } from "../../plan/expr.ts";
import type { KernelUse, Step } from "../../plan/plan.ts";
import { stridesAlong } from "../../plan/axes.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import { asArg, asArgs } from "../../spec.ts";
import { known } from "../../tuple.ts";
import { RangeFunctions } from "./range_functions.ts";
import type { Features } from "./features.ts";
import {
  type KernelContext,
  type KernelOperand,
  LOCAL,
  type Pass,
  TABLE,
  type Tile,
} from "./kernel.ts";
import { elementwise } from "./kernels/elementwise.ts";
import { KERNELS } from "./kernels/mod.ts";
import { storeLayout } from "./store_layout.ts";
import { passName } from "./threads/control_block.ts";
import type { LoadedModule } from "./threads/module_store.ts";
import type { WorkerPool } from "./threads/worker_pool.ts";
import { VectorMath } from "./vector_math.ts";
import type { Func } from "./wasm/function.ts";
import { type MemoryType, ModuleBuilder } from "./wasm/module.ts";

/** A compiled pass, by its number in the module. */
export interface CompiledPass {
  readonly pass: number;
  readonly units: number;
  readonly tile?: Tile;
}

/** The compiled passes of a canonical step. */
export interface CompiledKernel {
  readonly module: LoadedModule;
  readonly passes: readonly CompiledPass[];
  /** Bytes of each scratch buffer that its passes share, bound after the step's own bindings. */
  readonly scratch: readonly number[];
  /** Bytes of scratch memory per thread. */
  readonly local: number;
}

/** The number of cached kernels. */
const KEPT = 4096;

/** The kernel cache of one device, by canonical keys. */
export class KernelCache extends LruCache<CompiledKernel> {
  constructor(pool: WorkerPool) {
    super(KEPT, ({ module }) => pool.releaseModule(module));
  }
}

function operandFrom(ranges: RangeFunctions, e: Expr, shape: Shape): KernelOperand {
  const strides = e.kind === "view" ? stridesAlong(e.view, shape) : undefined;
  return {
    slot: e.kind === "load" ? e.slot : undefined,
    ...(e.kind === "view" && strides && {
      viewed: {
        source: operandFrom(ranges, e.source, [e.source.size]),
        size: e.source.size,
        offset: e.view.offset,
        strides,
      },
    }),
    range: (aligned) => ranges.of(e, aligned),
    rows: (length, combine) => ranges.folding(e, length, combine),
  };
}

/** Writes steps into one module. */
class ModuleWriter {
  readonly #module: ModuleBuilder;
  readonly #features: Features;
  readonly #math: VectorMath;
  #passes = 0;

  constructor(features: Features) {
    this.#module = new ModuleBuilder(features.native !== undefined);
    this.#features = features;
    this.#math = new VectorMath(features);
  }

  /** Adds a canonical step. */
  add({ step, bindings }: CanonicalStep): Omit<CompiledKernel, "module"> {
    const ranges = new RangeFunctions(this.#module, this.#math), scratch: number[] = [];
    let local = 0;
    const passes = this.#lowerPasses(step, ranges, {
      scratch: (elements) => bindings.length + scratch.push(4 * elements) - 1,
      drop: (slot) => scratch[slot - bindings.length] = 4,
      reserve: (bytes) => local = Math.max(local, bytes),
    }).map(({ func, ...rest }) => {
      this.#module.add(func, passName(this.#passes));
      return { pass: this.#passes++, ...rest };
    });
    return { passes, scratch, local };
  }

  /** Loads the module unless it is empty. */
  load(pool: WorkerPool, memory: MemoryType): LoadedModule | undefined {
    if (this.#passes === 0) return undefined;
    const bytes = this.#module.bytes(memory), routines = this.#module.multiply?.routines;
    return pool.loadModule(bytes, this.#passes, routines);
  }

  #lowerPasses(
    step: Step,
    ranges: RangeFunctions,
    { drop, ...room }: Room,
  ): readonly Pass[] {
    const { kernel } = step;
    if (!kernel) return [elementwise(ranges, storeLayout(step, undefined))];
    const stored = isStoredAsIs(step), out = resultSlot(step, room);
    const layout = storeLayout(step, out), finishing = finishedRange(kernel);
    const { passes, unfinished } = KERNELS[kernel.op.name as KernelName].lower({
      ...room,
      module: this.#module,
      features: this.#features,
      args: asArgs(kernel.args.map((a) => a.spec)),
      operands: known(kernel.args.map((a) => operandFrom(ranges, a.expr, a.spec.shape))),
      spec: asArg(kernel.spec),
      attrs: kernel.attrs,
      out,
      epilogue: stored
        ? "none"
        : layout.inner === layout.size && !kernel.pieces
        ? "elements"
        : "rows",
      finish(f: Func, from, to, aligned) {
        if (stored || !finishing) return;
        f.get(TABLE);
        for (const bound of [from, to]) finishing(f, bound);
        f.get(f.base(out)).call(ranges.storing(layout, aligned && layout.inner % 4 === 0));
      },
      keep(f: Func, from, elements, offset) {
        if (out === step.slot || !finishing) return;
        drop(out);
        room.reserve(offset + 4 * elements);
        f.get(LOCAL).plus(offset);
        from();
        f.times(4).op("i32.sub").set(f.base(out));
      },
    });
    return !stored && (unfinished || !finishing)
      ? [...passes, elementwise(ranges, layout)]
      : passes;
  }
}

/** How a step gets scratch memory, and gives back that of a slot. */
interface Room extends Pick<KernelContext, "scratch" | "reserve"> {
  readonly drop: (slot: number) => void;
}

/** Whether a step stores its kernel's result and nothing else. */
const isStoredAsIs = ({ store, also }: Step): boolean =>
  store.kind === "result" && store.piece === undefined && !also;

/** The slot in which a kernel leaves its result: the step's own if it has the size, else scratch memory. */
function resultSlot(
  { kernel, store, slot }: Step,
  { scratch }: Pick<KernelContext, "scratch">,
): number {
  const size = sizeOf(kernel!.spec.shape);
  return kernel!.pieces || store.size !== size ? scratch(size) : slot;
}

/**
 * Emits the index of what a step stores at an index of its kernel's result; undefined if a kernel's rows
 * may begin within a row of pieces.
 */
function finishedRange(
  { pieces, spec }: KernelUse,
): ((f: Func, index: () => void) => void) | undefined {
  if (!pieces) return (_, index) => index();
  if (spec.shape.at(-1)! % (pieces.count * pieces.inner) > 0) return undefined;
  return (f, index) => {
    index();
    f.i32(pieces.count).op("i32.div_u");
  };
}

/** Compiles the steps that are not cached, into one module, and returns the kernels of all steps. */
export function compileKernels(
  steps: readonly CanonicalStep[],
  cache: KernelCache,
  pool: WorkerPool,
  features: Features,
  memory: MemoryType,
): CompiledKernel[] {
  const writer = new ModuleWriter(features), known = new Map<string, CompiledKernel>();
  const written = new Map<string, Omit<CompiledKernel, "module">>();
  for (const step of steps) {
    const { key } = step, kernel = known.get(key) ?? cache.find(key);
    if (kernel) known.set(key, kernel);
    else if (!written.has(key)) written.set(key, writer.add(step));
  }
  const module = writer.load(pool, memory);
  if (module) {
    for (const [key, kernel] of written) {
      known.set(key, { ...kernel, module });
      module.users++;
    }
    for (const key of written.keys()) cache.set(key, known.get(key)!);
  }
  return steps.map(({ key }) => known.get(key)!);
}
