import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/csv";
import type { Tuple } from "../../../src/tuple.ts";
import type { Description } from "../../../tasks/experiments/description.ts";
import { resultsTable } from "../../../tasks/experiments/results_table.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ended, smallProgram } from "./process.ts";

const TIMES = ["initSeconds", "seconds", "imagesPerSecond"];

/** The rows of `results.csv` but for their times. */
const resultsIn = async (out: string) =>
  parse(await Deno.readTextFile(`${out}/results.csv`), { skipFirstRow: true }).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !TIMES.includes(name)))
  );

const layersIn = (out: string, run: string) => Deno.readTextFile(`${out}/${run}/layers.csv`);

const recordIn = async (out: string) =>
  JSON.parse(await Deno.readTextFile(`${out}/experiment.json`));

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/** Runs the small experiment, and kills it as hard as can be once `when` is true. */
async function killed(args: readonly string[], when: () => Promise<boolean>): Promise<void> {
  const child = smallProgram({}, ...args).spawn();
  const streams = [child.stdout, child.stderr].map((stream) => stream.cancel());
  let over = false;
  const status = child.status.then(() => over = true);
  while (!over && !await when()) await new Promise((done) => setTimeout(done, 5));
  if (!over) child.kill("SIGKILL");
  await Promise.all([status, ...streams]);
}

Deno.test("an experiment that is killed twice and resumed has the results of one that is not", async () => {
  await using place = await folderOf({});
  const [whole, cut] = ["whole", "cut"].map((name) => `${place.path}/${name}`) as Tuple<string, 2>;
  const args = (out: string) => ["--quiet", "--checkpoint-every", "0", "--out", out];
  const found = await ended(smallProgram({}, ...args(whole)));
  assertEquals([found.code, found.err], [0, ""]);
  // In the midst of the second run, and between the files of the third.
  const second = `${cut}/runs/lsuv_tanh_s0`, third = `${cut}/runs/xavier_relu_s0`;
  await killed(args(cut), () => exists(`${second}/epochs.csv`));
  const { cells } = await recordIn(cut);
  assertEquals(cells.map(({ status }: { status: string }) => status === "pending"), [
    false,
    true,
    true,
    true,
  ]);
  const before = await Deno.stat(`${cut}/runs/lsuv_relu_s0/weights.safetensors`);
  await killed(args(cut), () => exists(`${third}/layers.csv`));
  const again = await ended(smallProgram({}, ...args(cut)));
  assertEquals([again.code, again.err], [0, ""]);
  assertEquals(await resultsIn(cut), await resultsIn(whole));
  for (const run of ["runs/lsuv_tanh_s0", "runs/xavier_relu_s0", "runs/xavier_tanh_s0"]) {
    assertEquals(await layersIn(cut, run), await layersIn(whole, run), run);
  }
  const after = await Deno.stat(`${cut}/runs/lsuv_relu_s0/weights.safetensors`);
  assertEquals(after.mtime, before.mtime);
});

Deno.test("an experiment writes what a report reads", async () => {
  await using place = await folderOf({});
  const out = `${place.path}/out`,
    said = await ended(smallProgram({}, "--out", out, "--seeds", "2"));
  assertEquals([said.code, said.err], [0, ""]);
  const record = await recordIn(out);
  assertEquals([record.format, record.task, record.device], [1, "ablate:small", "cpu"]);
  assertEquals([record.paper, record.seeds, record.measure], [null, [2], "test accuracy %"]);
  assertEquals([record.dataset.train, record.dataset.test], [24, 20]);
  assertEquals(record.dataset.note, "drawn by a program from seed 0");
  assert(record.scaled.includes("3 epochs instead of 5"));
  assertStringIncludes(said.out, resultsTable(record));
  const { cells, missing } = await readResults(out);
  assertEquals(missing, []);
  assertEquals(cells.map(({ run }) => run?.epochs.length), [3, 3, 3, 3]);
  const phases = cells.map(({ run }) => [...new Set(run!.layers.map(({ phase }) => phase))]);
  const epochs = ["epoch 1", "epoch 2", "epoch 3"];
  assertEquals(phases[0], ["before lsuv", "after lsuv", ...epochs]);
  assertEquals(phases[2], ["initial", ...epochs]);
  const layers = cells[0]!.run!.layers;
  assertEquals(layers.length, 5 * 4);
  assert(layers.every((row) => row.activationVariance > 0 && row.gradientVariance > 0));
  const scaled = layers.filter(({ phase }) => phase === "after lsuv");
  assert(scaled.every(({ activationVariance }) => Math.abs(activationVariance - 1) < 0.5));
  assertEquals(await exists(`${out}/runs/lsuv_relu_s0/checkpoints`), false);

  const twice = await ended(smallProgram({}, "--out", out, "--seeds", "2"));
  assertEquals(twice.code, 0);
  assertEquals(twice.out.includes("epoch 1/3"), false);
  assertEquals((await recordIn(out)).cells, record.cells);
});

Deno.test("runs that diverge or fail do not stop the others", async () => {
  await using place = await folderOf({});
  const out = `${place.path}/out`;
  const rows = [
    { name: "wild", options: { init: "xavier", rate: 1e6 } },
    { name: "impossible", options: { init: "lsuv", "lsuv-batch": 1000 } },
    { name: "still", options: { init: "gaussian", std: 1e-6, rate: 1e-9 } },
  ];
  const columns = [{ name: "ReLU", options: { activation: "relu" } }];
  const changes: Partial<Description> = { rows, columns, paper: null };
  const { code, out: said } = await ended(smallProgram(changes, "--out", out));
  assertEquals(code, 1);
  const [wild, impossible, still] = (await recordIn(out)).cells;
  assertEquals([wild.status, impossible.status, still.status], ["n/c", "failed", "n/c"]);
  assertStringIncludes(wild.message, "is not finite: ");
  assertEquals(wild.accuracy, undefined);
  assertStringIncludes(
    impossible.message,
    "--lsuv-batch: expected at most the 24 training images, found 1000",
  );
  assertStringIncludes(still.message, "is not above chance");
  assertStringIncludes(said, "impossible  ReLU           failed");
});

Deno.test("an experiment is not resumed with other settings", async () => {
  await using place = await folderOf({});
  const out = `${place.path}/out`,
    one = { rows: [{ name: "Xavier", options: { init: "xavier" } }] };
  const first = await ended(smallProgram(one, "--epochs", "1", "--out", out));
  assertEquals(first.code, 0);
  const other = await ended(smallProgram(one, "--epochs", "2", "--out", out));
  assertEquals(other.code, 2);
  assertStringIncludes(
    other.err,
    `ablate:small: --out: ${out} holds an experiment that was started with other settings: expected in ` +
      "Xavier, ReLU, seed 0 epochs 1, found 2",
  );
});

const FAULTS: readonly (readonly [args: string[], says: string])[] = [
  [
    ["--seeds", "0,x"],
    "--seeds: expected different integers from 0 to 9007199254740991 such as 0,1,2, found 0,x",
  ],
  [
    ["--seeds", "1,1"],
    "--seeds: expected different integers from 0 to 9007199254740991 such as 0,1,2, found 1,1",
  ],
  [["--quick", "--paper"], "--quick: expected no --paper beside it, found both"],
  [["--epoch", "2"], "did you mean --epochs?"],
];

for (const [args, says] of FAULTS) {
  Deno.test(`an experiment rejects ${args.join(" ")}`, async () => {
    const { code, err } = await ended(smallProgram({}, ...args));
    assertEquals(code, 2);
    assertStringIncludes(err, says);
  });
}

Deno.test("an experiment whose rows differ in their images is identified by the largest data", async () => {
  await using place = await folderOf({});
  const rows = [{ name: "few", options: { subset: 8 } }, { name: "all", options: {} }];
  const { code, err } = await ended(
    smallProgram({ rows, paper: null }, "--quiet", "--epochs", "1", "--out", `${place.path}/out`),
  );
  assertEquals([code, err], [0, ""]);
  assertEquals((await recordIn(`${place.path}/out`)).dataset.train, 24);
});

Deno.test("runs that depend on another wait for it, and may test its net again", async () => {
  await using place = await folderOf({});
  const rows = [
    { name: "student", teacher: "teacher", options: { init: "xavier", distill: 1 } },
    { name: "again", retests: "teacher", options: { init: "lsuv" } },
    { name: "teacher", options: { init: "lsuv" } },
  ];
  const columns = [{ name: "ReLU", options: { activation: "relu" } }];
  const outs = ["one", "two"].map((name) => `${place.path}/${name}`);
  for (const [i, out] of outs.entries()) {
    const args = ["--quiet", "--out", out, "--jobs", String(i + 1), "--threads", "1"];
    const said = await ended(smallProgram({ rows, columns, paper: null }, ...args));
    assertEquals([said.code, said.err], [0, ""]);
    const { cells } = await recordIn(out);
    const [again, student, teacher] = ["again", "student", "teacher"].map((row) =>
      cells.find((cell: { row: string }) => cell.row === row)
    );
    assertEquals(again.accuracy, teacher.accuracy);
    assert(Math.abs(again.loss - teacher.loss) < 1e-6 * teacher.loss);
    assertStringIncludes(student.command, `--teacher ${out}/runs/teacher_relu_s0`);
    const manifest = JSON.parse(await Deno.readTextFile(`${out}/${again.run}/manifest.json`));
    assertEquals([manifest.status, manifest.tests], ["finished", `${out}/${teacher.run}`]);
    assert(!await exists(`${out}/${again.run}/weights.safetensors`));
  }
  const strip = (rows: Record<string, unknown>[]) => rows.map(({ command: _, ...row }) => row);
  assertEquals(strip(await resultsIn(outs[1]!)), strip(await resultsIn(outs[0]!)));
});
