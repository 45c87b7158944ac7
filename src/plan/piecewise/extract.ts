/**
 * Extracts the pieces of expressions over [outer, count, inner].
 *
 * @module
 */
import { isFlat } from "../../shape.ts";
import { type Axis, mergeAxes } from "../axes.ts";
import { type Expr, loadedSlots } from "../expr.ts";

const constant = (value: number, { dtype }: Expr, size: number): Expr => ({
  kind: "constant",
  value,
  dtype,
  size,
});

/**
 * Splits axes such that none crosses a multiple of `place` in the flat index; undefined where that is
 * impossible.
 */
function cutAxes(axes: readonly Axis[], place: number): Axis[] | undefined {
  const out: Axis[] = [];
  let within = 1;
  for (const axis of [...axes].reverse()) {
    const { size, stride, lo, hi, every } = axis;
    if (within < place && place < within * size) {
      const part = place / within;
      if ([part, size / part, lo / part, hi / part].some((n) => !Number.isInteger(n))) {
        return undefined;
      }
      if (every > 1) return undefined;
      out.push(
        { size: part, stride, lo: 0, hi: part, every },
        { size: size / part, stride: stride * part, lo: lo / part, hi: hi / part, every },
      );
    } else out.push(axis);
    within *= size;
  }
  return out.reverse();
}

/** Extracts pieces, expressions over [outer, inner], from expressions over [outer, count, inner]. */
export class PieceExtractor {
  readonly #count: number;
  readonly #inner: number;
  readonly #made: number | undefined;
  readonly #known: Map<Expr, Expr | undefined>[];

  /**
   * @param made The slot of the step's own kernel's result, over [outer, count, inner]: loads of it become
   * pieces of that result.
   */
  constructor(count: number, inner: number, made?: number) {
    this.#count = count;
    this.#inner = inner;
    this.#made = made;
    this.#known = Array.from({ length: count }, () => new Map());
  }

  /** Piece `k` of an expression; undefined where it cannot be extracted. */
  piece(e: Expr, k: number): Expr | undefined {
    const known = this.#known[k]!;
    if (!known.has(e)) known.set(e, this.#make(e, k));
    return known.get(e);
  }

  #make(e: Expr, k: number): Expr | undefined {
    const size = e.size / this.#count, { dtype } = e;
    switch (e.kind) {
      case "result":
        return undefined;
      case "constant":
        return { ...e, size };
      case "load": {
        if (e.slot === this.#made) return { kind: "result", piece: k, dtype, size };
        const axis = { stride: 1, lo: 0, hi: e.size, every: 1, size: e.size };
        return this.#view(e, [axis], 0, e, k);
      }
      case "view":
        return this.#view(e, mergeAxes(e.view), e.view.offset, e.source, k);
      case "map": {
        if (e.op.indexed) return undefined;
        const args = e.args.map((arg) => this.piece(arg, k));
        if (!args.every((arg) => arg !== undefined)) return undefined;
        const { op, attrs } = e, { identity } = op;
        const rest = args.filter((arg) => !(arg.kind === "constant" && arg.value === identity));
        if (rest.length < Math.min(2, args.length)) return rest[0] ?? constant(identity!, e, size);
        return { kind: "map", op, attrs, args, dtype, size };
      }
    }
  }

  #view(e: Expr, whole: readonly Axis[], from: number, source: Expr, k: number): Expr | undefined {
    if (this.#made !== undefined && loadedSlots([source]).includes(this.#made)) return undefined;
    const inner = this.#inner, between = inner * this.#count, size = e.size / this.#count;
    const once = cutAxes(whole, inner), axes = once && cutAxes(once, between);
    if (!axes) return undefined;
    const rest: Axis[] = [];
    let within = 1, offset = from;
    for (const axis of [...axes].reverse()) {
      const at = within;
      within *= axis.size;
      if (at < inner || at >= between) {
        rest.unshift(axis);
        continue;
      }
      // The axis of pieces must be a single one.
      if (at !== inner || within !== between) return undefined;
      if (k < axis.lo || k >= axis.hi || (k - axis.lo) % axis.every > 0) {
        return constant(0, e, size);
      }
      offset += axis.stride * (k - axis.lo) / axis.every;
    }
    const view = { shape: rest.map((a) => a.size), axes: rest, offset };
    return isFlat(view, source.size)
      ? source
      : { kind: "view", view, source, dtype: e.dtype, size };
  }
}
