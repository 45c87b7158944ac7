/**
 * What the training tasks share: from a command line to a trained net in a run's folder.
 *
 * @module
 */
import { DataError } from "../src/data/mod.ts";
import { formatReport } from "../src/init/mod.ts";
import { countParameters } from "../src/models/mod.ts";
import { open, type Runtime } from "../src/runtime.ts";
import { saveParams } from "../src/train/mod.ts";
import { loadData } from "./data_source.ts";
import { environmentOf } from "./environment.ts";
import { helpOf } from "./help.ts";
import { initialise } from "./initialise.ts";
import { OptionError, parseOptions } from "./options.ts";
import { percent, reporterOf, speed } from "./progress.ts";
import { quietDriver } from "./quiet_driver.ts";
import { describe, netOf, type Settings, settingsOf } from "./recipe.ts";
import { folderName, RunFolder } from "./run_folder.ts";
import { type Outcome, trainEpochs, type Training } from "./train_epochs.ts";
import { type TaskName, trainPage, trainTable } from "./train_options.ts";

/** Exit codes: done, something failed, a wrong command line, ended by Ctrl-C. */
const EXIT = { done: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** A fault of the machine rather than of the program. */
class DeviceError extends Error {}

async function openDevice({ device, threads }: Settings): Promise<Runtime> {
  quietDriver();
  try {
    return await open({ device, threads });
  } catch (cause) {
    throw new DeviceError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A signal that the first Ctrl-C sets off; the second ends the program as usual. */
function interruption(): AbortSignal & Disposable {
  const controller = new AbortController();
  const listen = () => {
    Deno.removeSignalListener("SIGINT", listen);
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", listen);
  return Object.assign(controller.signal, {
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", listen),
  });
}

const round = (seconds: number) => Number(seconds.toFixed(3));

function resultsOf({ step, last, fault }: Outcome, parameters: number, seconds: number) {
  return { parameters, steps: step, seconds: round(seconds), lastEpoch: last, fault };
}

function summaryOf({ status, last }: Outcome, seconds: number, folder: string): string {
  return [
    ...(status === "finished" ? [] : [status]),
    last ? `test accuracy ${percent(last.testAccuracy)}` : "no whole epoch",
    `${seconds.toFixed(1)} s`,
    ...(last ? [speed(last.imagesPerSecond)] : []),
    folder,
  ].join(" | ");
}

/** Initialises and trains, and writes everything but the manifest's first form. */
async function work(at: Training, began: number): Promise<number> {
  const { run, net, settings, splits: { train }, folder, reporter } = at;
  const { params, report } = await initialise(run, net, settings, train);
  const parameters = countParameters(params);
  if (report) {
    await folder.lsuv(report);
    await reporter.say(formatReport(report));
  }
  await reporter.say(`${parameters} parameters`);
  const outcome = await trainEpochs(at, params);
  await reporter.stop();
  const { dataset, activation, init, seed } = settings;
  const metadata = { net: settings.net, dataset, activation, init, seed: String(seed) };
  await folder.weights(await saveParams(run, outcome.params, metadata));
  const seconds = (performance.now() - began) / 1000;
  await folder.manifest({
    status: outcome.status,
    ended: new Date().toISOString(),
    results: resultsOf(outcome, parameters, seconds),
  });
  if (outcome.fault) console.error(`${outcome.fault}. The weights saved are the last good ones.`);
  console.log(summaryOf(outcome, seconds, folder.path));
  return outcome.fault ? EXIT.failed : outcome.status === "stopped" ? EXIT.stopped : EXIT.done;
}

async function trainAs(task: TaskName, args: readonly string[]): Promise<number> {
  const began = performance.now(), started = new Date();
  const parsed = parseOptions(trainTable(task), args);
  if (parsed === "help") {
    console.log(helpOf(trainPage(task), trainTable(task)).trimEnd());
    return EXIT.done;
  }
  const settings = settingsOf(task, parsed), { data, out, quiet } = parsed.values;
  const splits = await loadData({ ...settings, data });
  const { count, classes } = splits.train.dataset;
  if (settings.batch > count) {
    throw new OptionError(
      `--batch: expected at most the ${count} training images, found ${settings.batch}`,
    );
  }
  await using run = await openDevice(settings);
  using signal = interruption();
  const folder = await RunFolder.create(out ?? `runs/${folderName(settings, started)}`);
  const reporter = reporterOf({ quiet, terminal: Deno.stderr.isTerminal() });
  const device = { name: run.device, description: run.description };
  await folder.manifest({
    status: "running",
    ...await environmentOf(["deno", "task", `train:${task}`, ...args], splits),
    started: started.toISOString(),
    device,
    seed: settings.seed,
    settings,
  });
  await reporter.say(`${describe(settings)} | ${device.name}: ${device.description}`);
  const net = netOf(settings, classes);
  try {
    return await work({ run, net, settings, splits, folder, reporter, signal }, began);
  } catch (error) {
    await reporter.stop();
    await folder.manifest({ status: "failed", ended: new Date().toISOString(), fault: `${error}` });
    throw error;
  }
}

/** Runs a training task; returns the exit code. What a user can mend is said in one line. */
export async function train(task: TaskName, args: readonly string[]): Promise<number> {
  try {
    return await trainAs(task, args);
  } catch (error) {
    const own = [OptionError, DataError, DeviceError].some((kind) => error instanceof kind);
    if (!own) throw error;
    console.error(`train:${task}: ${(error as Error).message}`);
    return error instanceof OptionError ? EXIT.usage : EXIT.failed;
  }
}
