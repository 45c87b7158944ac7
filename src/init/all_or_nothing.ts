/**
 * LSUV of numbers that are not finite: all layers are scaled, or none is.
 *
 * @module
 */
import { abs, less, max, mul, where } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves, unflatten } from "../tree.ts";
import type { ReportRow, UnitReport } from "./report.ts";

/** A variance not below this counts as infinite; so does NaN, since comparisons with it are false. */
const HUGE = 3e38;

/** What has been scaled, with its reports by layer. */
interface Scaled<P extends Params> {
  readonly params: P;
  readonly units: Readonly<Record<string, UnitReport>>;
}

/** The report of a layer that is left as it was where `isFinite` is 0. */
const reported = (isFinite: Tensor, unit: UnitReport): UnitReport => ({
  ...unit,
  after: where(isFinite, unit.after, unit.before),
  trials: where(isFinite, unit.trials, 0),
  converged: where(isFinite, unit.converged, 0),
});

/** The parameters that were scaled if every layer's variance is finite, else those from before. */
export function allOrNothing<P extends Params>(before: P, { params, units }: Scaled<P>): Scaled<P> {
  const all = Object.values(units), own = leaves<Tensor>(before);
  if (all.length === 0) return { params, units };
  const isFinite = all.map(({ after }) => less(max(abs(after)), HUGE)).reduce((a, b) => mul(a, b));
  const chosen = leaves<Tensor>(params).map((w, i) =>
    w === own[i] ? w : where(isFinite, w, own[i]!)
  );
  return {
    params: unflatten<P, Tensor, Tensor>(params, chosen) as unknown as P,
    units: Object.fromEntries(
      Object.entries(units).map(([name, unit]) => [name, reported(isFinite, unit)]),
    ),
  };
}

/** The rows of layers whose variance is not finite. */
export const notFinite = (rows: readonly ReportRow[]): readonly ReportRow[] =>
  rows.filter(({ after, uncovered }) => !uncovered && !Number.isFinite(after));

/** The rows of layers that are left as they were. */
export const leftAlone = (rows: readonly ReportRow[]): readonly ReportRow[] =>
  rows.map((row) =>
    row.uncovered ? row : { ...row, after: row.before, trials: 0, converged: false }
  );
