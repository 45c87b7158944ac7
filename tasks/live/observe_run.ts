/**
 * A run on the live page: what is written to its folder is told, and how far it is.
 *
 * @module
 */
import { PRESETS } from "../../src/init/mod.ts";
import type { Observer, StartEvent } from "../run/events.ts";
import type { RunNews, Teller } from "./events.ts";
import type { RunFacts } from "./view.ts";
import type { Settings } from "../run/settings.ts";
import { readRun } from "../run/read_run.ts";

/** A run on a page: the key is its place in an experiment, or empty for the only one. */
export interface Place {
  readonly watch: Teller;
  readonly key: string;
}

const tell = ({ watch, key }: Place, news: RunNews) => watch.tell({ kind: "run", key, news });

/** What the page knows of a run from its beginning on. */
export interface Shown {
  readonly name: string;
  readonly settings: Settings;
  readonly stepsPerEpoch: number;
  readonly folder: string;
}

function factsOf({ name, settings, stepsPerEpoch, folder }: Shown): RunFacts {
  const { epochs, batch, dropAt, loss, lsuv } = settings;
  const tolerance = lsuv && PRESETS[lsuv].tolerance;
  return {
    name,
    epochs,
    stepsPerEpoch,
    batch,
    drops: dropAt,
    loss,
    within: tolerance === undefined ? null : [1 - tolerance, 1 + tolerance],
    folder,
  };
}

/** What a manifest says of a run's end. */
interface Fields {
  readonly status?: string | undefined;
  readonly fault?: string | undefined;
  readonly results?: { readonly fault?: string | undefined } | undefined;
}

const statusOf = ({ status = "running", fault, results }: Fields): RunNews => (
  { kind: "status", status, fault: fault ?? results?.fault }
);

/** Tells the page of a run that starts or resumes; of an earlier session, what its folder holds. */
async function tellStart(place: Place, name: string, event: StartEvent): Promise<void> {
  const { settings, stepsPerEpoch, folder, resumed } = event;
  tell(place, { kind: "begin", facts: factsOf({ name, settings, stepsPerEpoch, folder }) });
  if (resumed?.from) {
    const { lsuv, layers } = await readRun(folder, name), { step } = resumed.from;
    tell(place, { kind: "lsuv", rows: lsuv });
    tell(place, { kind: "layers", rows: layers.filter((row) => row.step <= step) });
  }
  if (resumed) tell(place, { kind: "epochs", rows: resumed.from?.epochs ?? [] });
}

/** Tells the page how a run ended; the only one of a page ends the page's view too. */
function tellEnd(place: Place, status: string, fault: string | undefined): void {
  tell(place, { kind: "status", status, fault });
  if (place.key === "") place.watch.tell({ kind: "end", status });
}

/** Shows a run on the page, under this name. */
export const observeRun =
  (place: Place, nameOf: (event: StartEvent) => string): Observer => async (event) => {
    switch (event.kind) {
      case "start":
        return await tellStart(place, nameOf(event), event);
      case "initialization":
        if (event.report) tell(place, { kind: "lsuv", rows: event.report });
        return;
      case "layers":
        return tell(place, { kind: "layers", rows: event.rows });
      case "step":
        return tell(place, {
          kind: "progress",
          at: event.progress,
          left: event.secondsLeft ?? NaN,
        });
      case "epoch":
        return tell(place, { kind: "epoch", row: event.row, left: event.secondsLeft ?? NaN });
      case "end":
        return tellEnd(place, event.status, event.results.fault);
      case "failure":
        return tellEnd(place, "failed", event.fault);
    }
  };

/** Tells the page of a run that was made before. */
export async function recall(place: Place, run: Omit<Shown, "stepsPerEpoch">): Promise<void> {
  const { epochs, lsuv, layers, manifest } = await readRun(run.folder, run.name);
  const last = epochs.at(-1), stepsPerEpoch = last ? last.step / last.epoch : 1;
  tell(place, { kind: "begin", facts: factsOf({ ...run, stepsPerEpoch }) });
  tell(place, { kind: "epochs", rows: epochs });
  tell(place, { kind: "lsuv", rows: lsuv });
  tell(place, { kind: "layers", rows: layers });
  tell(place, statusOf(manifest));
}
