/**
 * LSUV's report of a net, compared with variances measured when the net runs with the returned parameters.
 *
 * @module
 */
import { init, type Key, type Params, type Runtime, type Tensor } from "../../mod.ts";
import { leaves } from "../../src/tree.ts";
import { type Case, WEIGHTS } from "./nets.ts";
import { computeVariances, recordOutputs } from "./tape.ts";

/** A row of a report, and the variance that was measured. */
export interface Compared extends init.ReportRow {
  /** In float64, from the outputs that the net's layers recorded; NaN for weights in no layer with a `unit`. */
  readonly measured: number;
}

/** Runs a net; returns the variance of each piece of each layer's output, in execution order. */
async function measure(
  run: Runtime,
  { net, options }: Case,
  params: Params,
  x: Tensor,
): Promise<number[]> {
  const key = options?.key;
  const outputs = run.jit((params: Params, x: Tensor, ...keys: Key[]) =>
    recordOutputs(() => net(params, x, keys[0]))
  )(params, x, ...(key ? [key] : []));
  const found = await run.read(outputs);
  return outputs.flatMap(({ shape }, i) => computeVariances(found[i] as Float32Array, shape));
}

/**
 * Initializes a net and compares report and measurement.
 *
 * @param mode `jit`: parameters are made and scaled in one compiled call. `batches`: by `lsuvFromBatches`,
 * with one fixed batch.
 */
export async function compare(
  run: Runtime,
  at: Case,
  mode: "jit" | "batches" = "jit",
): Promise<readonly Compared[]> {
  const { net, options = {} } = at;
  const [x] = run.jit((x: Tensor) => [x])(at.x) as [Tensor];
  const make = (key: Key, x: Tensor) => (at.params ?? ((made) => made))(net.init(key, x));
  let params: Params, rows: readonly init.ReportRow[];
  if (mode === "jit") {
    const [scaled, report] = run.jit((key: Key, x: Tensor) =>
      init.lsuvWithReport(net, make(key, x), x, options)
    )(WEIGHTS, x);
    params = scaled;
    rows = init.reportRows(await run.read(report));
  } else {
    const start = make(WEIGHTS, x);
    [params, rows] = await init.lsuvFromBatches(run, net, start, () => x, {
      ...options,
      fresh: false,
    });
  }
  const measured = await measure(run, at, params, x);
  const units = rows.filter(({ uncovered }) => !uncovered).length;
  if (units !== measured.length) {
    throw new Error(`${at.name}: expected ${measured.length} rows, found ${units}`);
  }
  await run.read(leaves<Tensor>(params).slice(0, 1));
  return rows.map((row, i) => ({ ...row, measured: measured[i] ?? NaN }));
}

/** The largest relative difference of a report from the measurement. */
export const distance = (rows: readonly Compared[]): number =>
  Math.max(
    ...rows.filter(({ uncovered }) => !uncovered).map(({ after, measured }) =>
      Math.abs(after - measured) / Math.max(measured, 1e-9)
    ),
  );
