/**
 * One run of an experiment in its folder: begun, or gone on with where it was cut off.
 *
 * @module
 */
import type { ReportRow } from "../../src/init/mod.ts";
import { countParameters } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { saveParams } from "../../src/train/mod.ts";
import { leaves } from "../../src/tree.ts";
import { openDevice, TaskError } from "../cli/command.ts";
import type { Loaded } from "../datasets/data_source.ts";
import { initialise, type Start } from "../training/initialize.ts";
import { imagesOf } from "../models/model.ts";
import { fieldsOfRun } from "../models/of_run.ts";
import type { Reporter } from "../cli/progress.ts";
import { netOf } from "../training/recipe.ts";
import { begin, goOn, type Run, type Started } from "../run/run_start.ts";
import { type Outcome, secondsOf, trainEpochs, type Training } from "../training/train_epochs.ts";
import { follow, type Place, watched } from "../live/observe_run.ts";
import type { Description } from "./description.ts";
import { layerMeter } from "./layer_probe.ts";
import type { Ending } from "./outcome.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import { readCsv } from "../run/csv.ts";
import { readJson } from "../run/read_file.ts";
import { type LayerRow, LAYERS } from "../run/tables.ts";
import type { InitCost, Manifest } from "../run/manifest.ts";

/** What a run is made of. */
export interface CellWork {
  /** Its folder. */
  readonly path: string;
  readonly trains: TaskName;
  readonly args: readonly string[];
  readonly settings: Settings;
  readonly loaded: Loaded;
  /** What became of the images, if not what the training task makes of them. */
  readonly images?: Description["images"] | undefined;
  readonly reporter: Reporter;
  /** Ends it before its time; it can then be gone on with. */
  readonly signal: AbortSignal;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
  /** The live page, and what the run is called there. */
  readonly shown?: Place & { readonly name: string } | undefined;
}

/** What a run's manifest says so far; undefined where nothing has begun. */
export const readEnding = (path: string): Promise<(Ending & Manifest) | undefined> =>
  readJson(`${path}/manifest.json`) as Promise<(Ending & Manifest) | undefined>;

/** Begins a run, or goes on with one. */
async function start(at: Run, path: string): Promise<Started> {
  const manifest = await readEnding(path);
  return manifest ? await goOn(at, { path, manifest }) : await begin(at, path);
}

/** How often LSUV sends a batch through: once for all layers, or once a trial and layer. */
function passesOf({ lsuvMode }: Settings, report: readonly ReportRow[]): number {
  if (lsuvMode !== "fresh") return 1;
  const trials = new Map<string, number>();
  for (const row of report) {
    trials.set(row.name, Math.max(trials.get(row.name) ?? 0, row.trials));
  }
  return [...trials.values()].reduce((sum, most) => sum + most + 1, 0);
}

async function readLayers(path: string, upTo: number): Promise<LayerRow[]> {
  const rows = await readCsv(LAYERS, path) ?? [];
  return rows.filter(({ step }) => step <= upTo);
}

/** The initial parameters, and what they cost. */
async function initial(at: Training): Promise<Start & { readonly cost: InitCost }> {
  const { run, net, settings, splits: { train }, folder } = at, began = performance.now();
  const start = await initialise(run, net, settings, train), { params, report } = start;
  await run.read(leaves<Tensor>(params).slice(-1));
  const initSeconds = Number(((performance.now() - began) / 1000).toFixed(3));
  if (report) await folder.lsuv(report);
  const forwardPasses = report && passesOf(settings, report);
  return { ...start, cost: { initSeconds, forwardPasses } };
}

/** Trains, looking at the layers before, between and after, and keeping what is seen. */
async function trained(at: Training, path: string): Promise<Outcome> {
  const { run, net, settings, splits: { train }, folder, resume } = at;
  const look = layerMeter(run, net, settings, train), step = resume?.checkpoint?.step;
  let layers = step === undefined ? [] : await readLayers(path, step);
  const note = async (params: Params, step: number, phase: string) => {
    layers = [...layers, ...await look(params, { step, phase })];
    await folder.layers(layers);
  };
  const afterEpoch = (params: Params, epoch: number, step: number) =>
    note(params, step, `epoch ${epoch}`);
  const image = imagesOf(train.dataset);
  if (step !== undefined) {
    return await trainEpochs({ ...at, afterEpoch }, net.init(key(0), image));
  }
  const { params, before, cost } = await initial(at);
  await folder.manifest({ status: "running", initialisation: cost });
  if (before) await note(before, 0, "before lsuv");
  await note(params, 0, before ? "after lsuv" : "initial");
  return await trainEpochs({ ...at, afterEpoch }, params);
}

async function finish(run: Runtime, at: Training, outcome: Outcome, model: object) {
  const { settings: { init, seed }, folder } = at, { params, step, last, fault } = outcome;
  const metadata = { ...model, init, seed: String(seed) } as Record<string, string>;
  await folder.weights(await saveParams(run, params, metadata));
  const seconds = Number(secondsOf(at).toFixed(3));
  const results = { parameters: countParameters(params), steps: step, seconds, lastEpoch: last };
  await folder.manifest({
    status: outcome.status,
    ended: new Date().toISOString(),
    results: { ...results, fault },
  });
}

/** Makes a run, or what is left to make of it. Its manifest then says what it came to. */
export async function runCell(work: CellWork): Promise<void> {
  const { path, trains, args, settings, loaded, signal, checkpointEvery, shown } = work;
  const reporter = watched(work.reporter, shown);
  const { splits, origin } = loaded, { count, classes } = splits.train.dataset;
  const began = performance.now();
  if (settings.batch > count) {
    throw new TaskError(
      `batch: expected at most ${count} training images, found ${settings.batch}`,
    );
  }
  const { device, threads, winograd, wide } = settings;
  await using run = await openDevice({ device, threads, winograd, wide });
  const usual = fieldsOfRun(trains, settings, splits.train);
  // What uses the weights then refuses them, rather than feed them other images.
  const model = work.images ? { ...usual, preprocessing: work.images } : usual;
  const command = ["deno", "task", `train:${trains}`, ...args];
  const that = { run, settings, splits, origin, model, command, started: new Date() };
  const { folder, resume } = await start(that, path);
  if (shown) await follow(shown, { name: shown.name, settings, splits }, folder, resume);
  const net = netOf(settings, classes), showing = { run, net, folder, reporter, resume };
  const at: Training = { ...showing, settings, splits, signal, checkpointEvery, began };
  try {
    await finish(run, at, await trained(at, path), model);
  } catch (error) {
    const ended = new Date().toISOString();
    await folder.manifest({ status: "failed", ended, fault: `${error}` }).catch(() => {});
    throw error;
  } finally {
    await reporter.stop();
  }
}
