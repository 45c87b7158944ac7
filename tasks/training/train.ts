/**
 * What the training tasks share: from a command line to a trained net in a run's folder.
 *
 * @module
 */
import { formatReport } from "../../src/init/mod.ts";
import { countParameters } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import { saveParams } from "../../src/train/mod.ts";
import { forCaller } from "../cli/caller.ts";
import { EXIT, guarded, openDevice } from "../cli/command.ts";
import type { Downloads } from "../datasets/archives.ts";
import { noticeOf } from "../datasets/data_notice.ts";
import { tellTo } from "../datasets/tell.ts";
import { folderIn, loadData } from "../datasets/data_source.ts";
import { drawRun } from "../plots/draw_run.ts";
import { announcement } from "./forecast.ts";
import { helpOf } from "../cli/help.ts";
import { initialise } from "./initialize.ts";
import { interruption } from "../cli/interruption.ts";
import { hold, holdFresh, holdNew } from "../run/lock.ts";
import type { Fields } from "../models/fields.ts";
import { imagesOf } from "../models/model.ts";
import { fieldsOfRun } from "../models/of_run.ts";
import { OptionError, parseOptions } from "../cli/options.ts";
import { choosePreset } from "./presets.ts";
import { profileRows, profileTable } from "./profile_table.ts";
import { percent, reporterOf, speed } from "../cli/progress.ts";
import { describe, netOf, settingsOf } from "./recipe.ts";
import { earlierRun, placeOf, warningsOf } from "../run/resume.ts";
import { folderName } from "../run/run_folder.ts";
import { begin, goOn } from "../run/run_start.ts";
import { type Outcome, secondsOf, trainEpochs, type Training } from "./train_epochs.ts";
import { type DatasetName, trainPage, trainTable, type TrainValues } from "./train_options.ts";
import { follow, watched } from "../live/observe_run.ts";
import { openWatch } from "../live/live_page.ts";
import type { TaskName } from "../run/settings.ts";

const round = (seconds: number) => Number(seconds.toFixed(3));

function resultsOf({ step, last, fault, ...rest }: Outcome, parameters: number, seconds: number) {
  const checkpoints = { ...rest.checkpoints, seconds: round(rest.checkpoints.seconds) };
  return { parameters, steps: step, seconds: round(seconds), lastEpoch: last, checkpoints, fault };
}

function summaryOf({ status, last }: Outcome, seconds: number, dataset: string, folder: string) {
  return [
    ...(dataset === "procedural" ? ["procedural images"] : []),
    ...(status === "finished" ? [] : [status]),
    last ? `test accuracy ${percent(last.testAccuracy)}` : "no whole epoch",
    `${seconds.toFixed(1)} s`,
    ...(last ? [speed(last.imagesPerSecond)] : []),
    status === "stopped" ? `${folder}, go on by --resume` : folder,
  ].join(" | ");
}

/** Shows and writes where the time has gone; what the manifest says of it. */
async function tellProfile({ run, folder, reporter }: Training) {
  const profile = await run.profile(), most = await run.peak();
  await folder.profile(profileRows(profile, most));
  await reporter.say(profileTable(profile, most));
  return { ms: profile.ms, outside: profile.outside, most };
}

/** Initial parameters; where there is a checkpoint, only their shapes count, and nothing is computed. */
async function startOf(
  { run, net, settings, splits: { train }, folder, reporter, resume }: Training,
) {
  if (resume?.checkpoint) return net.init(key(0), imagesOf(train.dataset));
  const { params, report } = await initialise(run, net, settings, train);
  if (report) {
    await folder.lsuv(report);
    await reporter.say(formatReport(report));
  }
  return params;
}

/** Initialises and trains, and writes everything but the manifest's first form. */
async function work(
  at: Training,
  model: Fields,
  { profile: profiled, figures }: Pick<TrainValues, "profile" | "figures">,
): Promise<number> {
  const { run, settings, folder, reporter } = at;
  const params = await startOf(at), parameters = countParameters(params);
  await reporter.say(`${parameters} parameters`);
  if (profiled) await run.profile();
  const outcome = await trainEpochs(at, params);
  await reporter.stop();
  const { dataset, init, seed } = settings;
  const metadata = { ...model, init, seed: String(seed) };
  await folder.weights(await saveParams(run, outcome.params, metadata));
  const seconds = secondsOf(at), profile = profiled ? await tellProfile(at) : undefined;
  // A run that says it is finished lacks nothing, so that comes last.
  const unfigured = figures ? await drawRun(folder.path) : undefined;
  await folder.manifest({
    status: outcome.status,
    ended: new Date().toISOString(),
    results: resultsOf(outcome, parameters, seconds),
    profile,
  });
  if (unfigured) console.error(unfigured);
  if (outcome.fault) console.error(`${outcome.fault}. The weights saved are the last good ones.`);
  console.log(summaryOf(outcome, seconds, dataset, folder.path));
  return outcome.fault ? EXIT.failed : outcome.status === "stopped" ? EXIT.stopped : EXIT.done;
}

async function trainAs(
  task: TaskName,
  args: readonly string[],
  downloads?: Downloads,
): Promise<number> {
  const started = new Date();
  const parsed = parseOptions(trainTable(task), args);
  if (parsed === "help") {
    console.log(helpOf(trainPage(task), trainTable(task)).trimEnd());
    return EXIT.done;
  }
  const { data, out, quiet, profile, resume } = parsed.values;
  using _earlier = resume === undefined ? undefined : await hold(resume);
  const earlier = await earlierRun(task, parsed);
  if (earlier && !earlier.longer && earlier.manifest.status === "finished") {
    console.log(`${resume} is finished; there is nothing to go on with`);
    return EXIT.done;
  }
  await using watch = await openWatch(parsed.values);
  const choice = earlier
    ? { preset: earlier.manifest.settings.preset, why: "as the run began" }
    : await choosePreset(parsed.values);
  const settingsOn = (on?: DatasetName) =>
    earlier?.manifest.settings ?? settingsOf(task, parsed, choice.preset, on);
  const wanted = settingsOn();
  const show = { quiet, terminal: Deno.stderr.isTerminal() };
  const { splits, dataset, origin } = await loadData(
    {
      ...wanted,
      task,
      data: data ?? await folderIn(earlier?.manifest.data),
      orProcedural: !earlier && !parsed.given.has("dataset"),
      orKin: !earlier && !parsed.given.has("dataset"),
    },
    { tell: tellTo(show), downloads },
  );
  const began = performance.now(), settings = settingsOn(dataset);
  const notice = noticeOf(earlier?.manifest.data.origin ?? origin);
  if (notice?.warning) console.error(notice.start);
  const { count, classes } = splits.train.dataset;
  if (settings.batch > count) {
    throw new OptionError(
      `--batch: expected at most the ${count} training images, found ${settings.batch}`,
    );
  }
  const { device, winograd, wide } = settings, threads = parsed.values.threads ?? settings.threads;
  await using run = await openDevice({ device, threads, winograd, wide, profile });
  using signal = interruption();
  const model = fieldsOfRun(task, settings, splits.train);
  const reporter = watched(reporterOf(show), watch && { watch, key: "" });
  const command = ["deno", "task", `train:${task}`, ...args];
  const that = { run, settings, splits, origin, model, command, started };
  using held = earlier
    ? undefined
    : out === undefined
    ? await holdFresh(forCaller(`runs/${folderName(settings, started)}`))
    : Object.assign(await holdNew(out), { path: out });
  const { folder, resume: found } = earlier
    ? await goOn(that, earlier)
    : await begin(that, held!.path);
  if (watch) {
    const name = describe(settings), { net, activation, init } = settings;
    const title = `${dataset}, ${net} ${activation}, ${init}`;
    const device = `${run.device}: ${run.description}`;
    watch.tell({ kind: "whole", facts: { title, command: command.join(" "), device } });
    await follow({ watch, key: "" }, { name, settings, splits }, folder, found);
  }
  await reporter.say(`${describe(settings)} | ${run.device}: ${run.description}`);
  if (notice && !notice.warning) await reporter.say(notice.start);
  if (found) {
    for (const warning of warningsOf(found, run.description)) console.error(warning);
    await reporter.say(placeOf(found));
  }
  const net = netOf(settings, classes), { given } = parsed, resumed = found !== undefined;
  const announced = { ...settings, task, choice, images: count, resumed, given };
  const announce = (seconds: number) => reporter.say(announcement(announced, seconds));
  try {
    const checkpointEvery = parsed.values["checkpoint-every"];
    const at = {
      run,
      net,
      settings,
      splits,
      folder,
      reporter,
      signal,
      checkpointEvery,
      began,
      resume: found,
      announce,
    };
    const code = await work(at, model, parsed.values);
    if (notice?.end) console.error(notice.end);
    return code;
  } catch (error) {
    await reporter.stop();
    const ended = new Date().toISOString();
    // Where the disk is full this fails too; the first fault is the one to tell.
    await folder.manifest({ status: "failed", ended, fault: `${error}` }).catch(() => {});
    throw error;
  }
}

/**
 * Runs a training task; returns the exit code. What a user can mend is said in one line.
 *
 * @param downloads What data sets are downloaded as; the official archives if left out.
 */
export function train(
  task: TaskName,
  args: readonly string[],
  downloads?: Downloads,
): Promise<number> {
  return guarded(`train:${task}`, () => trainAs(task, args, downloads));
}
