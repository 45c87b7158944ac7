/**
 * Running an experiment as a task: from a command line to a folder of results and a table.
 *
 * @module
 */
import { EXIT, reportErrors } from "../cli/command.ts";
import { formatHelp } from "../cli/help.ts";
import { counted } from "../cli/format.ts";
import { interruption } from "../cli/interruption.ts";
import { parseOptions } from "../cli/parse_options.ts";
import { createReporter, type Reporter } from "../cli/progress.ts";
import { commandText } from "../cli/quoted.ts";
import { dataNotice } from "../datasets/notice.ts";
import { type Attach, attachAll } from "../run/attach.ts";
import { type Observer, observers } from "../run/events.ts";
import { lockNewFolder } from "../run/lock.ts";
import { curvesTable, readCurves, writeCurves } from "./curves.ts";
import type { Description } from "./description.ts";
import type { GridEvent } from "./events.ts";
import { type Experiment, experimentCommandLine } from "./experiment.ts";
import { measureFindings, readEnded } from "./findings/mod.ts";
import { type Grid, runGrid, toTrain } from "./grid.ts";
import { experimentPage } from "./help.ts";
import { createDataLoader, largest } from "./load_data.ts";
import { newRecord } from "./new_record.ts";
import { nextCommands } from "./next_commands.ts";
import { EXPERIMENT_OPTIONS } from "./options.ts";
import { type ExperimentPlan, type ExperimentValues, planExperiment } from "./plan.ts";
import { readRecord } from "./read_record.ts";
import { type ExperimentRecord, writeRecord } from "./record.ts";
import { recordGrid } from "./record_grid.ts";
import { summaryText } from "./results_table.ts";
import { checkResumable, mergeOutcomes } from "./resume.ts";
import { secondsTable } from "./seconds.ts";
import { registerShard, removeShards } from "./shards/registry.ts";
import { runShard } from "./shards/run_shard.ts";
import { parseShard, scheduledShard, type Shard } from "./shards/scheduler.ts";
import { recordShard, sharedRecord, withFolder } from "./shards/shared_folder.ts";
import { showGrid } from "./show_grid.ts";

/** The record in the folder of an experiment that is resumed, or the planned one. */
async function resumeRecord(out: string, planned: ExperimentRecord): Promise<ExperimentRecord> {
  const before = await readRecord(out);
  if (!before) return planned;
  checkResumable(out, before, planned);
  return mergeOutcomes(before, planned);
}

/** Writes and prints accuracy by epoch, where it is part of the results. */
async function reportCurves(
  { curves, paperByEpoch }: Description,
  out: string,
  record: ExperimentRecord,
): Promise<void> {
  if (!curves) return;
  const points = await readCurves(out, record);
  await writeCurves(out, points);
  console.log(curvesTable(record, points, paperByEpoch));
}

/** Prints accuracy by second, and adds findings to the record, where they are part of the results. */
async function reportFindings(
  description: Description,
  out: string,
  record: ExperimentRecord,
): Promise<ExperimentRecord> {
  const { bySecond, overhead, plateau, reach } = description;
  if (!bySecond && !overhead && !plateau && !reach) return record;
  const runs = await readEnded(out, record);
  if (bySecond) console.log(secondsTable(record, runs));
  const found = { ...record, findings: measureFindings(description, record, runs) };
  await writeRecord(out, found);
  return found;
}

/** What a grid's programs do with the events, the terminal and the commands that come next. */
interface Ending {
  readonly description: Description;
  readonly attached: Observer<GridEvent>;
  readonly reporter: Reporter;
  readonly next: (record: ExperimentRecord) => string;
}

/** Prints the results, and writes what is measured over all runs. */
async function reportResults(
  { description, attached, reporter, next }: Ending,
  { out, signal }: Pick<Grid, "out" | "signal">,
  ended: ExperimentRecord,
): Promise<number> {
  await reportCurves(description, out, ended);
  console.log(summaryText(await reportFindings(description, out, ended)));
  console.log(out);
  await reporter.say(next(ended));
  await attached({ kind: "end", status: signal.aborted ? "stopped" : "finished" });
  if (signal.aborted) return EXIT.stopped;
  return ended.cells.some(({ status }) => status === "failed") ? EXIT.failed : EXIT.done;
}

/** Trains the runs in the results' folder, which is locked meanwhile. */
async function runWhole(grid: Grid, ending: Ending): Promise<number> {
  const { out, jobs } = grid, { attached, reporter } = ending;
  using _lock = await lockNewFolder(out);
  const record = await resumeRecord(out, grid.record);
  const observer = observers(recordGrid(out), attached, showGrid(reporter, jobs));
  return await reportResults(ending, grid, await runGrid({ ...grid, record }, observer));
}

/**
 * Trains the runs in the results' folder that no other program trains; the last program prints the table.
 *
 * @param plan Plans again, as another program may have added runs to the folder meanwhile.
 */
async function runPart(
  planned: Grid,
  plan: () => Promise<Pick<Grid, "cells" | "record">>,
  shard: Shard,
  ending: Ending,
): Promise<number> {
  const { out, jobs, signal } = planned, { attached, reporter } = ending;
  const grid = await withFolder(out, async () => {
    const { cells, record } = await plan(), shared = await resumeRecord(out, record);
    const open = toTrain({ cells, record: shared });
    await recordGrid(out)({ kind: "start", folder: out, record: shared, open });
    return { ...planned, cells, record: shared, shared: true };
  });
  const observer = observers(recordShard(out), attached, showGrid(reporter, jobs));
  {
    await using _registered = await registerShard(out, shard);
    await runShard(grid, shard, observer);
  }
  return await withFolder(out, async () => {
    const ended = await sharedRecord(out);
    const open = ended.cells.filter(({ status }) => status === "pending");
    const asked = new Set(grid.cells.filter(({ kept }) => !kept).map(({ run }) => run));
    const left = open.filter(({ run }) => asked.has(run)).length;
    if (open.length === 0) await removeShards(out);
    if (left === 0) return await reportResults(ending, grid, ended);
    console.log(`${out}: ${counted(left, "run")} left to other programs that share them`);
    await attached({ kind: "end", status: signal.aborted ? "stopped" : "finished" });
    return signal.aborted ? EXIT.stopped : EXIT.done;
  });
}

/** Trains the runs of a plan, or this program's share of them. */
async function runPlan(
  { description, cells, source, out }: ExperimentPlan,
  values: ExperimentValues,
  work: Pick<Grid, "record" | "loadData">,
  again: () => Promise<Pick<Grid, "cells" | "record">>,
  attached: Observer<GridEvent>,
  next: (record: ExperimentRecord) => string,
): Promise<number> {
  const { quiet, jobs, shard: named, "checkpoint-every": checkpointEvery } = values;
  const shard = named === undefined ? scheduledShard() : parseShard(named);
  const { trains, images } = description;
  using signal = interruption();
  const reporter = createReporter({ quiet, terminal: Deno.stderr.isTerminal() });
  const grid = { ...work, out, trains, images, signal, checkpointEvery, cells, source, jobs };
  const ending = { description, attached, reporter, next };
  return shard ? await runPart(grid, again, shard, ending) : await runWhole(grid, ending);
}

/** Arguments without those of `--shard`, which do not change results. */
const withoutShard = (args: readonly string[]): readonly string[] =>
  args.filter((arg, i) => !/^--shard(=|$)/.test(arg) && args[i - 1] !== "--shard");

/** Runs an experiment; returns the exit code. An error that a user can fix is printed as one line. */
export const runExperiment = (
  experiment: Experiment,
  args: readonly string[],
  attach: readonly Attach<ExperimentValues, GridEvent>[] = [],
): Promise<number> =>
  reportErrors(experiment.name, async () => {
    const table = { ...EXPERIMENT_OPTIONS, ...experiment.options },
      parsed = parseOptions(table, args);
    if (parsed === "help") {
      console.log(formatHelp(experimentPage(experiment), table).trimEnd());
      return EXIT.done;
    }
    const values = parsed.values as ExperimentValues & Readonly<Record<string, unknown>>;
    await using attached = await attachAll(attach, values);
    const plan = await planExperiment(experiment, values);
    const loadData = createDataLoader(plan.source), data = await loadData(largest(plan.cells));
    const command = `${experimentCommandLine(experiment)} ${commandText(withoutShard(args))}`
      .trim();
    const record = await newRecord(plan, data, command), notice = dataNotice(data.origin);
    const again = async () => {
      const now = await planExperiment(experiment, values, () => Promise.resolve(plan.device));
      return { cells: now.cells, record: await newRecord(now, data, command) };
    };
    if (notice?.warning) console.error(notice.start);
    return await runPlan(
      plan,
      values,
      { record, loadData },
      again,
      attached.observe,
      (ended) => nextCommands(experiment, args, { folder: plan.out, record: ended }),
    );
  });
