/**
 * The start of a run: computes its initial parameters and emits what LSUV did.
 *
 * @module
 */
import { inputSize } from "../../src/data/mod.ts";
import { countParameters } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { imageSpec } from "../models/model.ts";
import type { Settings } from "../run/settings.ts";
import type { LsuvRow } from "../run/tables.ts";
import { initializeParams, type InitialParams } from "./initialize_params.ts";
import { roundMillis, type RunSession } from "./session.ts";

/** LSUV's forward passes: one for all layers, or one per trial and layer. */
function forwardPasses({ lsuvMode }: Settings, report: readonly LsuvRow[]): number {
  if (lsuvMode !== "fresh") return 1;
  const trials = new Map<string, number>();
  for (const row of report) {
    trials.set(row.name, Math.max(trials.get(row.name) ?? 0, row.trials));
  }
  return [...trials.values()].reduce((sum, most) => sum + most + 1, 0);
}

/** Computes the initial parameters and measures their cost, waiting for their last values. */
async function initializeTimed(
  run: Runtime,
  settings: Settings,
  work: () => Promise<InitialParams>,
): Promise<InitialParams> {
  const began = performance.now(), start = await work();
  await run.read(leaves<Tensor>(start.params).slice(-1));
  const initSeconds = roundMillis((performance.now() - began) / 1000);
  const passes = start.report && forwardPasses(settings, start.report);
  return { ...start, cost: { initSeconds, forwardPasses: passes } };
}

/**
 * Computes the initial parameters. With a checkpoint only their shapes are needed, and nothing is computed. Rejects
 * with the signal's reason where the run is stopped meanwhile.
 */
export async function initialize(session: RunSession): Promise<InitialParams> {
  const { spec, run, net, settings, splits: { train }, resume, emit } = session;
  if (resume?.checkpoint) {
    const params = net.init(key(0), imageSpec(inputSize(train)));
    await emit({ kind: "initialization", parameters: countParameters(params) });
    return { params };
  }
  // Processes that wait for each other's shares end together, at their first step.
  const signal = spec.group ? undefined : spec.signal;
  const work = () => initializeParams(run, net, settings, train, spec.group?.job, signal);
  const start = spec.layerProbe ? await initializeTimed(run, settings, work) : await work();
  const { report, cost } = start, parameters = countParameters(start.params);
  await emit({ kind: "initialization", parameters, report, cost });
  return start;
}
