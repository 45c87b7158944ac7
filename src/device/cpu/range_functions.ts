/**
 * Compiles the expressions of a plan to WebAssembly functions that compute a range of elements.
 *
 * @module
 */
import { type Axis, isBounded, mergeAxes } from "../../plan/axes.ts";
import { type Expr, visitExpr } from "../../plan/expr.ts";
import type { Instruction } from "../../ops/mod.ts";
import type { View } from "../../shape.ts";
import { mayBeNaN } from "../numbers.ts";
import { Func, type Local } from "./wasm/function.ts";
import type { ModuleBuilder } from "./wasm/module.ts";
import { INSTRUCTIONS, type Width } from "./instructions.ts";
import type { StoreLayout } from "./store_layout.ts";
import type { VectorMath } from "./vector_math.ts";
import { known } from "../../tuple.ts";

/** Whether an expression reads every slot at its own index, so that vectors may start at any index. */
export function hasNoViews(root: Expr): boolean {
  let found = false;
  visitExpr(root, (e) => found ||= e.kind === "view");
  return !found;
}

/** How a view reads four consecutive elements: as a vector, as one element four times, or one by one. */
type AccessWidth = "vector" | "splat" | "scalar";

function accessWidth(view: View, source: Expr): AccessWidth {
  const axes = mergeAxes(view), last = axes.at(-1);
  if (!last) return "splat";
  if (last.stride === 0 && !isBounded(last) && last.size % 4 === 0) return "splat";
  const whole = last.stride === 1 && last.every === 1 &&
    [last.size, last.lo, last.hi].every((n) => n % 4 === 0);
  const aligned = hasNoViews(source) ||
    [view.offset, source.size, ...axes.slice(0, -1).map((a) => a.stride)].every((n) => n % 4 === 0);
  return whole && aligned ? "vector" : "scalar";
}

/** Whether an expression can be computed four elements at a time, from indices that are multiples of 4. */
function canVectorize(e: Expr, seen: Set<Expr> = new Set()): boolean {
  if (seen.has(e)) return true;
  seen.add(e);
  switch (e.kind) {
    case "load":
    case "result":
    case "constant":
      return true;
    case "map":
      return e.args.every((arg) => canVectorize(arg, seen));
    case "view": {
      const access = accessWidth(e.view, e.source);
      return access === "splat" ||
        (access === "vector" ? canVectorize(e.source, seen) : e.source.kind === "load");
    }
  }
}

/** The values that are already computed in a block of code. */
interface Scope {
  readonly known: Map<Expr, Map<string, Local>>;
  readonly parent?: Scope;
}

/** The address of the kernel's own result at the current index, and the bytes from one piece to the next. */
interface Result {
  readonly address: Local;
  readonly piece: number;
}

/** Emits the code of one expression into a function. */
class ExpressionWriter {
  readonly #f: Func;
  readonly #math: VectorMath;
  readonly #result: Result | undefined;

  constructor(f: Func, math: VectorMath, result?: Result) {
    this.#f = f;
    this.#math = math;
    this.#result = result;
  }

  /** The pointer to the kernel's own result. */
  get result(): Local | undefined {
    return this.#result?.address;
  }

  /** A local that holds the element at `index`, or the four from there on. */
  value(e: Expr, index: Local, width: Width, scope: Scope = { known: new Map() }): Local {
    const key = `${index}/${width}`;
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const known = s.known.get(e)?.get(key);
      if (known !== undefined) return known;
    }
    const local = this.#make(e, index, width, scope);
    if (!scope.known.has(e)) scope.known.set(e, new Map());
    scope.known.get(e)!.set(key, local);
    return local;
  }

  #make(e: Expr, index: Local, width: Width, scope: Scope): Local {
    const f = this.#f, load = width === 4 ? "v128.load" : "v128.load32_splat";
    if (e.kind === "view") return this.#view(e, index, width, scope);
    if (e.kind === "load") {
      f.get(f.base(e.slot), index).i32(2).op("i32.shl", "i32.add").access(load);
    } else if (e.kind === "result") {
      const { address, piece } = this.#result!;
      f.get(address).access(load, piece * (e.piece ?? 0));
    } else if (e.kind === "constant") {
      if (e.dtype === "f32") f.floats(e.value);
      else f.integers(e.value);
    } else {
      const args = known(e.args.map((a) => this.value(a, index, width, scope)));
      const { attrs, dtype } = e, from = e.args[0]?.dtype ?? dtype;
      const name = e.op.name as Instruction;
      const nan = e.args.map(mayBeNaN);
      INSTRUCTIONS[name]({ f, args, attrs, dtype, from, nan, width, index, math: this.#math });
    }
    const local = f.local("v128");
    f.set(local);
    return local;
  }

  #view(e: Expr & { kind: "view" }, index: Local, width: Width, scope: Scope): Local {
    const f = this.#f, out = f.local("v128");
    const access = width === 1 ? "vector" : accessWidth(e.view, e.source);
    if (access === "scalar") {
      f.integers(0).set(out);
      for (let lane = 0; lane < 4; lane++) {
        const at = f.local("i32");
        f.get(index).plus(lane).set(at);
        const part = this.value(e, at, 1, scope);
        f.get(out, part).lane("i32x4.extract_lane", 0).lane("i32x4.replace_lane", lane).set(out);
      }
      return out;
    }
    const { terms, conditions } = this.#coordinates(mergeAxes(e.view), index);
    const read = (within: Scope) => {
      const at = f.local("i32");
      f.i32(e.view.offset);
      for (const term of terms) {
        term();
        f.op("i32.add");
      }
      f.set(at);
      f.get(this.value(e.source, at, access === "splat" ? 1 : width, within)).set(out);
    };
    if (conditions.length === 0) read(scope);
    else {
      f.integers(0).set(out);
      conditions.forEach((condition, i) => {
        condition();
        if (i > 0) f.op("i32.and");
      });
      f.when(() => read({ known: new Map(), parent: scope }));
    }
    return out;
  }

  /** The terms of the source's index, and the conditions for an index inside the view's bounds. */
  #coordinates(axes: readonly Axis[], index: Local) {
    const f = this.#f, terms: (() => void)[] = [], conditions: (() => void)[] = [];
    let remaining = index;
    for (let d = axes.length - 1; d >= 0; d--) {
      const { size, stride, lo, hi, every } = axes[d]!;
      let at = remaining;
      if (d > 0) {
        const next = f.local("i32"), own = f.local("i32");
        f.get(remaining).i32(size).op("i32.div_u").set(next);
        f.get(remaining, next).i32(size).op("i32.mul", "i32.sub").set(own);
        at = own;
        remaining = next;
      }
      if (lo > 0) conditions.push(() => f.get(at).i32(lo).op("i32.ge_u"));
      if (hi < size) conditions.push(() => f.get(at).i32(hi).op("i32.lt_u"));
      const from = () => f.get(at).plus(-lo);
      if (every > 1) conditions.push(() => from().i32(every).op("i32.rem_u", "i32.eqz"));
      if (stride > 0) {
        terms.push(() => {
          from();
          if (every > 1) f.i32(every).op("i32.div_u");
          f.times(stride);
        });
      }
    }
    return { terms, conditions };
  }
}

/** The range functions of one module. */
export class RangeFunctions {
  readonly #module: ModuleBuilder;
  readonly #math: VectorMath;
  readonly #known = new Map<Expr | StoreLayout, Map<boolean, Func>>();

  constructor(module: ModuleBuilder, math: VectorMath) {
    this.#module = module;
    this.#math = math;
  }

  /**
   * A function (table, target, from, to) that stores elements from…to-1 of an expression at the target
   * address.
   *
   * @param aligned Whether `from` and `to` are multiples of 4 in every call.
   */
  of(e: Expr, aligned: boolean): Func {
    return this.#once(e, aligned, () => this.#write(e, aligned));
  }

  /**
   * A function (table, from, to) that computes and stores what a step stores at indices from…to-1.
   *
   * @param aligned Whether `from` and `to` are multiples of 4 in every call.
   */
  storing(layout: StoreLayout, aligned: boolean): Func {
    return this.#once(layout, aligned, () => this.#writeStores(layout, aligned));
  }

  #once(key: Expr | StoreLayout, aligned: boolean, write: () => Func): Func {
    const known = this.#known.get(key) ?? new Map<boolean, Func>();
    this.#known.set(key, known);
    const func = known.get(aligned) ?? this.#module.add(write());
    known.set(aligned, func);
    return func;
  }

  #write(e: Expr, aligned: boolean): Func {
    const f = new Func(["i32", "i32", "i32", "i32"]), [, target, i, to] = f.inputs(4);
    if (e.kind === "load") copy(f, { target, slot: e.slot, i, to });
    else {
      const writer = new ExpressionWriter(f, this.#math);
      computeRange(f, writer, { exprs: [e], targets: [target], offsets: [0] }, { i, to }, aligned);
    }
    return f;
  }

  #writeStores({ size, inner, stores, result }: StoreLayout, aligned: boolean): Func {
    const f = new Func(["i32", "i32", "i32"]), [, i, to] = f.inputs(3);
    const [row, end] = f.locals("i32", 2);
    const pointers = new Map<string, { local: Local; slot: number; stride: number }>();
    const pointer = ({ slot, stride }: Pick<StoreLayout["stores"][number], "slot" | "stride">) => {
      const key = `${slot}/${stride}`;
      if (!pointers.has(key)) pointers.set(key, { local: f.local("i32"), slot, stride });
      return pointers.get(key)!.local;
    };
    const targets = stores.map(pointer), exprs = stores.map(({ expr }) => expr);
    const writer = new ExpressionWriter(
      f,
      this.#math,
      result && { address: pointer(result), piece: 4 * result.offset },
    );
    const isOneRow = inner === size;
    const point = () => {
      for (const { local, slot, stride } of pointers.values()) {
        f.get(f.base(slot), i);
        if (!isOneRow && stride !== inner) f.get(row).times(stride - inner).op("i32.add");
        f.times(4).op("i32.add").set(local);
      }
    };
    const compute = (to: Local) => {
      const offsets = stores.map(({ offset }) => 4 * offset), [only] = exprs;
      const isCopy = exprs.length === 1 && inner >= LEAST_COPY;
      point();
      if (isCopy && only?.kind === "load") {
        copy(f, { target: targets[0]!, slot: only.slot, i, to });
        if (!isOneRow) f.get(to).set(i);
      } else computeRange(f, writer, { exprs, targets, offsets }, { i, to }, aligned);
    };
    if (isOneRow) {
      compute(to);
      return f;
    }
    f.get(i).i32(inner).op("i32.div_u").set(row);
    return f.while(i, to, 0, () => {
      const next = () => f.get(row).plus(1).times(inner);
      f.smaller(next, () => f.get(to)).set(end);
      compute(end);
      f.advance(row, 1);
    });
  }
}

/** The fewest elements of a row that are copied by an instruction for it. */
const LEAST_COPY = 128;

/** Copies elements i…to-1 of a slot. */
function copy(
  f: Func,
  { target, slot, i, to }: Readonly<Record<"target" | "slot" | "i" | "to", number>>,
) {
  f.get(target, f.base(slot), i).i32(2).op("i32.shl", "i32.add");
  f.get(to, i).op("i32.sub").i32(2).op("i32.shl", "memory.copy");
}

/** Expressions, the pointers at which they are stored, and the offsets from these in bytes. */
interface Stores {
  readonly exprs: readonly Expr[];
  readonly targets: readonly Local[];
  readonly offsets: readonly number[];
}

/** Stores expressions at indices i…to-1, four at a time where they can be read so, and advances pointers. */
function computeRange(
  f: Func,
  writer: ExpressionWriter,
  { exprs, targets, offsets }: Stores,
  { i, to }: Readonly<Record<"i" | "to", Local>>,
  aligned: boolean,
) {
  const pointers = writer.result === undefined ? targets : [...targets, writer.result];
  const storeAt = (width: Width) => {
    const scope: Scope = { known: new Map() };
    const values = exprs.map((e) => writer.value(e, i, width, scope));
    values.forEach((value, k) => {
      f.get(targets[k]!, value);
      if (width === 4) f.access("v128.store", offsets[k]);
      else f.storeLane(0, offsets[k]);
    });
    for (const pointer of new Set(pointers)) f.advance(pointer, 4 * width);
  };
  if (exprs.every(hasNoViews) || (aligned && exprs.every((e) => canVectorize(e)))) {
    const end = f.local("i32");
    f.get(i, to, i).op("i32.sub").i32(-4).op("i32.and", "i32.add").set(end);
    f.while(i, end, 4, () => storeAt(4));
    if (aligned) return;
  }
  f.while(i, to, 1, () => storeAt(1));
}
