/**
 * Rewrites expressions in terms of a kernel's result, whole or in pieces.
 *
 * @module
 */
import type { View } from "../../shape.ts";
import { isBounded, mergeAxes } from "../axes.ts";
import { PieceExtractor } from "./extract.ts";
import { type Expr, isWithin, loadedSlots, visitExpr } from "../expr.ts";
import type { Pieces } from "../plan.ts";

/** The piece of [outer, count, inner] that a view reads, if it reads one. */
function takenPiece(view: View, source: number): Pieces & { readonly piece: number } | undefined {
  const axes = mergeAxes(view), size = axes.reduce((n, a) => n * a.size, 1), count = source / size;
  const last = axes.at(-1);
  if (!last || axes.length > 2 || axes.some(isBounded) || count < 2) return undefined;
  const inner = last.stride === 1 ? last.size : 1;
  const outer = inner === 1 ? last : axes.length > 1 ? axes[0] : undefined;
  if (inner * (outer?.size ?? 1) !== size) return undefined;
  if (outer && outer.stride !== count * inner) return undefined;
  const piece = view.offset / inner;
  return Number.isInteger(count) && Number.isInteger(piece) && piece < count
    ? { count, inner, piece }
    : undefined;
}

/** Rewrites expressions that read a slot in terms of the kernel's result that is stored there. */
export class ResultTerms {
  readonly #slot: number;
  readonly #pieces: Pieces | undefined;
  readonly #extractor: PieceExtractor | undefined;
  readonly #known = new Map<Expr, Expr | undefined>();
  readonly #reads = new Map<Expr, boolean>();

  constructor(slot: number, pieces: Pieces | undefined) {
    this.#slot = slot;
    this.#pieces = pieces;
    this.#extractor = pieces && new PieceExtractor(pieces.count, pieces.inner, slot);
  }

  /** Whether an expression reads the slot. */
  reads(e: Expr): boolean {
    let reads = this.#reads.get(e);
    if (reads === undefined) {
      reads = isWithin(e, (part) => part.kind === "load" && part.slot === this.#slot);
      this.#reads.set(e, reads);
    }
    return reads;
  }

  /** An expression with the kernel's result in place of the slot; undefined where that is impossible. */
  of(e: Expr): Expr | undefined {
    if (!this.#known.has(e)) this.#known.set(e, this.#make(e));
    return this.#known.get(e);
  }

  #make(e: Expr): Expr | undefined {
    // "result" here would be that of the reader's own kernel.
    if (!this.reads(e)) return isWithin(e, ({ kind }) => kind === "result") ? undefined : e;
    if (e.kind === "load") {
      return this.#pieces ? undefined : { kind: "result", dtype: e.dtype, size: e.size };
    }
    if (e.kind === "view") {
      const taken = takenPiece(e.view, e.source.size), pieces = this.#pieces;
      const fits = taken && pieces && taken.count === pieces.count && taken.inner === pieces.inner;
      return fits ? this.#extractor!.piece(e.source, taken.piece) : undefined;
    }
    if (e.kind !== "map") return undefined;
    const args = e.args.map((arg) => this.of(arg));
    return args.every((arg) => arg !== undefined) ? { ...e, args } : undefined;
  }
}

/** The pieces that expressions split a slot into: the first found. */
export function findPieces(roots: readonly Expr[], slot: number): Pieces | undefined {
  let found: Pieces | undefined;
  for (const root of roots) {
    visitExpr(root, (e) => {
      if (found || e.kind !== "view" || !loadedSlots([e]).includes(slot)) return;
      const taken = takenPiece(e.view, e.source.size);
      if (taken) found = { count: taken.count, inner: taken.inner };
    });
  }
  return found;
}
