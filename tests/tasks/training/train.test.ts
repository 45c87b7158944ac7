import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { parse } from "@std/csv";
import { decodeSafetensors } from "../../../src/train/mod.ts";
import { folderOf, joined, record } from "../../data/fixtures.ts";
import { ended, program } from "../experiments/process.ts";
import { mnistFolder } from "../mnist_folder.ts";
import type { Tuple } from "../../../src/tuple.ts";

const SMALL =
  "--net fitnetMnist --activation relu --device reference --batch 4 --epochs 2 --no-figures".split(
    " ",
  );

const command = (name: "cifar" | "mnist", args: readonly string[]): Deno.Command =>
  program(`tasks/train_${name}.ts`, args);

/** Runs a task as its own process. */
const task = (name: "cifar" | "mnist", ...args: string[]) => ended(command(name, args));

const records = (count: number, labelBytes: number, seed: number) =>
  joined(
    ...Array.from(
      { length: count },
      (_, i) => record(new Array(labelBytes).fill(i % 10), seed + i),
    ),
  );

/** CIFAR-10's files of two records each. */
const cifarFolder = () =>
  folderOf({
    ...Object.fromEntries(
      [1, 2, 3, 4, 5].map((part) => [`data_batch_${part}.bin`, records(2, 1, 2 * part)]),
    ),
    "test_batch.bin": records(5, 1, 20),
  });

const COLUMNS = [
  "epoch",
  "step",
  "trainLoss",
  "trainAccuracy",
  "testLoss",
  "testAccuracy",
  "seconds",
  "imagesPerSecond",
  "data",
];

/** What a run with LSUV leaves. */
const FILES = ["checkpoints", "epochs.csv", "lsuv.csv", "manifest.json", "weights.safetensors"];

const filesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
const manifestOf = async (path: string) =>
  JSON.parse(await Deno.readTextFile(`${path}/manifest.json`));
const lossesOf = async (path: string) =>
  parse(await Deno.readTextFile(`${path}/epochs.csv`), { skipFirstRow: true })
    .map(({ trainLoss, testLoss }) => [trainLoss, testLoss]);

Deno.test("train:cifar trains, and writes all of a run's files", async () => {
  await using data = await cifarFolder();
  const out = `${data.path}/run`;
  const { code, out: said, err } = await task("cifar", ...SMALL, "--data", data.path, "--out", out);
  assertEquals([code, err], [0, ""]);
  assertEquals(filesIn(out), FILES);

  const epochs = parse(await Deno.readTextFile(`${out}/epochs.csv`));
  assertEquals(epochs[0], COLUMNS);
  assertEquals(epochs.slice(1).map(([epoch, step]) => [epoch, step]), [["1", "2"], ["2", "4"]]);
  assert(epochs.slice(1).every((row) => row.slice(0, -1).every((cell) => isFinite(Number(cell)))));
  assertEquals(epochs.slice(1).map((row) => row.at(-1)), ["cifar10", "cifar10"]);

  const lsuv = parse(await Deno.readTextFile(`${out}/lsuv.csv`), { skipFirstRow: true });
  assertEquals(lsuv.length, 7);
  assert(lsuv.every(({ converged, after }) => converged === "true" && Math.abs(+after! - 1) < 0.1));

  const manifest = await manifestOf(out);
  assertEquals(manifest.status, "finished");
  assertEquals(manifest.seed, 0);
  assertEquals(manifest.device, { name: "reference", description: "float64 interpreter" });
  assertEquals([manifest.data.train.name, manifest.data.train.count], ["CIFAR-10 train", 10]);
  assertEquals([manifest.data.test.name, manifest.data.test.count], ["CIFAR-10 test", 5]);
  assert(/^[0-9a-f]{64}$/.test(manifest.data.train.sha256));
  assertEquals(manifest.data.origin, { kind: "folder", path: data.path });
  assertEquals(manifest.deno, Deno.version.deno);
  assertEquals(manifest.program.name, "@goodinit/goodinit");
  assertStringIncludes(manifest.command, "deno task train:cifar --net fitnetMnist");
  assert(Date.parse(manifest.started) <= Date.parse(manifest.ended));
  assertEquals([manifest.settings.rate, manifest.settings.lsuv], [0.01, "common"]);
  assertEquals([manifest.results.steps, manifest.results.lastEpoch.epoch], [4, 2]);

  const { tensors, metadata } = decodeSafetensors(
    await Deno.readFile(`${out}/weights.safetensors`),
  );
  assertEquals(tensors.get("0.w")?.shape, [3, 3, 3, 16]);
  assertEquals(metadata.init, "lsuv");
  assert([...tensors.values()].every(({ data }) => data.every(Number.isFinite)));

  const lines = said.trimEnd().split("\n");
  assertStringIncludes(
    lines[0]!,
    "cifar10 augmented | fitnetMnist relu | lsuv (common) of orthonormal weights",
  );
  assertStringIncludes(said, "variance before");
  const announced = lines.filter((line) => line.startsWith("preset "));
  assertEquals(announced.length, 1);
  assertMatch(
    announced[0]!,
    /^preset quick \(on reference\): fitnetMnist, 2 epochs of 10 images, about [\d.]+ (s|min)$/,
  );
  assertEquals([manifest.settings.preset, manifest.settings.epochs], ["quick", 2]);
  const [summary, ...next] = lines.slice(-5), run = summary!.split(" | ").at(-1)!;
  assertMatch(summary!, /^test accuracy .* % \| .* s \| .* images\/s \| .*run$/);
  assertEquals(next, [
    "next:",
    `  deno task evaluate ${run}`,
    `  deno task predict ${run} test:0`,
    `  deno task report ${run}`,
  ]);
});

Deno.test("train:mnist draws the same losses from the same seed, others from another", async () => {
  await using data = await mnistFolder();
  const run = async (name: string, ...args: string[]) => {
    const out = `${data.path}/${name}`;
    const { code, out: said, err } = await task(
      ...[
        "mnist" as const,
        ...SMALL,
        "--data",
        data.path,
        "--out",
        out,
        "--quiet",
        ...args,
      ] as const,
    );
    assertEquals([code, err], [0, ""]);
    assertEquals(said.trimEnd().split("\n").length, 1);
    return lossesOf(out);
  };
  const [one, two, other] = await Promise.all([
    run("one"),
    run("two"),
    run("other", "--seed", "1"),
  ]);
  assertEquals(one.length, 2);
  assertEquals(one, two);
  assert(one[0]![0] !== other[0]![0]);
});

Deno.test("train:mnist takes subsets, fresh batches for LSUV, and the SVM head", async () => {
  await using data = await mnistFolder();
  const out = `${data.path}/run`;
  const args =
    "--subset 8 --test-subset 3 --lsuv-mode fresh --lsuv authors --loss hinge --epochs 1";
  const { code, err } = await task(
    "mnist",
    ...SMALL,
    "--data",
    data.path,
    "--out",
    out,
    ...args.split(" "),
  );
  assertEquals([code, err], [0, ""]);
  const { data: { train, test }, results } = await manifestOf(out);
  assertEquals([train.count, test.count, results.steps], [8, 3, 2]);
});

Deno.test("train:mnist --profile shows each kernel's time, and writes it", async () => {
  await using data = await mnistFolder();
  const out = `${data.path}/run`;
  const { code, out: said, err } = await task(
    "mnist",
    ...SMALL,
    "--data",
    data.path,
    "--out",
    out,
    "--device",
    "cpu",
    "--profile",
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(filesIn(out), [...FILES, "profile.csv"].sort());
  const rows = parse(await Deno.readTextFile(`${out}/profile.csv`), { skipFirstRow: true });
  const sum = (column: string) => rows.reduce((all, row) => all + Number(row[column]), 0);
  assert(Math.abs(sum("share") - 1) < 1e-9, `shares add up to ${sum("share")}`);
  // 2 epochs of 3 steps and 2 batches of testing; what LSUV ran before is left out.
  const first = rows.find(({ kernel, shape }) =>
    kernel === "conv2d" && shape === "4×28×28×1, 3×3×1×16 → 4×28×28×16"
  );
  assertEquals(first?.calls, "10");
  const { profile: { ms, outside, most } } = await manifestOf(out);
  assert(Math.abs(sum("ms") - ms) < 1e-6 * ms);
  assert(outside > 0 && outside < 1 && most.gflops > 0 && most.gbps > 0);
  assertStringIncludes(said, "\nkernel ");
  const table = said.slice(0, said.indexOf("\ntest accuracy")).split("\n");
  assertEquals(table.at(-1), `outside kernels: ${(100 * outside).toFixed(1)} %`);
});

Deno.test("train:mnist saves the last good weights of a training that diverges, and says when", async () => {
  await using data = await mnistFolder();
  const out = `${data.path}/run`;
  const diverging = "--optimizer sgd --rate 1e36 --momentum 0 --init he --no-decay-biases".split(
    " ",
  );
  const { code, out: said, err } = await task(
    "mnist",
    ...SMALL,
    "--data",
    data.path,
    "--out",
    out,
    ...diverging,
  );
  assertEquals(code, 1);
  const { status, results } = await manifestOf(out);
  assert(/^diverged at step \d+$/.test(status), status);
  assertStringIncludes(
    err,
    `${status}: ${results.fault}. The initial weights are kept in ${out}/weights.`,
  );
  assert(
    /^step \d+ \(epoch 1, batch \d\): .* of \[\d+\] \w+ .* not finite: /.test(results.fault),
    results.fault,
  );
  assertStringIncludes(said, `${status} | `);
  const { tensors } = decodeSafetensors(await Deno.readFile(`${out}/weights.safetensors`));
  assert([...tensors.values()].every(({ data }) => data.every(Number.isFinite)));
  assertEquals(filesIn(out).filter((name) => name.endsWith(".tmp")), []);
});

Deno.test({
  name: "train:mnist ends on Ctrl-C, and saves its weights",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using data = await mnistFolder();
    const out = `${data.path}/run`;
    const args = [...SMALL, "--data", data.path, "--out", out, "--epochs", "10000"];
    const child = command("mnist", args).spawn();
    const [output, watched] = child.stdout.pipeThrough(new TextDecoderStream()).tee();
    const said = Array.fromAsync(output), errors = new Response(child.stderr).text();
    let seen = "";
    for await (const part of watched) {
      seen += part;
      if (!seen.includes("epoch 1/10000")) continue;
      child.kill("SIGINT");
      break;
    }
    assertEquals([(await child.status).code, await errors], [130, ""]);
    const { status, results } = await manifestOf(out);
    assertEquals(status, "stopped");
    assert(results.steps >= 3 && results.steps < 30_000, `${results.steps} steps`);
    assertEquals(filesIn(out), FILES);
    const lines = (await said).join("");
    assertStringIncludes(lines, "\nstopped | test accuracy");
    assertStringIncludes(lines, `\nnext:\n  deno task train:mnist --resume ${out}\n`);
  },
});

Deno.test("the training tasks say in one line what is wrong", async () => {
  await using data = await folderOf({ "data_batch_1.bin": records(1, 1, 0) });
  const line = async (name: "cifar" | "mnist", ...args: string[]) => {
    const { code, out, err } = await task(name, ...args);
    assertEquals([out, err.trimEnd().split("\n").length], ["", 1], err);
    return `${code} ${err.trimEnd()}`;
  };
  const [unknown, preset, noData, noFiles, noFolder, aFile] = await Promise.all([
    line("mnist", "--epoch", "3"),
    line("cifar", "--preset", "papr"),
    line("mnist", "--dataset", "mnist"),
    line("cifar", "--data", data.path),
    line("cifar", "--data", `${data.path}/nowhere`),
    line("mnist", "--data", `${data.path}/data_batch_1.bin`),
  ]);
  assertEquals(
    unknown,
    "2 train:mnist: expected a known option, found --epoch; did you mean --epochs?",
  );
  assertEquals(
    preset,
    "2 train:cifar: --preset: expected one of paper, quick, found papr; did you mean paper?",
  );
  assertStringIncludes(
    noData,
    "1 train:mnist: /dev/null: expected a folder where data can be stored",
  );
  assertStringIncludes(noData, "name their folder by --data or GOODINIT_DATA");
  assertStringIncludes(noFiles, `1 train:cifar: ${data.path}/`);
  assertStringIncludes(
    noFiles,
    `; ${data.path} holds data_batch_1.bin. --data or GOODINIT_DATA must`,
  );
  assertStringIncludes(noFiles, "cs.toronto.edu/~kriz/cifar.html");
  assertStringIncludes(noFolder, `; ${data.path}/nowhere does not exist. --data`);
  assertStringIncludes(aFile, `; ${data.path}/data_batch_1.bin is a file. --data`);
});

Deno.test("the training tasks print help", async () => {
  const recipe = await task("cifar", "--net", "nin", "--help");
  assertStringIncludes(
    recipe.out.replace(/\s+/g, " "),
    "The recipe of nin on cifar10: --epochs 260 ",
  );
  const { code, out } = await task("cifar", "--help");
  assertEquals(code, 0);
  assertStringIncludes(out, "\n  --preset paper|quick\n");
  assertStringIncludes(out, "EXAMPLES");
  assertStringIncludes(out, "\n    deno task train:cifar --preset paper\n");
});

Deno.test("--resident assembles batches on the device, to the same losses up to rounding", async () => {
  await using data = await mnistFolder();
  const losses: number[][] = [];
  for (const resident of ["no", "yes"]) {
    const out = `${data.path}/${resident}`, options = ["--data", data.path, "--out", out];
    const { code } = await task("mnist", ...SMALL, ...options, "--resident", resident);
    assertEquals(code, 0);
    assertEquals((await manifestOf(out)).settings.resident, resident);
    const [checkpoint] = filesIn(`${out}/checkpoints`);
    const text = await Deno.readTextFile(`${out}/checkpoints/${checkpoint}`);
    assertEquals(text.includes("made on the device"), resident === "yes");
    losses.push((await lossesOf(out)).flat().map(Number));
  }
  const [host, device] = losses as Tuple<number[], 2>;
  device.forEach((loss, i) => assertAlmostEquals(loss, host[i]!, 1e-4));
});
