/**
 * From the expressions of a plan to WGSL.
 *
 * @module
 */
import { type Axis, mergeAxes } from "../../../plan/axes.ts";
import type { Expr } from "../../../plan/expr.ts";
import { isFlat } from "../../../shape.ts";
import type { DType } from "../../../host_data.ts";
import { type Instruction, SCALAR_OPS } from "../../../ops/mod.ts";
import { known } from "../../../tuple.ts";
import { constantValue, mayBeNaN } from "../../numbers.ts";
import { LOWERED, quotient } from "../wgsl/instructions.ts";
import { bitsOf, literal } from "../wgsl/literal.ts";
import { symbol } from "../wgsl/symbols.ts";
import { typeOf, type Width } from "../wgsl/types.ts";
import { parameter } from "../kernels/accessors.ts";
import { accessWidth } from "./vectorize.ts";

/** A buffer that a shader reads: a slot as single elements or as vectors of four. */
export interface Read {
  readonly name: string;
  readonly slot: number;
  readonly dtype: DType;
  readonly width: Width;
}

/** Lines of a block, and the names of what it has computed already, by expression and by text. */
export interface Scope {
  readonly lines: string[];
  readonly named: Map<string, string>;
  readonly known: ReadonlyMap<Expr, ReadonlyMap<string, string>>;
  readonly parent?: Scope;
}

const newScope = (parent?: Scope): Scope => ({
  lines: [],
  named: new Map(),
  known: new Map(),
  ...(parent && { parent }),
});

/** What an expression is the negative of. */
function negated(e: Expr): Expr | undefined {
  if (e.kind !== "map") return undefined;
  if (e.op === SCALAR_OPS.neg) return e.args[0];
  const minus = e.op === SCALAR_OPS.mul ? e.args.findIndex((arg) => constantValue(arg) === -1) : -1;
  return minus < 0 ? undefined : e.args[1 - minus];
}

/** A sum with a negative number as a difference: only so is a number less itself known for what it is. */
function subtraction(e: Expr & { kind: "map" }): Expr | undefined {
  if (e.op !== SCALAR_OPS.add || e.dtype !== "f32") return undefined;
  const at = e.args.findLastIndex(negated);
  return at < 0
    ? undefined
    : { ...e, op: SCALAR_OPS.sub, args: [e.args[1 - at]!, negated(e.args[at]!)!] };
}

/** Collects what one shader needs while its functions are written. */
export class Emitter {
  readonly reads = new Map<string, Read>();
  readonly #numbers: number[] | undefined;
  readonly #sizes: boolean;
  /** Names of values and indices, which need no other name. */
  readonly #names = new Set<string>();
  #next = 0;

  /**
   * @param numbers Given, constants and where views begin are not part of the text: they are put here, to be
   * read by `parameter(k)`, so that what is computed alike elsewhere is the same text.
   * @param sizes Whether sizes are put there too, so that what is computed alike for tensors of other sizes is
   * the same text.
   */
  constructor(numbers?: number[], sizes = numbers !== undefined) {
    this.#numbers = numbers;
    this.#sizes = sizes;
  }

  /** A size as text. */
  size(n: number): string {
    return this.#sizes ? this.offset(n) : `${n}u`;
  }

  /** Where something begins, as text. */
  offset(n: number): string {
    return this.#numbers ? parameter(this.#numbers.push(n) - 1) : `${n}u`;
  }

  /** A quotient by a size; `most` is more than the number ever is. */
  quotient(a: string, n: number, most: number): string {
    return this.#sizes ? quotient(a, this.size(n), most) : `${a} / ${n}u`;
  }

  /**
   * The body of a function that computes an expression: lines and the name of the value.
   *
   * @param index The name of the flat index; of a group of four if `width` is 4.
   * @param result The name of the kernel's own result, where the expression may use it; a piece's number
   * follows on it.
   */
  body(e: Expr, index: string, width: Width, result = ""): { lines: string; value: string } {
    const { lines, values: [value] } = this.bodies([e], index, width, result);
    return { lines, value: value! };
  }

  /**
   * As {@linkcode body}, of several expressions, which share what they have in common.
   *
   * @param given Expressions that are known already, by the text that stands for them.
   */
  bodies(
    all: readonly Expr[],
    index: string,
    width: Width,
    result = "",
    given?: ReadonlyMap<Expr, string>,
  ): { lines: string; values: readonly string[] } {
    const scope = newScope(), known = scope.known as Map<Expr, Map<string, string>>;
    for (const [e, text] of given ?? []) known.set(e, new Map([[`${index}/${width}`, text]]));
    this.#names.add(index);
    const values = all.map((e) => this.#emit(e, index, width, scope, result));
    return { lines: scope.lines.map((l) => `  ${l}`).join("\n"), values };
  }

  #emit(e: Expr, index: string, width: Width, scope: Scope, result: string): string {
    const key = `${index}/${width}`;
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const known = s.known.get(e)?.get(key);
      if (known) return known;
    }
    const value = this.#make(e, index, width, scope, result);
    const names = scope.known as Map<Expr, Map<string, string>>;
    if (!names.has(e)) names.set(e, new Map());
    names.get(e)!.set(key, value);
    return value;
  }

  #let(scope: Scope, text: string): string {
    if (this.#names.has(text)) return text;
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const known = s.named.get(text);
      if (known) return known;
    }
    const name = this.#newName();
    scope.named.set(text, name);
    scope.lines.push(`let ${name} = ${text};`);
    return name;
  }

  #newName(): string {
    const name = `v${this.#next++}`;
    this.#names.add(name);
    return name;
  }

  #make(e: Expr, index: string, width: Width, scope: Scope, result: string): string {
    switch (e.kind) {
      case "result":
        return this.#result(result, e.piece);
      case "load":
        return this.#let(scope, `${this.#read(e.slot, e.dtype, width)}[${index}]`);
      case "view":
        return this.#view(e, index, width, scope, result);
      case "constant":
        return this.#constant(constantValue(e)!, e.dtype, width);
      case "map": {
        const constant = constantValue(e);
        if (constant !== undefined) return this.#constant(constant, e.dtype, width);
        const less = subtraction(e);
        if (less) return this.#emit(less, index, width, scope, result);
        const first = e.args[0]?.dtype ?? e.dtype;
        const args = e.op.indexed
          ? [width === 1 ? index : `(${index} * 4u + vec4<u32>(0u, 1u, 2u, 3u))`]
          : e.args.map((a) => this.#emit(a, index, width, scope, result));
        const { attrs, dtype } = e,
          nan = e.args.map(mayBeNaN),
          constants = e.args.map(constantValue);
        const use = { args: known<string>(args), nan, constants, attrs, dtype, from: first, width };
        return this.#let(scope, LOWERED[e.op.name as Instruction](use));
      }
    }
  }

  /** The name of what the kernel computed, or of a piece of that. */
  #result(result: string, piece: number | string = ""): string {
    const name = `${result}${piece}`;
    this.#names.add(name);
    return name;
  }

  /** A constant as text, or as a parameter where steps that differ in constants share a shader. */
  #constant(value: number, dtype: DType, width: Width): string {
    if (!this.#numbers || this.#sizes) return literal(value, dtype, width);
    const word = this.offset(dtype === "f32" ? bitsOf(value) : value >>> 0);
    return `${typeOf(dtype, width)}(bitcast<${dtype}>(${word}))`;
  }

  #read(slot: number, dtype: DType, width: Width): string {
    const key = `${slot}/${width}`;
    const known = this.reads.get(key);
    if (known) return symbol(known.name);
    // Numbered by first use, so that equal shaders of different slots have equal text.
    const name = `buffer${this.reads.size}`;
    this.reads.set(key, { name, slot, dtype, width });
    return symbol(name);
  }

  #view(
    e: Expr & { kind: "view" },
    index: string,
    width: Width,
    scope: Scope,
    result: string,
  ): string {
    if (isFlat(e.view, e.source.size)) return this.#emit(e.source, index, width, scope, result);
    const access = width === 1 ? "vector" : accessWidth(e.view, e.source);
    if (access === "scalar") {
      const parts = [0, 1, 2, 3].map((k) => {
        const at = this.#let(scope, `${index} * 4u + ${k}u`);
        return this.#emit(e, at, 1, scope, result);
      });
      return this.#let(scope, `${typeOf(e.dtype, 4)}(${parts.join(", ")})`);
    }
    const group = width === 4 ? 4 : 1;
    const merged = mergeAxes(e.view);
    // In groups of four the innermost axis counts groups; where it only repeats it has stride 0.
    const axes = merged.map((a, i): Axis =>
      i < merged.length - 1
        ? { ...a, stride: access === "splat" ? a.stride : a.stride / group }
        : { ...a, size: a.size / group, lo: a.lo / group, hi: a.hi / group }
    );
    const inner: Width = access === "splat" ? 1 : width;
    const offset = access === "splat" ? e.view.offset : e.view.offset / group;
    const { terms, conditions } = this.#coordinates(axes, index, e.size / group, scope);
    const starts = offset > 0 || terms.length === 0 || (this.#numbers && !this.#sizes);
    const at = [...(starts ? [this.offset(offset)] : []), ...terms]
      .join(" + ");
    const read = (within: Scope) => {
      const value = this.#emit(e.source, this.#let(within, at), inner, within, result);
      return inner === width ? value : `${typeOf(e.dtype, 4)}(${value})`;
    };
    if (conditions.length === 0) return this.#let(scope, read(scope));
    const name = this.#newName(), within = newScope(scope);
    const value = read(within);
    scope.lines.push(
      `var ${name} = ${typeOf(e.dtype, width)}();`,
      `if (${conditions.join(" && ")}) {`,
      ...within.lines.map((l) => `  ${l}`),
      `  ${name} = ${value};`,
      `}`,
    );
    return name;
  }

  /** The source's index as a sum of terms, and when the index is inside the view's bounds. */
  #coordinates(axes: readonly Axis[], index: string, count: number, scope: Scope) {
    const terms: string[] = [], conditions: string[] = [];
    let remaining = index, most = count;
    for (let d = axes.length - 1; d >= 0; d--) {
      const { size, stride, lo, hi, every } = axes[d]!;
      let at = remaining;
      if (d > 0) {
        const next = this.#let(scope, this.quotient(remaining, size, most));
        at = this.#let(scope, `${remaining} - ${next} * ${this.size(size)}`);
        remaining = next;
        most /= size;
      }
      if (lo > 0) conditions.push(`${at} >= ${this.size(lo)}`);
      if (hi < size) conditions.push(`${at} < ${this.size(hi)}`);
      const from = lo > 0 ? `(${at} - ${this.size(lo)})` : at;
      if (every > 1) conditions.push(`${from} % ${this.size(every)} == 0u`);
      if (stride > 0) {
        const step = every > 1 ? `${from} / ${this.size(every)}` : from;
        terms.push(stride === 1 ? step : `${step} * ${this.size(stride)}`);
      }
    }
    return { terms, conditions };
  }
}
