/**
 * Recognizes sums of padded terms that concatenate pieces, such as the gradients of maxout pieces, so that
 * what the pieces share is computed once instead of once per piece.
 *
 * @module
 */
import { isBounded, mergeAxes } from "../axes.ts";
import { PieceExtractor } from "./extract.ts";
import type { Expr } from "../expr.ts";

/** An expression over [outer, pieces, inner] as pieces, each an expression over [outer, inner]. */
export interface Concatenation {
  readonly pieces: readonly Expr[];
  readonly inner: number;
}

/** The most pieces: each adds code to the shader. */
const MOST_PIECES = 8;

/** The most terms of a sum that is analyzed. */
const MOST_TERMS = 64;

/**
 * Whether an expression is an op with identity 0, such as a sum: padding a term with zeros then has no
 * effect.
 */
const isSum = (e: Expr): e is Expr & { kind: "map" } => e.kind === "map" && e.op.identity === 0;

/** The terms of a sum in order; none if there are too many. */
function sumTerms(e: Expr): readonly Expr[] {
  const terms: Expr[] = [], left = [e];
  for (let next = left.pop(); next; next = left.pop()) {
    if (isSum(next)) left.push(...next.args.toReversed());
    else terms.push(next);
    if (left.length + terms.length > MOST_TERMS) return [];
  }
  return terms;
}

function commonDivisor(...numbers: readonly number[]): number {
  return numbers.reduce((a, b) => {
    while (b > 0) [a, b] = [b, a % b];
    return a;
  }, 0);
}

/**
 * How to cut a sum of padded terms into pieces: the first cut that at least two terms' padded axes agree
 * on.
 */
function commonCut(terms: readonly Expr[]): { count: number; inner: number } | undefined {
  const cuts: { count: number; inner: number }[] = [];
  for (const term of terms) {
    if (term.kind !== "view") continue;
    let inner = 1;
    for (const axis of mergeAxes(term.view).reverse()) {
      if (isBounded(axis) && axis.every === 1) {
        const unit = commonDivisor(axis.lo, axis.hi, axis.size);
        cuts.push({ count: axis.size / unit, inner: inner * unit });
      }
      inner *= axis.size;
    }
  }
  return cuts.find(({ count, inner }) =>
    count <= MOST_PIECES &&
    cuts.filter((other) => other.count === count && other.inner === inner).length > 1
  );
}

/** Splits an expression into pieces if it is a sum of terms each padded along one axis; else undefined. */
export function asConcatenation(e: Expr): Concatenation | undefined {
  const terms = sumTerms(e), cut = terms.length > 1 ? commonCut(terms) : undefined;
  if (!cut) return undefined;
  const extractor = new PieceExtractor(cut.count, cut.inner);
  const pieces = Array.from({ length: cut.count }, (_, k) => extractor.piece(e, k));
  if (!pieces.every((piece) => piece !== undefined)) return undefined;
  return { pieces, inner: cut.inner };
}
