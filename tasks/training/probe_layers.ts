/**
 * Measuring the layers of a net during its training.
 *
 * @module
 */
import type { Params } from "../../src/tensor.ts";
import type { InitialParams } from "./initialize_params.ts";
import type { RunSession } from "./session.ts";
import type { AfterEpoch } from "./train_epochs.ts";

/** Measures the layers of a new run at its start; returns the function that measures them after each epoch. */
export async function probeLayers(
  session: RunSession,
  { params, before }: InitialParams,
): Promise<AfterEpoch | undefined> {
  const { spec: { layerProbe }, run, net, settings, splits, resume, emit } = session;
  if (!layerProbe) return undefined;
  const probe = layerProbe(run, net, settings, splits.train);
  const measure = async (params: Params, step: number, phase: string) =>
    await emit({ kind: "layers", rows: await probe(params, { step, phase }) });
  if (!resume?.checkpoint) {
    if (before) await measure(before, 0, "before lsuv");
    await measure(params, 0, before ? "after lsuv" : "initial");
  }
  return (params, { epoch, step }) => measure(params, step, `epoch ${epoch}`);
}
