/**
 * The files of a run and of an experiment, and the tasks that read them.
 *
 * @module
 */
import { experimentCommand } from "../../../tasks/experiments/command.ts";
import { exportNet } from "../../../tasks/export/export_command.ts";
import { type Follower, GridFollower } from "../../../tasks/live/follow_grid.ts";
import { RunFollower } from "../../../tasks/live/follow_run.ts";
import { compare } from "../../../tasks/models/compare/command.ts";
import { evaluate } from "../../../tasks/models/evaluate/command.ts";
import { inspect } from "../../../tasks/models/inspect/command.ts";
import { predict } from "../../../tasks/models/predict/command.ts";
import { NoFiguresError } from "../../../tasks/plots/vega.ts";
import { reportErrors } from "../../../tasks/cli/command.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { writeReport } from "../../../tasks/report/write.ts";
import { train } from "../../../tasks/training/train_command.ts";

/** A task that reads the files of a folder. */
export type Reader = (folder: string) => Promise<number>;

const RUN_OPTIONS =
  "--dataset procedural --net fitnetMnist --activation relu --device cpu --threads 1 " +
  "--subset 16 --test-subset 8 --batch 8 --epochs 2 --drop-at 1 --loss-every 1 --no-figures --quiet";

/** Trains the run whose files are damaged. */
export const makeRun = (folder: string): Promise<number> =>
  train("mnist", [...RUN_OPTIONS.split(" "), "--out", folder]);

const GRID =
  "ablate:rate --quick --device cpu --threads 1 --epochs 1 --subset 64 --test-subset 16 --quiet";

const grid: Reader = (folder) => experimentCommand([...GRID.split(" "), "--out", folder]);

/** Runs the experiment whose files are damaged. */
export const makeExperiment = grid;

/** Writes a report without its figures, which take long to draw. */
const report: Reader = (folder) =>
  reportErrors("report", async () => {
    const none = () => Promise.reject(new NoFiguresError("no figures"));
    await writeReport(await readResults(folder), `${folder}/report/page.html`, none);
    return 0;
  });

/** Looks at a folder once, as `deno task watch` does before it shows anything. */
const look = (follower: Follower): Promise<number> =>
  reportErrors("watch", async () => {
    await follower.look();
    return 0;
  });

/** The tasks that read a run's folder, the quickest first. */
export const RUN_READERS: Readonly<Record<string, Reader>> = {
  inspect: (folder) => inspect([folder]),
  report,
  watch: (folder) => look(new RunFollower(folder, () => {})),
  predict: (folder) => predict([folder, "test:0", "--device", "cpu", "--threads", "1"]),
  evaluate: (folder) =>
    evaluate([folder, "--count", "8", "--batch", "8", "--device", "cpu", "--threads", "1"]),
  compare: (folder) => {
    const own = ["--count", "8", "--batch", "8", "--device", "cpu", "--threads", "1"];
    return compare([folder, folder, ...own]);
  },
  export: (folder) => exportNet([folder, `${folder}/exported`]),
  resume: (folder) => train("mnist", ["--resume", folder, "--no-figures", "--quiet"]),
};

/** The tasks that read an experiment's folder. */
export const EXPERIMENT_READERS: Readonly<Record<string, Reader>> = {
  report,
  watch: (folder) => look(new GridFollower(folder, () => {})),
  "going on": grid,
};

/** The tasks that change what they read; all others leave a folder as it is, or add a page that none reads. */
export const CHANGING: readonly string[] = ["export", "resume", "going on"];
