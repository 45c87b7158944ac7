import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { parsePartitions } from "../../../tasks/submit/cluster.ts";
import { splitCommandLine } from "../../../tasks/submit/command_line.ts";
import { submit } from "../../../tasks/submit/command.ts";
import { SUBMIT_OPTIONS } from "../../../tasks/submit/options.ts";
import { jobSeconds } from "../../../tasks/submit/size.ts";
import { parseMemory, parseSeconds, parseTime } from "../../../tasks/submit/units.ts";
import { folderOf } from "../../data/fixtures.ts";
import { captured } from "../captured.ts";

Deno.test("a command line is split at the task, with -- or without", () => {
  const split = (line: string) => splitCommandLine(SUBMIT_OPTIONS, line.split(" "));
  const expected = {
    own: ["--now", "--array", "4"],
    task: "ablate:rate",
    args: ["--seeds", "0,1"],
  };
  assertEquals(split("--now --array 4 -- ablate:rate --seeds 0,1"), expected);
  assertEquals(split("--now --array 4 ablate:rate --seeds 0,1"), expected);
  assertEquals(split("--now --array 4 ablate:rate -- --seeds 0,1"), expected);
  assertEquals(split("--now --array 4 -- deno task ablate:rate --seeds 0,1"), expected);
  assertEquals(split("-- ablate:rate --quick --now"), {
    own: ["--now"],
    task: "ablate:rate",
    args: ["--quick"],
  });
  assertEquals(split("--now").task, undefined);
  assertThrows(() => split("-- --now"), OptionError, "expected the name of a task, found --now");
});

Deno.test("times and sizes as Slurm writes them", () => {
  const times = ["90", "90:30", "1:30:00", "1-6", "1-6:30", "1-06:30:05"];
  assertEquals(times.map(parseSeconds), [5400, 5430, 5400, 108000, 109800, 109805]);
  for (const wrong of ["infinite", "", "1h", "-5", "1:2:3:4"]) {
    assertEquals(parseSeconds(wrong), undefined, wrong);
    assertThrows(() => parseTime(wrong), OptionError, "expected a time such as 90 (minutes)");
  }
  assertThrows(() => parseTime("0"), OptionError, "found 0");
  assertEquals(["4G", "4096", "4096M", "1.5gb", "2048K"].map(parseMemory), [
    4096,
    4096,
    4096,
    1536,
    2,
  ]);
  for (const wrong of ["", "4X", "0", "G"]) {
    assertThrows(() => parseMemory(wrong), OptionError, "expected a size such as 4G");
  }
});

Deno.test("a job's time is twice its share of all runs and the longest of them", () => {
  assertEquals(jobSeconds([100, 100], 1), 600);
  // 2 × (60 + 6000 / 4 + 1500), rounded up to five minutes.
  assertEquals(jobSeconds([1500, 1500, 1500, 1500], 4), 6300);
});

Deno.test("what sinfo says of partitions", () => {
  assertEquals(parsePartitions("short*|1:00:00|2+|1\nlong|infinite|64|256000+\n"), [
    { name: "short", isDefault: true, time: 3600, cpus: 2, memory: undefined },
    { name: "long", isDefault: false, time: undefined, cpus: 64, memory: 256000 },
  ]);
});

/** A grid of nine small runs on drawn images. */
const GRID = "ablate:rate --quick --epochs 1 --subset 64 --test-subset 50".split(" ");

Deno.test("a grid's script: an array no larger than the grid, and a forecast that says what it is based on", async () => {
  await using folder = await folderOf({});
  const out = `${folder.path}/it's`,
    found = await captured(() =>
      submit(["--array", "100", "--cpus-per-task", "1", "--", ...GRID, "--out", out])
    );
  assertEquals(found.code, 0, found.err);
  const [, count] = /#SBATCH --array=1-(\d+)\n/.exec(found.out) ?? [], runs = Number(count);
  assertEquals(runs > 2 && runs < 100, true, found.out);
  assertStringIncludes(found.out, `--output="${out}-slurm/%A_%a.out"`);
  assertStringIncludes(found.out, `--shard "$SLURM_ARRAY_TASK_ID/${runs}"`);
  assertStringIncludes(found.out, `--out '${folder.path}/it'\\''s' --device cpu --threads 1`);
  assertStringIncludes(found.err, `time: ${runs} runs, about `);
  assertStringIncludes(found.err, `of runs with 1 thread on ${Deno.hostname()}`);
});

/** Fails unless submit refuses a command line with a message. */
async function refused(args: readonly string[], message: string) {
  const found = await captured(() => submit(args));
  assertEquals([found.code, found.out], [2, ""], found.err);
  assertStringIncludes(found.err, message);
  assertEquals(found.err.trim().split("\n").length, 1);
}

Deno.test("what is wrong with a command line is refused before anything is submitted", async () => {
  await using folder = await folderOf({});
  const run = `${folder.path}/run`;
  await Deno.mkdir(run);
  await Deno.writeTextFile(`${run}/manifest.json`, "{}");
  const cases: readonly (readonly [args: readonly string[], message: string])[] = [
    [["--now"], "found none"],
    [["--now", "repro:table33"], "found repro:table33; did you mean repro:table3?"],
    [["inspect", "x"], "found inspect, which is no training"],
    [["experiment", "ablate:nothing"], "expected an experiment, one of"],
    [["--arrays", "4", "ablate:rate"], "found --arrays; did you mean --array?"],
    [["ablate:rate", "--sedes", "1"], "found --sedes; did you mean --seeds?"],
    [["ablate:rate", "--seeds", "x"], "--seeds: expected different integers"],
    [["ablate:rate", "--shard", "1/2"], "--shard: expected none, since each job has its own"],
    [["ablate:rate", "--help"], "found a call for help"],
    [["--ranks", "2", ...GRID], "--ranks: expected none beside an experiment"],
    [["--array", "2", "train:mnist"], "--array: expected none beside a training task"],
    [["train:mnist", "--epochs", "0"], "--epochs: expected an integer of at least 1"],
    [["train:mnist", "--procedural", "--out", run], "found a run in"],
    [["--time", "soon", ...GRID], "--time: expected a time such as"],
    [["--name", "a b", "--time", "9", ...GRID], "--name: expected a letter"],
    [["--logs", "a\nb", "--time", "9", ...GRID], "--logs: expected a path of one line"],
  ];
  for (const [args, message] of cases) await refused(args, message);
});

Deno.test("a scheduler that is not there is named", async () => {
  await using folder = await folderOf({});
  const args = ["--now", "--scheduler", "lsf", "--time", "9", ...GRID, "--out", `${folder.path}/a`];
  const found = await captured(() => submit(args));
  assertEquals(found.code, 1);
  assertStringIncludes(found.err, "--now: expected LSF's bsub on this machine, found none");
});
