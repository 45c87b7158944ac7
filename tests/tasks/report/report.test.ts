import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Tuple } from "../../../src/tuple.ts";
import { TaskError } from "../../../tasks/cli/command.ts";
import type { Figure, Line } from "../../../tasks/plots/panel.ts";
import { NoFiguresError } from "../../../tasks/plots/vega.ts";
import { initialVariances } from "../../../tasks/report/figures/initial_variances.ts";
import { reportFigures } from "../../../tasks/report/figures/mod.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { findingsSection } from "../../../tasks/report/sections/findings.ts";
import { leadParagraphs } from "../../../tasks/report/sections/lead.ts";
import { resultsTable } from "../../../tasks/report/sections/results.ts";
import { writeReport } from "../../../tasks/report/write.ts";
import { folderOf } from "../../data/fixtures.ts";
import { drawingTest } from "../plots/drawing.ts";
import { experimentFolder, manifestJson, runFiles, under } from "./fixtures.ts";

const text = (path: string) => Deno.readTextFile(path);
const namesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

Deno.test("an experiment's table has means, spreads, the paper and differences", async () => {
  await using folder = await experimentFolder();
  const results = await readResults(folder.path);
  assertEquals(resultsTable(results), {
    kind: "table",
    caption:
      "Test accuracy %: mean ± standard deviation over seeds; below, the paper's number and " +
      "in brackets the difference from it. n/c: did not converge.",
    head: ["", "ReLU", "tanh"],
    rows: [
      [
        ["LSUV"],
        ["61.00 ± 1.41", "paper 92.11 (−31.11)", "2 seeds"],
        ["61.00 ± 1.41", "paper 89.28 (−28.28)", "2 seeds"],
      ],
      [
        ["Xavier <fan-in>"],
        ["61.00 ± 1.41", "paper 60.00 (+1.00)", "2 seeds"],
        ["n/c", "paper n/c", "1 n/c, 1 pending"],
      ],
    ],
    numeric: [1, 2],
  });
});

Deno.test("an experiment's figures have one panel per column and one line per row", async () => {
  await using folder = await experimentFolder();
  const { learning, depth } = reportFigures(await readResults(folder.path));
  const lines = [...depth, ...learning].map(({ name, panels }) => [
    name,
    panels.map(({ title, lines }) => [title, lines.map(({ name }) => name)]),
  ]);
  const starts = ["LSUV, before", "LSUV, after", "Xavier <fan-in>"];
  assertEquals(lines, [
    ["variance", [["ReLU", starts], ["tanh", starts]]],
    ["gradient", [["ReLU", starts], ["tanh", starts]]],
    ...["accuracy", "loss"].map((name) => [name, [
      ["ReLU", ["LSUV", "Xavier <fan-in>"]],
      ["tanh", ["LSUV", "Xavier <fan-in> n/c"]],
    ]]),
  ]);
  const [before] = depth[0]!.panels[0]!.lines as Tuple<Line, 1>;
  assertEquals(before.points.map(({ x, y }) => [x, Number(y.toFixed(9))]), [
    [1, 1],
    [2, 0.5],
    [3, 0.25],
    [4, 0.125],
  ]);
  const [line] = learning[0]!.panels[0]!.lines as Tuple<Line, 1>;
  assertEquals(line.end, "61.0");
  assertEquals(line.points.map(({ x, y, low }) => [x, y, Number(low?.toFixed(3))]), [
    [1, 30, 30],
    [2, 50, 50],
    [3, 61, 59.586],
  ]);
});

/** An experiment of one column that was asked about time and loss by step. */
async function measuredFolder() {
  const steps = "step,epoch,loss,epochLoss\r\n" +
    [9, 4, 3, 2, 1].map((loss, i) => `${5 * i + 5},1,${loss},${loss}\r\n`).join("");
  const finding = {
    title: "Overhead",
    head: ["", "seconds"],
    lines: [["ReLU", 1.23456]],
    notes: ["So."],
  };
  const folder = await experimentFolder(), path = `${folder.path}/experiment.json`;
  const record = { ...JSON.parse(await text(path)), bySecond: true, findings: [finding] };
  await Deno.writeTextFile(path, JSON.stringify(record));
  const run = `${folder.path}/runs/lsuv-ReLU-0`, manifest = `${run}/manifest.json`;
  await Deno.writeTextFile(`${run}/steps.csv`, steps);
  const model = { classes: "50" };
  await Deno.writeTextFile(
    manifest,
    JSON.stringify({ ...JSON.parse(await text(manifest)), model }),
  );
  return folder;
}

Deno.test("an experiment about time has curves by second, and one with losses by step", async () => {
  await using folder = await measuredFolder();
  const { learning } = reportFigures(await readResults(folder.path));
  assertEquals(learning.map(({ name }) => name), [
    "loss-by-step",
    "accuracy",
    "accuracy-by-second",
    "loss",
  ]);
  const [loss, , time] = learning as Tuple<Figure, 3>;
  const pointsOf = ({ panels }: Figure) => panels[0]!.lines[0]!.points.map(({ x, y }) => [x, y]);
  // Without the first two, 9 and 6.5, which are more than 1.5 ln(50).
  assertEquals(pointsOf(loss), [[15, 16 / 3], [20, 4.5], [25, 3.8]]);
  assertEquals(pointsOf(time), [[0.5, 30], [1, 50], [1.5, 61]]);
});

Deno.test("a report has what an experiment measured beside accuracies", async () => {
  await using folder = await measuredFolder();
  assertEquals(findingsSection(await readResults(folder.path)), [
    { kind: "heading", level: 2, text: "Overhead" },
    {
      kind: "table",
      caption: "Overhead.",
      head: ["", "seconds"],
      rows: [[["ReLU"], ["1.235"]]],
      numeric: [1],
    },
    { kind: "list", items: ["So."] },
  ]);
});

drawingTest("a report is a page, Markdown and an SVG for each figure", async () => {
  await using folder = await experimentFolder();
  const out = `${folder.path}/made/report.html`;
  const { files, faults } = await writeReport(await readResults(folder.path), out);
  assertEquals(faults, []);
  assertEquals(files[0], out);
  assertEquals(namesIn(`${folder.path}/made`), [
    "accuracy.svg",
    "gradient.svg",
    "loss.svg",
    "report.html",
    "report.md",
    "variance.svg",
  ]);
  const markdown = await text(`${folder.path}/made/report.md`);
  assertStringIncludes(
    markdown,
    "| LSUV | 61.00 ± 1.41<br>paper 92.11 (−31.11)<br>2 seeds | " +
      "61.00 ± 1.41<br>paper 89.28 (−28.28)<br>2 seeds |\n| Xavier \\<fan-in\\> | ",
  );
  for (
    const part of [
      "# Table 3, made small\n\nDoes LSUV help?\n\n6 of 8 runs done, 1 n/c, 1 pending.",
      "- 3 epochs instead of 230.",
      `| Data set's fingerprint | ${"5f".repeat(32)} |`,
      "| Command | deno task table3 --quick |",
      "| Training images | 50,000 |",
      "| LSUV | ReLU | 2 | 3 | 1 min 30 s | 1,234 |",
      "# runs/lsuv-ReLU-1\ndeno task train:cifar --init lsuv --seed 1",
      "| runs/xavier-tanh-0 | Xavier \\<fan-in\\> | tanh | 0 | n/c | 10.00 | 0.9000 | 3 | " +
      "1 min 30 s | accuracy 0.1 is not above chance |",
      "## What is missing\n\n- Xavier \\<fan-in\\>, tanh, seed 1: not run yet\n",
    ]
  ) assertStringIncludes(markdown, part);
  const page = await text(out);
  assertStringIncludes(page, '<th scope="row">Xavier &lt;fan-in&gt;</th>');
  assert(!/<script|<link[^>]+href="(?!data:)|src=/.test(page), "the page needs nothing beside it");
  assertEquals(page.match(/<svg /g)?.length, 8);
  assertEquals(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)?.length, 8);
});

drawingTest("an SVG file names and describes itself, and turns dark on dark screens", async () => {
  await using folder = await experimentFolder();
  await writeReport(await readResults(folder.path), `${folder.path}/report.html`);
  const svg = await text(`${folder.path}/variance.svg`);
  assertStringIncludes(
    svg,
    `<title id="title">Variance of each layer's output at the start of training</title>`,
  );
  assertStringIncludes(svg, "LSUV, before: 1 at 1, 0.125 at 4; LSUV, after: 1 at 1, 1 at 4;");
  assertStringIncludes(svg, '@media screen and (prefers-color-scheme: dark) {svg [fill="#ffffff"]');
  for (const word of [">LSUV, after<", ">variance of the output<", ">10⁻³<", ">ReLU<"]) {
    assertStringIncludes(svg, word);
  }
});

drawingTest("one run makes a report of its own curves, with what is scaled down", async () => {
  await using folder = await folderOf(runFiles());
  const { files } = await writeReport(
    await readResults(folder.path),
    `${folder.path}/report.html`,
  );
  assertEquals(files.map((path) => path.split("/").at(-1)), [
    "report.html",
    "report.md",
    "variance.svg",
    "curve.svg",
  ]);
  const markdown = await text(`${folder.path}/report.md`);
  for (
    const part of [
      "# Run",
      "\n\ncifar10, fitnet4, relu, from lsuv, seed 0: finished.\n\n",
      "| Epochs | 3 of 3 |",
      "| Best test accuracy, % | 60.00 (epoch 3) |",
      "- 3 epochs; the paper's solver took 230.",
      "| Program | @goodinit/goodinit 0.1.0 commit abc1234 |",
      `| Training data | CIFAR-10 train, 50,000 images, SHA-256 ${"5f".repeat(32)} |`,
      "Layers: convolution: 1, 2; dense: 3.",
      "## What is missing\n\nNothing.",
    ]
  ) assertStringIncludes(markdown, part);
  const variance = (await text(`${folder.path}/variance.svg`)).replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
  assertStringIncludes(variance, "Small dots: maxout pieces; larger marks: their geometric mean.");
  assertStringIncludes(
    variance,
    "Gray line: variance 1, which LSUV aims at; shaded: its tolerance.",
  );
  assertStringIncludes(
    await text(`${folder.path}/curve.svg`),
    ">Dotted lines: the learning rate drops.<",
  );
});

Deno.test("a folder of mixed runs is headed for what they are", async () => {
  const drawn = JSON.parse(new TextDecoder().decode(manifestJson({ init: "lsuv", seed: 0 })));
  drawn.settings = { ...drawn.settings, dataset: "procedural", net: "fitnet1" };
  const files = { ...runFiles(), "manifest.json": new TextEncoder().encode(JSON.stringify(drawn)) };
  await using folder = await folderOf({ ...under("a", runFiles()), ...under("b", files) });
  const results = await readResults(folder.path);
  assertEquals(leadParagraphs(results).slice(0, 2), [
    "The columns differ in data, net or activation, so that numbers of one do not compare with those of " +
    "another: cifar10, fitnet4, relu; procedural, fitnet1, relu.",
    "1 of 2 runs is on images that a program draws, not on the paper's data.",
  ]);
  assert(
    results.scaled!.includes(
      "Trained on images that a program draws; the paper has no such data (1 of 2 runs).",
    ),
    results.scaled!.join("\n"),
  );
  await using alike = await folderOf({
    ...under("a", runFiles()),
    ...under("b", runFiles({ init: "he" })),
  });
  assertEquals(leadParagraphs(await readResults(alike.path)), [
    "All on cifar10, fitnet4, relu.",
    "2 of 2 runs done.",
  ]);
});

Deno.test("several runs are grouped by what differs, seeds together", async () => {
  await using folder = await folderOf({
    ...under("a", runFiles({ seed: 0 })),
    ...under("b", runFiles({ seed: 1, accuracies: [0.3, 0.5, 0.62] })),
    ...under("c", runFiles({ init: "he", status: "running", accuracies: [0.2] })),
    "notes/x.txt": new Uint8Array(1),
  });
  const results = await readResults(folder.path);
  assertEquals(resultsTable(results).rows, [
    [["lsuv"], ["61.00 ± 1.41", "2 seeds"]],
    [["he"], ["20.00", "1 in progress"]],
  ]);
  assertEquals(results.columns, ["cifar10, fitnet4, relu"]);
});

Deno.test("what a run lacks is listed", async () => {
  await using folder = await folderOf({
    "run/manifest.json": runFiles()["manifest.json"]!,
    "other/epochs.csv": runFiles()["epochs.csv"]!,
  });
  const { missing, cells } = await readResults(folder.path);
  assertEquals(missing, [
    "other: no manifest.json, so its settings and data are not known",
    "run: no epochs.csv, or none of its epochs has ended",
    "run: neither lsuv.csv nor layers.csv",
  ]);
  assertEquals(cells.map(({ run }) => run && initialVariances(run, "activationVariance")), [
    {},
    {},
  ]);
});

Deno.test("without Vega-Lite the report is written and says so", async () => {
  await using folder = await folderOf(runFiles());
  const { files, faults } = await writeReport(
    await readResults(folder.path),
    `${folder.path}/report.html`,
    () => Promise.reject(new NoFiguresError("no figures: no network")),
  );
  assertEquals([files.length, faults], [2, ["no figures: no network"]]);
  const markdown = await text(`${folder.path}/report.md`);
  assertStringIncludes(markdown, "## Learning curves\n\nno figures: no network");
  assertStringIncludes(markdown, "## What is missing\n\n- no figures: no network");
});

Deno.test("readResults() says what it expected of a folder and its files", async () => {
  await using folder = await folderOf({
    "json/experiment.json": new TextEncoder().encode("{"),
    "cell/experiment.json": new TextEncoder().encode(
      '{"format":1,"title":"t","rows":[],"columns":[],"cells":[{"row":"a"}]}',
    ),
    "csv/epochs.csv": new TextEncoder().encode("epoch,step\r\n1,2\r\n"),
    "empty/x": new Uint8Array(1),
  });
  const fails = (name: string, message: string) =>
    assertRejects(() => readResults(`${folder.path}/${name}`), TaskError, message);
  await fails("none", "expected a folder of results, found no folder");
  await fails("empty", "expected experiment.json, a run's manifest.json or epochs.csv");
  await fails("json", "json/experiment.json: expected JSON, found a file that is cut off");
  await fails(
    "cell",
    "cell/experiment.json: cells[0].column: expected a text, found nothing",
  );
  await fails(
    "csv",
    "trainLoss, trainAccuracy, testLoss, testAccuracy, seconds, imagesPerSecond not",
  );
});
