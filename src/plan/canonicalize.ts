/**
 * Canonical steps: written over numbered bindings instead of a plan's slots, so that equal steps, also of
 * different plans, share compiled code.
 *
 * @module
 */
import type { View } from "../shape.ts";
import { showAttrs } from "../signature.ts";
import { showSpec } from "../spec.ts";
import { isBounded, mergeAxes } from "./axes.ts";
import { allStores, type Step, type Store } from "./plan.ts";
import { type Expr, rewriter } from "./expr.ts";

/** A slot, from an element offset on. */
export interface BoundSlot {
  readonly slot: number;
  readonly offset: number;
}

/** A step whose slot numbers are binding numbers. */
export interface CanonicalStep {
  readonly step: Step;
  /** The slots that the step binds, by number. */
  readonly bindings: readonly BoundSlot[];
  /** A text that is equal for two steps exactly if they differ at most in what they bind and in constants. */
  readonly form: string;
  /** The values of its constants, in traversal order. */
  readonly constants: readonly number[];
  /** A text that is equal for two steps exactly if they differ at most in what they bind. */
  readonly key: string;
}

/** Numbers bindings in traversal order. */
class Bindings {
  readonly all: BoundSlot[] = [];
  readonly #numbers = new Map<string, number>();

  number(slot: number, offset: number): number {
    const key = `${slot}+${offset}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.all.push({ slot, offset }) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

/** Whether all elements of a view are one element of its source. */
const isOne = ({ axes, shape }: View) =>
  axes.every((axis, d) => axis.stride === 0 && !isBounded({ ...axis, size: shape[d]! }));

/** Rewrites expressions over bindings; the offset of a view into a slot becomes part of the binding. */
class Localizer {
  readonly #bindings: Bindings;
  readonly #shifted = new Map<number, Map<Expr, Expr | undefined>>();
  readonly of: (e: Expr) => Expr;

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
    this.of = rewriter((e) => {
      if (e.kind === "load") return this.#shift(e, 0);
      if (e.kind !== "view") return undefined;
      const { view } = e, source = this.#shift(e.source, view.offset);
      if (!source) return undefined;
      const [axis, ...others] = mergeAxes(view);
      const inARow = others.length === 0 && (!axis || (axis.stride === 1 && !isBounded(axis)));
      if (inARow && source.kind === "load") return { ...source, size: e.size };
      return { ...e, view: { ...view, offset: 0 }, source };
    });
  }

  /** An expression shifted by an element offset; undefined if it is not made of loads at the same index. */
  #shift(e: Expr, by: number): Expr | undefined {
    const known = this.#shifted.get(by) ?? new Map<Expr, Expr | undefined>();
    this.#shifted.set(by, known);
    if (!known.has(e)) known.set(e, this.#makeShifted(e, by));
    return known.get(e);
  }

  #makeShifted(e: Expr, by: number): Expr | undefined {
    if (e.kind === "load") return { ...e, slot: this.#bindings.number(e.slot, by) };
    if (e.kind === "view" && (by === 0 || isOne(e.view))) return this.of(e);
    if (e.kind === "constant") return e;
    if (e.kind !== "map" || (e.op.indexed && by > 0)) return undefined;
    const args = e.args.map((arg) => this.#shift(arg, by));
    return args.every((arg) => arg !== undefined) ? { ...e, args } : undefined;
  }
}

/** Expressions as text; shared parts are written once. */
class ExprText {
  readonly lines: string[] = [];
  readonly constants: number[] = [];
  readonly #numbers = new Map<Expr, number>();

  of(e: Expr): number {
    let number = this.#numbers.get(e);
    if (number === undefined) {
      number = this.lines.push(this.#line(e)) - 1;
      this.#numbers.set(e, number);
    }
    return number;
  }

  #line(e: Expr): string {
    const type = `${e.dtype} ${e.size}`;
    switch (e.kind) {
      case "load":
        return `load ${e.slot} ${type}`;
      case "result":
        return `result ${e.piece ?? ""} ${type}`;
      case "view": {
        const source = this.of(e.source);
        const axes = mergeAxes(e.view).map((a) =>
          `${a.size},${a.stride},${a.lo},${a.hi},${a.every}`
        );
        return `view ${source} ${e.view.offset} ${axes.join(" ")} ${type}`;
      }
      case "constant":
        this.constants.push(e.value);
        return `constant ${type}`;
      case "map": {
        const args = e.args.map((arg) => this.of(arg));
        return `${e.op.name} ${showAttrs(e.attrs)} ${args.join()} ${type}`;
      }
    }
  }
}

/** A step in terms of its bindings. */
export function canonicalStep(step: Step): CanonicalStep {
  const bindings = new Bindings(), rebound = rebind(step, bindings);
  const { form, constants } = write(rebound);
  // As text, 0 and -0 would be equal.
  const numbers = constants.map((value) => Object.is(value, -0) ? "-0" : value).join();
  return {
    step: rebound,
    bindings: bindings.all,
    form,
    constants,
    key: `${form}\n${numbers}`,
  };
}

/** A step over binding numbers instead of slots. */
function rebind({ label, spec, region, kernel, ...stores }: Step, bindings: Bindings): Step {
  const { of: rewrite } = new Localizer(bindings);
  const reading = kernel && {
    ...kernel,
    args: kernel.args.map((arg) => ({ ...arg, expr: rewrite(arg.expr) })),
  };
  const [first, ...also] = [stores, ...stores.also ?? []].map(({ store, slot }): Store => ({
    store: rewrite(store),
    slot: bindings.number(slot, region?.offset ?? 0),
  })) as [Store, ...Store[]];
  return {
    label,
    spec,
    ...first,
    ...(also.length > 0 && { also }),
    ...(reading && { kernel: reading }),
    ...(region && { region: { ...region, offset: 0 } }),
  };
}

/** A step over bindings as text, without its constants. */
function write(step: Step): Pick<CanonicalStep, "form" | "constants"> {
  const text = new ExprText(), { kernel, region } = step;
  if (kernel) {
    const { op, attrs, args, spec, pieces } = kernel;
    const uses = args.map(({ expr, spec }) => `${text.of(expr)} ${showSpec(spec)}`);
    const cut = pieces ? `${pieces.count} × ${pieces.inner}` : "";
    text.lines.push(`${op.name} ${showAttrs(attrs)} ${uses.join()} ${showSpec(spec)} ${cut}`);
  }
  if (region) text.lines.push(`${region.inner} of every ${region.stride}`);
  for (const { store, slot } of allStores(step)) text.lines.push(`${text.of(store)} → ${slot}`);
  return { form: text.lines.join("\n"), constants: text.constants };
}
