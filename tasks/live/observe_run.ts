/**
 * Showing a run on the live page, as an observer.
 *
 * @module
 */
import { PRESETS } from "../../src/init/mod.ts";
import type { Observer, Resumed, StartEvent } from "../run/events.ts";
import type { FoundManifest } from "../run/manifest.ts";
import { rateDrops } from "../run/rate_drops.ts";
import { readRun } from "../run/read_run.ts";
import type { Settings } from "../run/settings.ts";
import type { LiveRunEvent, RunTables } from "./events.ts";
import type { RunFacts } from "./view.ts";

/** Sends an event of one run to the page. */
export type EmitRun = (event: LiveRunEvent) => void;

/** What the page knows about a run from its start. */
interface Described {
  readonly name: string;
  readonly settings: Settings;
  readonly stepsPerEpoch: number;
  readonly folder: string;
}

function runFacts({ name, settings, stepsPerEpoch, folder }: Described): RunFacts {
  const { epochs, batch, loss, lsuv } = settings;
  const tolerance = lsuv && PRESETS[lsuv].tolerance;
  return {
    name,
    epochs,
    stepsPerEpoch,
    batch,
    drops: rateDrops(settings),
    loss,
    within: tolerance === undefined ? null : [1 - tolerance, 1 + tolerance],
    folder,
  };
}

/** The tables that earlier sessions recorded up to the checkpoint; empty where there is none. */
async function recordedTables(folder: string, name: string, { from }: Resumed): Promise<RunTables> {
  if (!from) return { epochs: [], lsuv: [], layers: [] };
  const { lsuv, layers } = await readRun(folder, name);
  return { epochs: from.epochs, lsuv, layers: layers.filter(({ step }) => step <= from.step) };
}

/** Shows a run that starts, or that resumes with the tables of earlier sessions. */
async function emitStart(emit: EmitRun, name: string, event: StartEvent): Promise<void> {
  const { settings, stepsPerEpoch, folder, resumed } = event;
  emit({ kind: "start", facts: runFacts({ name, settings, stepsPerEpoch, folder }) });
  if (resumed) emit({ kind: "recorded", tables: await recordedTables(folder, name, resumed) });
}

/** Shows a run with a name. */
export const observeRun = (emit: EmitRun, name: string): Observer => async (event) => {
  switch (event.kind) {
    case "start":
      return await emitStart(emit, name, event);
    case "initialization":
    case "layers":
    case "step":
    case "epoch":
      return emit(event);
    case "end":
      return emit({ kind: "status", status: event.status, fault: event.results.fault });
    case "failure":
      return emit({ kind: "status", status: "failed", fault: event.fault });
  }
};

const statusEvent = ({ status = "running", fault, results }: FoundManifest): LiveRunEvent => (
  { kind: "status", status, fault: fault ?? results?.fault }
);

/** Shows a run that has ended, or that another program trains, from its folder. */
export async function replayRun(
  emit: EmitRun,
  run: Omit<Described, "stepsPerEpoch"> & { readonly isElsewhere?: boolean },
): Promise<void> {
  const { isElsewhere = false } = run;
  const { epochs, lsuv, layers, manifest } = await readRun(run.folder, run.name);
  const last = epochs.at(-1), images = manifest.data?.train?.count;
  const stepsPerEpoch = last
    ? last.step / last.epoch
    : images
    ? Math.floor(images / run.settings.batch)
    : 1;
  emit({
    kind: "start",
    facts: runFacts({ ...run, stepsPerEpoch }),
    ...isElsewhere && { isElsewhere },
  });
  emit({ kind: "recorded", tables: { epochs, lsuv, layers } });
  emit(statusEvent(manifest));
}
