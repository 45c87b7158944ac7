/**
 * Steps in terms of what they bind rather than of a plan's slots, so that equal steps of one plan, or of
 * several, are recognized and share one piece of code.
 *
 * @module
 */
import { showAttrs } from "../signature.ts";
import { showSpec } from "../tensor.ts";
import { isBounded, mergeAxes } from "./axes.ts";
import { type Expr, rewriter, type Step, type Store, storesOf } from "./plan.ts";

/** A slot from one of its elements on. */
export interface Bound {
  readonly slot: number;
  readonly offset: number;
}

/** A step whose slots are numbers of bindings. */
export interface LocalStep {
  readonly step: Step;
  /** What the step binds, by number. */
  readonly bindings: readonly Bound[];
  /** A text that two steps share exactly if one piece of code does both. */
  readonly key: string;
}

/** Numbers bindings in the order in which they are met. */
class Bindings {
  readonly all: Bound[] = [];
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

/** An expression over bindings; where a view begins in a slot is part of what is bound. */
const localizer = (bindings: Bindings): (e: Expr) => Expr =>
  rewriter((e) => {
    if (e.kind === "load") return { ...e, slot: bindings.number(e.slot, 0) };
    if (e.kind !== "view" || e.source.kind !== "load") return undefined;
    const { view, source } = e, slot = bindings.number(source.slot, view.offset);
    const [axis, ...others] = mergeAxes(view);
    const inARow = others.length === 0 && (!axis || (axis.stride === 1 && !isBounded(axis)));
    if (inARow) return { kind: "load", slot, dtype: e.dtype, size: e.size };
    return { ...e, view: { ...view, offset: 0 }, source: { ...source, slot } };
  });

/** Expressions as text; what they share is written once. */
class Text {
  readonly lines: string[] = [];
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
      case "map": {
        const args = e.args.map((arg) => this.of(arg));
        return `${e.name} ${showAttrs(e.attrs)} ${args.join()} ${type}`;
      }
    }
  }
}

/** A step in terms of its bindings. */
export function localStep(step: Step): LocalStep {
  const bindings = new Bindings(), rewrite = localizer(bindings), text = new Text();
  const kernel = step.kernel && {
    ...step.kernel,
    args: step.kernel.args.map((arg) => ({ ...arg, expr: rewrite(arg.expr) })),
  };
  const [first, ...also] = storesOf(step).map(({ store, slot }): Store => ({
    store: rewrite(store),
    slot: bindings.number(slot, 0),
  })) as [Store, ...Store[]];
  if (kernel) {
    const { op, attrs, args, spec, pieces } = kernel;
    const uses = args.map(({ expr, spec }) => `${text.of(expr)} ${showSpec(spec)}`);
    const cut = pieces ? `${pieces.count} × ${pieces.inner}` : "";
    text.lines.push(`${op.name} ${showAttrs(attrs)} ${uses.join()} ${showSpec(spec)} ${cut}`);
  }
  for (const { store, slot } of [first, ...also]) text.lines.push(`${text.of(store)} → ${slot}`);
  return {
    step: {
      label: step.label,
      spec: step.spec,
      ...first,
      ...(also.length > 0 && { also }),
      ...(kernel && { kernel }),
    },
    bindings: bindings.all,
    key: text.lines.join("\n"),
  };
}
