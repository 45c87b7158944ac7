/**
 * Recognizes arguments that are stored as transposed matrices.
 *
 * @module
 */
import { mergeAxes } from "../../../plan/axes.ts";
import type { Expr } from "../../../plan/expr.ts";
import { isFlat, type Shape, sizeOf, type View } from "../../../shape.ts";
import type { Tuple } from "../../../tuple.ts";

/** Whether a view is contiguous along its last axis. */
const runs = (view: View) => (mergeAxes(view).at(-1)?.stride ?? 1) === 1;

/** How many of the last axes of a shape have a given number of elements together; -1 if none do. */
function countInnerAxes(shape: Shape, elements: number): number {
  let count = 0;
  for (let n = 1; n < elements && count < shape.length; n = sizeOf(shape.slice(-count))) count++;
  return sizeOf(shape.slice(shape.length - count)) === elements ? count : -1;
}

/**
 * The argument [batch, rows, columns] as [batch, columns, rows], if it is contiguous in that order only;
 * otherwise undefined.
 */
export function transposedView(expr: Expr, shape: Shape): Expr | undefined {
  if (expr.kind !== "view" || shape.length !== 3 || runs(expr.view)) return undefined;
  const { view, source } = expr, [, rows, columns] = shape as Tuple<number, 3>;
  const inner = countInnerAxes(view.shape, columns);
  if (inner < 1) return undefined;
  const outer = countInnerAxes(view.shape.slice(0, -inner), rows);
  if (outer < 1) return undefined;
  const exchange = <T>(axes: readonly T[]) => [
    ...axes.slice(0, -inner - outer),
    ...axes.slice(-inner),
    ...axes.slice(-inner - outer, -inner),
  ];
  const exchanged = { ...view, shape: exchange(view.shape), axes: exchange(view.axes) };
  if (!runs(exchanged)) return undefined;
  return isFlat(exchanged, source.size) ? source : { ...expr, view: exchanged };
}
