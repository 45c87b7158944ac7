/**
 * Evaluation and predictions of nets that predict numbers, or several labels at once; many classes.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/csv";
import { type Dataset, prepareMnist } from "../../../src/data/mod.ts";
import { type Layer, type LossName, stateless } from "../../../src/nn/mod.ts";
import { mul, reshape, slice, sub } from "../../../src/ops/mod.ts";
import { open } from "../../../src/runtime/mod.ts";
import { type Params, tensor } from "../../../src/tensor.ts";
import { classRows, evaluateNet } from "../../../tasks/models/evaluate/confusion.ts";
import {
  evaluateLabels,
  evaluateNumbers,
  labelsText,
  numbersText,
  writeOutputs,
} from "../../../tasks/models/evaluate/outputs.ts";
import { outcomeText, writeOutcome } from "../../../tasks/models/evaluate/show.ts";
import { formatPrediction } from "../../../tasks/models/predict/show.ts";
import { csvText, readCsv } from "../../../tasks/run/csv.ts";
import { epochRow, EPOCHS } from "../../../tasks/run/tables.ts";
import { epochLine, measureText } from "../../../tasks/training/show_progress.ts";
import { folderOf } from "../../data/fixtures.ts";

/** Images of two pixels, and labels for them; the net's outputs are the pixels in 250ths. */
function source(labels: readonly number[], pixels: readonly number[]): Dataset {
  const count = pixels.length / 2;
  return {
    name: "pixels",
    images: Uint8Array.from(pixels),
    labels: Float32Array.from(labels),
    count,
    height: 1,
    width: 2,
    channels: 1,
    classes: 2,
  };
}

const flat = stateless("flat", (x) => reshape(x, [x.shape[0]!, 2])) as unknown as Layer<Params>;
/** The same, minus one half: logits of labels. */
const signed = stateless(
  "signed",
  (x) => mul(sub(reshape(x, [x.shape[0]!, 2]), 0.5), 8),
) as unknown as Layer<Params>;

const predictor = (net: Layer<Params>, loss: LossName) => ({ net, params: [] as Params, loss });

Deno.test("evaluateNumbers() has errors and R² of each number, and tables of them", async () => {
  await using run = await open({ device: "reference" });
  const dataset = source([0, 1, 1, 1, 0.4, 1], [50, 250, 250, 200, 50, 250]),
    { test } = prepareMnist(dataset, dataset);
  const outcome = await evaluateNumbers(run, predictor(flat, "mse"), test, 2, ["a", "b"]);
  const [a, b] = outcome.rows as [typeof outcome.rows[0], typeof outcome.rows[0]];
  const near = (found: number | undefined, expected: number) =>
    assert(Math.abs(found! - expected) < 1e-6, `${found}`);
  near(a!.meanAbsoluteError, 0.4 / 3);
  near(a!.rootMeanSquaredError, Math.sqrt(0.08 / 3));
  near(a!.rSquared, 1 - 0.08 / (1.16 - 1.4 ** 2 / 3));
  assertEquals(b!.rSquared, undefined);
  near(outcome.loss, (0.04 + 0.04 + 0.04) / 6);
  near(outcome.overall.meanAbsoluteError, 0.1);
  const [heading, first, second] = numbersText(outcome).split("\n");
  assertEquals(heading!.split(/ {2,}/), [
    "output",
    "mean label",
    "mean absolute error",
    "root mean squared error",
    "R²",
  ]);
  assertEquals(first!.split(/ +/).slice(0, 3), ["a", "0.46667", "0.13333"]);
  assertEquals(second!.split(/ +/).at(-1), "-");
  await using at = await folderOf({});
  await writeOutputs(at.path, outcome, { weights: "w" });
  const written = JSON.parse(await Deno.readTextFile(`${at.path}/evaluation.json`));
  assertEquals([written.weights, written.count, written.outputs.length], ["w", 3, 2]);
  const [names, row] = parse(await Deno.readTextFile(`${at.path}/outputs.csv`));
  assertEquals([names![0], row![0]], ["output", "a"]);
});

Deno.test("evaluateLabels() has precision, recall and F1 of each label, and of all", async () => {
  await using run = await open({ device: "reference" });
  const dataset = source([1, 0, 1, 1, 0, 0, 1, 1], [200, 0, 200, 200, 200, 0, 0, 200]);
  const { test } = prepareMnist(dataset, dataset);
  const outcome = await evaluateLabels(run, predictor(signed, "bce"), test, 3, ["sky", "sea"]);
  const { accuracy, labelAccuracy, f1, macroF1 } = outcome.overall;
  assertEquals([accuracy, labelAccuracy, f1], [0.5, 0.75, 2 * 4 / (5 + 5)]);
  assertEquals(outcome.rows[0], {
    label: "sky",
    count: 3,
    predicted: 3,
    right: 2,
    precision: 2 / 3,
    recall: 2 / 3,
    f1: 2 / 3,
  });
  assertEquals([outcome.rows[1]!.f1, macroF1], [1, (2 / 3 + 1) / 2]);
  assertEquals(labelsText(outcome).split("\n")[1]!.split(/ {2,}/), [
    "sky",
    "3",
    "3",
    "2",
    "66.67 %",
    "66.67 %",
    "66.67 %",
  ]);
});

Deno.test("formatPrediction() prints classes, the labels above a threshold, or numbers, and what is known", () => {
  const image = { name: "a.png", bytes: new Uint8Array() }, names = ["sky", "sea"];
  const options = { names, top: 1, threshold: 0.5 }, outputs = Float32Array.of(-1, 2);
  const lines = (...args: Parameters<typeof formatPrediction>) =>
    formatPrediction(...args).split("\n");
  assertEquals(lines({ ...image, label: 0 }, outputs, "classes", options), [
    "a.png (sky)",
    "  sea  95.26 %",
  ]);
  const odd = { ...options, names: ["sky\u001b[31m", "sea\n"] };
  assertEquals(lines({ ...image, label: 0 }, outputs, "classes", odd), [
    "a.png (sky?[31m)",
    "  sea   95.26 %",
  ], "names of a file do not control the terminal");
  assertEquals(lines(image, outputs, "labels", options), ["a.png", "  sea  88.08 %"]);
  assertEquals(lines(image, outputs, "labels", { ...options, threshold: 0.1 }).length, 3);
  assertEquals(lines(image, outputs, "labels", { ...options, threshold: 0.9 }), [
    "a.png",
    "  no label above 90.00 %",
  ]);
  const known = { ...image, label: Float32Array.of(1, 0) };
  assertEquals(lines(known, outputs, "labels", options)[0], "a.png (sky)");
  assertEquals(lines(known, outputs, "numbers", options), [
    "a.png (sky 1, sea 0)",
    "  sky  -1",
    "  sea   2",
  ]);
});

const EPOCH = { epoch: 0, step: 5, steps: 5, trainLoss: 1, imagesPerSecond: 9, seconds: 2 };

Deno.test("a run's tables and lines have the measures of numbers and of labels", async () => {
  const numbers = epochRow({
    ...EPOCH,
    trainAccuracy: NaN,
    test: {
      loss: 0.5,
      accuracy: NaN,
      count: 4,
      metrics: { meanAbsoluteError: 0.25, rSquared: 0.9 },
    },
  });
  assertEquals(measureText(numbers), "mean absolute error 0.25, R² 0.9000");
  assertEquals(
    epochLine(numbers, 3),
    "epoch 1/3 | train loss 1.0000 | test loss 0.5000, mean absolute error 0.25, R² 0.9000 | 2.0 s, 9.0 images/s",
  );
  const labels = epochRow({
    ...EPOCH,
    trainAccuracy: 0.5,
    test: { loss: 0.5, accuracy: 0.25, count: 4, metrics: { labelAccuracy: 0.75, f1: 0.6 } },
  });
  assertEquals(measureText(labels), "label accuracy 75.00 %, F1 60.00 %");
  const plain = epochRow({
    ...EPOCH,
    trainAccuracy: 0.5,
    test: { loss: 0.5, accuracy: 0.25, count: 4 },
  });
  for (const row of [numbers, labels, plain]) {
    const text = csvText(EPOCHS, [row], "own");
    assertEquals(text.includes("testRSquared"), row === numbers);
    await using at = await folderOf({ "epochs.csv": new TextEncoder().encode(text) });
    assertEquals(await readCsv(EPOCHS, at.path), [row]);
  }
});

Deno.test("of thousands of classes those of lowest recall and the most frequent mistakes are shown first", async () => {
  await using run = await open({ device: "reference" });
  const classes = 3000, count = 60;
  // The net takes every image for the class in its first pixel times 40; labels of the last ten are one more.
  const dataset: Dataset = {
    name: "many",
    images: Uint8Array.from({ length: count }, (_, i) => i % 30),
    labels: Uint16Array.from({ length: count }, (_, i) => 40 * (i % 30) + (i >= 50 ? 1 : 0)),
    count,
    height: 1,
    width: 1,
    channels: 1,
    classes,
  };
  const table = new Float32Array(classes);
  const net = stateless("nearest", (x) => {
    const at = mul(slice(reshape(x, [x.shape[0]!, 1]), [0, 0]), 250 * 40);
    const distance = sub(tensor(table.map((_, i) => i), [1, classes]), at);
    return mul(mul(distance, distance), -1);
  }) as unknown as Layer<Params>;
  const { test } = prepareMnist(dataset, dataset);
  const outcome = await evaluateNet(run, predictor(net, "hinge"), test, 32);
  assertEquals(Math.round(60 * outcome.accuracy), 50);
  const names = Array.from({ length: classes }, (_, i) => `class ${i}`),
    text = outcomeText(outcome, names);
  assertStringIncludes(
    text,
    "classes, the 20 of lowest recall of 3,000, of which 2,960 have no image; --out writes all",
  );
  assertEquals(text.split("\n")[2]!.split(/ {2,}/), ["class 801", "1", "0", "-", "0.00 %"]);
  assertStringIncludes(text, "mistakes, the 10 most frequent of 10");
  assert(text.split("\n").length < 45);
  assertEquals(classRows(outcome, names)[801]!.recall, 0);
  await using at = await folderOf({});
  await writeOutcome(at.path, outcome, names, {});
  const confusion = parse(await Deno.readTextFile(`${at.path}/confusion.csv`));
  assertEquals(confusion[0], ["class", "predicted", "count"]);
  assertEquals(confusion.length, 1 + 40);
  assertEquals(
    JSON.parse(await Deno.readTextFile(`${at.path}/evaluation.json`)).classes.length,
    classes,
  );
});
