/**
 * A run on the live page: what is written to its folder is told, and how far it is.
 *
 * @module
 */
import { batchesPerEpoch, type PreparedSplits } from "../../src/data/mod.ts";
import { PRESETS } from "../../src/init/mod.ts";
import type { FoundCheckpoint } from "../../src/train/mod.ts";
import { secondsLeft } from "../training/forecast.ts";
import type { Reporter } from "../cli/progress.ts";
import type { RunFolder, Written } from "../run/run_folder.ts";
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

/** A reporter that tells the page, too, how far a run is. */
export const watched = (reporter: Reporter, place: Place | undefined): Reporter =>
  place === undefined ? reporter : {
    ...reporter,
    progress: (at, left) => {
      tell(place, { kind: "progress", at, left: left ?? NaN });
      reporter.progress(at, left);
    },
  };

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

function newsOf(
  written: Written,
  { epochs, stepsPerEpoch, batch }: RunFacts,
  tested: number,
): RunNews {
  switch (written.kind) {
    case "manifest":
      return statusOf(written.fields as Fields);
    case "epoch": {
      const at = { ...written.row, steps: epochs * stepsPerEpoch };
      return { ...written, left: secondsLeft(at, { batch, epochs, tested }) ?? NaN };
    }
    case "layers": {
      const phase = written.rows.at(-1)?.phase;
      return { ...written, rows: written.rows.filter((row) => row.phase === phase) };
    }
    default:
      return written;
  }
}

/** Tells the page of a run that begins or goes on, and from here on of all that it writes. */
export async function follow(
  place: Place,
  { splits: { train, test }, ...run }: Omit<Shown, "stepsPerEpoch" | "folder"> & {
    readonly splits: PreparedSplits;
  },
  folder: RunFolder,
  resume?: FoundCheckpoint,
): Promise<void> {
  const stepsPerEpoch = batchesPerEpoch(train, run.settings.batch);
  const facts = factsOf({ ...run, stepsPerEpoch, folder: folder.path });
  tell(place, { kind: "begin", facts });
  if (resume?.checkpoint) {
    const { lsuv, layers } = await readRun(folder.path, run.name), { step } = resume.checkpoint;
    tell(place, { kind: "lsuv", rows: lsuv });
    tell(place, { kind: "layers", rows: layers.filter((row) => row.step <= step) });
  }
  folder.told = (written) => {
    const news = newsOf(written, facts, test.dataset.count);
    tell(place, news);
    if (place.key !== "" || news.kind !== "status" || news.status === "running") return;
    place.watch.tell({ kind: "end", status: news.status });
  };
}

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
