import { CIFAR10 } from "../../../src/data/catalogue/cifar10.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/csv";
import { prepareMnist } from "../../../src/data/mod.ts";
import { dense, flatten, sequential } from "../../../src/nn/mod.ts";
import { tensor } from "../../../src/tensor.ts";
import { evaluate } from "../../../tasks/models/evaluate/command.ts";
import {
  classRows,
  evaluateNet,
  fullRow,
  mistakes,
  type Outcome,
} from "../../../tasks/models/evaluate/confusion.ts";
import { outcomeText } from "../../../tasks/models/evaluate/show.ts";
import { train } from "../../../tasks/training/train_command.ts";
import { folderOf, joined, record } from "../../data/fixtures.ts";
import { runtimeOf } from "../../devices.ts";
import { mnistWith, tensorsOf, weightsOf } from "../nets.ts";
import { captured } from "../captured.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

/** The rows of a confusion matrix as they are stored. */
const sparse = (matrix: readonly (readonly number[])[]) =>
  matrix.map((row) =>
    new Map(row.map((count, at) => [at, count] as const).filter(([, count]) => count > 0))
  );

/** Of three classes, 0 is always predicted correctly, 1 sometimes as 2, 2 always as 0. */
const OUTCOME: Outcome = {
  count: 10,
  accuracy: 0.7,
  loss: 0.5,
  confusion: sparse([[4, 0, 0], [0, 3, 2], [1, 0, 0]]),
};

Deno.test("evaluateNet() counts the predictions of a constructed net", async () => {
  const run = await runtimeOf("reference"), net = sequential(flatten, dense(3));
  // Image i has one white pixel, at the class that the net is to see; white is 1.02.
  const seen = [0, 1, 2, 2, 1, 0, 0], labels = [0, 1, 2, 1, 1, 2, 0];
  const images = Uint8Array.from(seen.flatMap((at) => [0, 1, 2, 3].map((i) => i === at ? 255 : 0)));
  const dataset = {
    name: "dots",
    images,
    labels: Uint8Array.from(labels),
    count: 7,
    height: 2,
    width: 2,
    channels: 1,
    classes: 3,
  };
  const w = tensor([[10, 0, 0], [0, 10, 0], [0, 0, 10], [0, 0, 0]]), b = tensor([0, 0, 0]);
  const worker = { net, params: [[], { w, b }] as const, loss: "softmax" as const };
  const { test } = prepareMnist(dataset, dataset);
  for (const batch of [1, 3, 7, 16]) {
    const { confusion, accuracy, count, loss } = await evaluateNet(run, worker, test, batch);
    assertEquals([0, 1, 2].map((label) => fullRow({ confusion }, label)), [[2, 0, 0], [0, 2, 1], [
      1,
      0,
      1,
    ]]);
    assertEquals([accuracy, count], [5 / 7, 7]);
    // Scores are 10.2 for the class seen and 0 for the others.
    const whole = Math.log(Math.exp(10.2) + 2);
    assertAlmostEquals(loss, whole - 5 / 7 * 10.2, 1e-5);
  }
});

Deno.test("classRows() has precision and recall, undefined where there are no images", () => {
  assertEquals(classRows(OUTCOME, ["a", "b", "c"]), [
    { class: "a", count: 4, predicted: 5, right: 4, precision: 0.8, recall: 1 },
    { class: "b", count: 5, predicted: 3, right: 3, precision: 1, recall: 0.6 },
    { class: "c", count: 1, predicted: 2, right: 0, precision: 0, recall: 0 },
  ]);
  const never = classRows({ ...OUTCOME, confusion: sparse([[1, 0], [0, 0]]) }, ["a", "b"]);
  assertEquals(never[1], {
    class: "b",
    count: 0,
    predicted: 0,
    right: 0,
    precision: undefined,
    recall: undefined,
  });
});

Deno.test("outcomeText() aligns the tables; of many classes it lists mistakes", () => {
  assertEquals(mistakes(OUTCOME), [[1, 2, 2], [2, 0, 1]]);
  assertEquals(outcomeText(OUTCOME, ["a", "bb", "c"]).split("\n"), [
    "class  images  correct  precision    recall",
    "a           4        4    80.00 %  100.00 %",
    "bb          5        3   100.00 %   60.00 %",
    "c           1        0     0.00 %    0.00 %",
    "",
    "confusion matrix: rows are classes, columns predictions",
    "    a  bb  c",
    "a   4   0  0",
    "bb  0   3  2",
    "c   1   0  0",
  ]);
  const names = Array.from({ length: 21 }, (_, i) => `k${i}`);
  const confusion = sparse(names.map((_, i) => names.map((_, j) => i === 3 && j === 5 ? 2 : 0)));
  const text = outcomeText({ ...OUTCOME, confusion }, names);
  assertStringIncludes(text, "mistakes, the 1 most frequent of 1\nk3  predicted as k5  2");
});

/** Weights whose net always predicts class 3, with logit 2 there and 0 elsewhere. */
function always3() {
  const model = parseModel({ net: "fitnetMnist", activation: "relu" }), tensors = tensorsOf(model);
  for (const { data } of tensors.values()) data.fill(0);
  tensors.get("17.b")!.data[3] = 2;
  return weightsOf({ net: "fitnetMnist", activation: "relu" }, tensors);
}

const DEVICE = ["--device", "cpu", "--threads", "1"];

Deno.test("evaluate prints the tables, and writes them", async () => {
  const labels = [3, 0, 3, 9, 3];
  await using data = await mnistWith(labels, { "run/weights.safetensors": always3() });
  const out = `${data.path}/report`;
  const { code, out: said, err } = await captured(() =>
    evaluate([`${data.path}/run`, "--data", data.path, "--out", out, "--batch", "2", ...DEVICE])
  );
  assertEquals([code, err], [0, ""]);
  const whole = Math.log(Math.exp(2) + 9), loss = whole - 3 / 5 * 2;
  const lines = said.split("\n");
  assertEquals(
    lines[0],
    `MNIST test, 5 images | fitnetMnist relu | accuracy 60.00 % | mean softmax loss ${
      loss.toFixed(4)
    }`,
  );
  assertEquals(lines[2], "class  images  correct  precision    recall");
  assertEquals(lines[6], "3           3        3    60.00 %  100.00 %");
  assertEquals(lines.at(-1), out);

  const json = JSON.parse(await Deno.readTextFile(`${out}/evaluation.json`));
  assertEquals([json.count, json.accuracy, json.lossName], [5, 0.6, "softmax"]);
  assertAlmostEquals(json.loss, loss, 1e-5);
  assertEquals(json.confusion.map((row: number[]) => row[3]), [1, 0, 0, 3, 0, 0, 0, 0, 0, 1]);
  assertEquals(json.classes[3], {
    class: "3",
    count: 3,
    predicted: 5,
    right: 3,
    precision: 0.6,
    recall: 1,
  });
  const classes = parse(await Deno.readTextFile(`${out}/classes.csv`));
  assertEquals(classes[0], ["class", "count", "predicted", "right", "precision", "recall"]);
  assertEquals(classes[1], ["0", "1", "0", "0", "", "0"]);
  assertEquals(classes[4], ["3", "3", "5", "3", "0.6", "1"]);
  const confusion = parse(await Deno.readTextFile(`${out}/confusion.csv`));
  assertEquals(confusion[0], ["class", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  assertEquals(confusion[10], ["9", "0", "0", "0", "1", "0", "0", "0", "0", "0", "0"]);
});

Deno.test("evaluate uses the split and the number of images asked for", async () => {
  await using data = await mnistWith([3, 0, 3, 9, 3], { "w.safetensors": always3() });
  const args = [`${data.path}/w.safetensors`, "--data", data.path, ...DEVICE];
  const { out } = await captured(() =>
    evaluate([...args, "--split", "train", "--count", "2", "--loss", "hinge"])
  );
  // Logits of 0 lose 1 each; logit 2 loses nothing where class 3 is the label, else 2 + 1.
  assertStringIncludes(out, "MNIST train, 2 images | fitnetMnist relu | accuracy 50.00 % | ");
  assertStringIncludes(out, `mean hinge loss ${((9 + 1 + 3 + 8) / 2).toFixed(4)}`);
});

const cifarRecords = (count: number, seed: number) =>
  joined(...Array.from({ length: count }, (_, i) => record([i % 10], seed + i)));

Deno.test("evaluate agrees with a CIFAR run on its net", async () => {
  await using data = await folderOf({
    ...Object.fromEntries(
      [1, 2, 3, 4, 5].map((part) => [`data_batch_${part}.bin`, cifarRecords(4, 4 * part)]),
    ),
    "test_batch.bin": cifarRecords(7, 40),
  });
  const run = `${data.path}/run`, out = `${data.path}/report`;
  const small = "--net fitnet1 --activation relu --batch 4 --epochs 1 --subset 12".split(" ");
  const trained = await captured(() =>
    train("cifar", [...small, "--data", data.path, "--out", run, ...DEVICE])
  );
  assertEquals(trained.code, 0, trained.err);
  const manifest = JSON.parse(await Deno.readTextFile(`${run}/manifest.json`));
  assertEquals(manifest.model, {
    net: "fitnet1",
    batchnorm: "no",
    shrink: "1",
    activation: "relu",
    classes: "10",
    classNames: JSON.stringify(CIFAR10.classNames),
    input: "32x32x3",
    preprocessing: "contrast",
    loss: "softmax",
    dataset: "cifar10",
    subset: "12",
  });
  const { testLoss, testAccuracy } = manifest.results.lastEpoch;
  const { code, err } = await captured(() =>
    evaluate([run, "--data", data.path, "--out", out, ...DEVICE])
  );
  assertEquals(code, 0, err);
  const { accuracy, loss } = JSON.parse(await Deno.readTextFile(`${out}/evaluation.json`));
  assertEquals(accuracy, testAccuracy);
  assertAlmostEquals(loss, testLoss, 1e-5);
});

Deno.test("evaluate says in one line what is wrong", async () => {
  await using data = await mnistWith([3, 0], {
    "w.safetensors": always3(),
    "odd.safetensors": weightsOf({ net: "fitnetMnist", activation: "relu", classes: "7" }),
  });
  const line = async (...args: string[]) => {
    const { code, out, err } = await captured(() => evaluate(args));
    assertEquals(out, "");
    assertEquals(err.split("\n").length, 1, err);
    return `${code} ${err.replaceAll(data.path, "…")}`;
  };
  const weights = `${data.path}/w.safetensors`, from = ["--data", data.path];
  assertEquals(
    await line(),
    "2 evaluate: expected RUN_OR_WEIGHTS, found nothing; see --help",
  );
  assertEquals(
    await line(weights, "--dat", "x"),
    "2 evaluate: expected a known option, found --dat; did you mean --data?",
  );
  assertEquals(
    await line(weights, "--split", "tset"),
    "2 evaluate: --split: expected one of test, train, found tset; did you mean test?",
  );
  assertEquals(
    await line(weights, ...from, "--count", "3"),
    "2 evaluate: --count: expected at most 2 images, which MNIST test has, found 3",
  );
  assertEquals(
    await line(weights, ...from, "--out", data.path).then((said) => said.slice(0, 50)),
    "2 evaluate: --out: expected a new or empty folder,",
  );
  assertEquals(
    await line(`${data.path}/odd.safetensors`, ...from),
    "1 evaluate: MNIST test: expected images of 28x28x1 in 7 classes, as the net takes them, found " +
      "images of 28x28x1 in 10 classes",
  );
  assert((await line(`${data.path}/v.safetensors`)).endsWith("did you mean …/w.safetensors?"));
});

Deno.test("evaluate prints help", async () => {
  const { code, out } = await captured(() => evaluate(["--help"]));
  assertEquals(code, 0);
  assertStringIncludes(out, "USAGE\n  deno task evaluate RUN_OR_WEIGHTS [--OPTION VALUE]...");
  assertStringIncludes(out, "EXAMPLES");
});
