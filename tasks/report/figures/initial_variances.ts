/**
 * Variance by depth at the start of training, from `layers.csv` or else `lsuv.csv`.
 *
 * @module
 */
import { geometricMean } from "../../plots/statistics.ts";
import type { Run } from "../../run/read_run.ts";

/** Which variance. */
export type Kind = "activationVariance" | "gradientVariance";

/** The moment of a measurement; `start` is the first phase of a run without LSUV. */
export type Moment = "before" | "after" | "start";

/** Variance by depth, from the first layer on; NaN where unknown. */
export type Depths = readonly number[];

/** Each phase's rows, in order. */
const groupByPhase = ({ layers }: Run) => Map.groupBy(layers, ({ phase }) => phase);

const varianceByDepth = (rows: Run["layers"], kind: Kind): Depths =>
  [...Map.groupBy(rows, ({ layer }) => layer)].sort(([a], [b]) => a - b)
    .map(([, group]) => geometricMean(group.map((row) => row[kind])) ?? NaN);

const isPhase = (phase: string, word: "before" | "after"): boolean =>
  new RegExp(`^${word} lsuv$`, "i").test(phase.trim());

/** The variances at the run's start from `layers.csv`. */
function fromLayers(run: Run, kind: Kind): Partial<Record<Moment, Depths>> {
  const phases = [...groupByPhase(run)];
  const found = (word: "before" | "after") => phases.find(([phase]) => isPhase(phase, word))?.[1];
  const before = found("before"), after = found("after");
  const first = phases.find(([, rows]) => rows[0]?.step === 0)?.[1];
  if (after) {
    return {
      after: varianceByDepth(after, kind),
      ...(before ? { before: varianceByDepth(before, kind) } : {}),
    };
  }
  return first ? { start: varianceByDepth(first, kind) } : {};
}

/** The variances at the run's start from `lsuv.csv`. */
function fromLsuv({ lsuv }: Run): Partial<Record<Moment, Depths>> {
  if (lsuv.length === 0) return {};
  const layers = [...Map.groupBy(lsuv, ({ name }) => name).values()];
  const by = (when: "before" | "after") =>
    layers.map((rows) => geometricMean(rows.map((row) => row[when])) ?? NaN);
  return { before: by("before"), after: by("after") };
}

/** The variances at a run's start by depth, at the moments that were recorded. */
export const initialVariances = (run: Run, kind: Kind): Partial<Record<Moment, Depths>> =>
  run.layers.length > 0
    ? fromLayers(run, kind)
    : kind === "activationVariance"
    ? fromLsuv(run)
    : {};
