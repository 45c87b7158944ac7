/**
 * Emits WGSL for the expressions of a plan.
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
import { floatBits } from "../../../host_data.ts";
import { literal } from "../wgsl/literal.ts";
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

/** The lines of a block, and the names of the values it has computed, by expression and by text. */
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

/** The operand of a negation; undefined for other expressions. */
function negated(e: Expr): Expr | undefined {
  if (e.kind !== "map") return undefined;
  if (e.op === SCALAR_OPS.neg) return e.args[0];
  const minus = e.op === SCALAR_OPS.mul ? e.args.findIndex((arg) => constantValue(arg) === -1) : -1;
  return minus < 0 ? undefined : e.args[1 - minus];
}

/** Rewrites a sum with a negated operand as a difference, so that x - x is recognized. */
function subtraction(e: Expr & { kind: "map" }): Expr | undefined {
  if (e.op !== SCALAR_OPS.add || e.dtype !== "f32") return undefined;
  const at = e.args.findLastIndex(negated);
  return at < 0
    ? undefined
    : { ...e, op: SCALAR_OPS.sub, args: [e.args[1 - at]!, negated(e.args[at]!)!] };
}

/** Emits functions of one shader, and collects the buffers, parameters and helpers that they use. */
export class Emitter {
  readonly reads = new Map<string, Read>();
  readonly #numbers: number[] | undefined;
  readonly #sizes: boolean;
  /** Names of values and indices, which need no `let`. */
  readonly #names = new Set<string>();
  /** The arrays of slots that the shader stores itself, and reads where it stores them. */
  readonly #own = new Map<number, { readonly array: string; readonly width: Width }>();
  #next = 0;

  /**
   * @param numbers If given, constants and offsets of views are not part of the text: they are collected
   * here and read by `parameter(k)`, so that steps that differ in them share a shader.
   * @param sizes Whether sizes are collected there too, so that steps that differ in sizes share a shader.
   */
  constructor(numbers?: number[], sizes = numbers !== undefined) {
    this.#numbers = numbers;
    this.#sizes = sizes;
  }

  /** The text of a size. */
  size(n: number): string {
    return this.#sizes ? this.offset(n) : `${n}u`;
  }

  /** The text of an offset. */
  offset(n: number): string {
    return this.#numbers ? parameter(this.#numbers.push(n) - 1) : `${n}u`;
  }

  /** The text of a quotient by a size; `most` is an exclusive upper bound of the dividend. */
  quotient(a: string, n: number, most: number): string {
    return this.#sizes ? quotient(a, this.size(n), most) : `${a} / ${n}u`;
  }

  /**
   * The body of a function that computes an expression: its lines and the name of the value.
   *
   * @param index The name of the flat index; of a group of four if `width` is 4.
   * @param result The name of the kernel's result, where the expression may use it; the index of a piece is
   * appended.
   */
  body(e: Expr, index: string, width: Width, result = ""): { lines: string; value: string } {
    const { lines, values: [value] } = this.bodies([e], index, width, result);
    return { lines, value: value! };
  }

  /**
   * Like {@linkcode body}, for several expressions, with common subexpressions computed once.
   *
   * @param given Expressions whose values are available, with the text that reads each.
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
        return this.#let(scope, this.#load(e, index, width));
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

  /** The name of the kernel's result, or of a piece of it. */
  #result(result: string, piece: number | string = ""): string {
    const name = `${result}${piece}`;
    this.#names.add(name);
    return name;
  }

  /** The text of a constant: a literal, or a parameter where steps that differ in constants share a shader. */
  #constant(value: number, dtype: DType, width: Width): string {
    if (!this.#numbers || this.#sizes) return literal(value, dtype, width);
    const word = this.offset(dtype === "f32" ? floatBits(value) : value >>> 0);
    return `${typeOf(dtype, width)}(bitcast<${dtype}>(${word}))`;
  }

  /** Reads a slot from now on where the shader has stored it: an array of elements, or of vectors of four. */
  readOwn(slot: number, array: string, width: Width): void {
    this.#own.set(slot, { array, width });
  }

  /** The text of an element, or of four, of a slot. */
  #load({ slot, dtype }: Expr & { kind: "load" }, index: string, width: Width): string {
    const own = this.#own.get(slot);
    if (!own) return `${this.#read(slot, dtype, width)}[${index}]`;
    if (own.width === width) return `${own.array}[${index}]`;
    if (own.width === 4) return `${own.array}[${index} / 4u][${index} % 4u]`;
    const parts = [0, 1, 2, 3].map((e) => `${own.array}[${index} * 4u + ${e}u]`);
    return `${typeOf(dtype, 4)}(${parts.join(", ")})`;
  }

  #read(slot: number, dtype: DType, width: Width): string {
    const key = `${slot}/${width}`;
    const known = this.reads.get(key);
    if (known) return symbol(known.name);
    // Numbered by first use, so that shaders that differ only in slots have equal text.
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
    // For groups of four the innermost axis counts groups; if it is broadcast, its stride is 0.
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

  /** The terms of the source's index, and the condition for it to be inside the view's bounds. */
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
