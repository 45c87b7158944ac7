import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Tuple } from "../../../src/tuple.ts";
import { drawRun } from "../../../tasks/plots/draw_run.ts";
import { PAGE, SERIES } from "../../../tasks/plots/palette.ts";
import { kindsText } from "../../../tasks/plots/run_variance.ts";
import { loadVega, NoFiguresError } from "../../../tasks/plots/vega.ts";
import { folderOf } from "../../data/fixtures.ts";
import { contrast } from "../report/contrast.ts";
import { runFiles } from "../report/fixtures.ts";
import { drawingTest } from "./drawing.ts";

const rgb = (hex: string): [number, number, number] => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Tuple<number, 3>;
  return [r, g, b];
};

Deno.test("text has contrast 4.5 with the page, marks 2, in light and dark", () => {
  for (const side of ["light", "dark"] as const) {
    const paper = rgb(PAGE.paper[side]);
    for (const shade of [PAGE.ink, PAGE.muted, ...SERIES.map(({ text }) => text)]) {
      assert(contrast(rgb(shade[side]), paper) >= 4.5, `${side} ${shade[side]}`);
    }
    for (const { mark } of SERIES) {
      assert(contrast(rgb(mark[side]), paper) >= 2, `${side} ${mark[side]}`);
    }
  }
});

Deno.test("each light color stands for one dark color", () => {
  const shades = [...Object.values(PAGE), ...SERIES.flatMap(({ mark, text }) => [mark, text])];
  assertEquals(new Set(shades.map(({ light }) => light)).size, shades.length);
});

drawingTest("a run's folder gets its curve and its variances", async () => {
  await using folder = await folderOf(runFiles());
  assertEquals(await drawRun(folder.path), undefined);
  const curve = await Deno.readTextFile(`${folder.path}/curve.svg`);
  for (
    const word of [">loss, nats<", ">accuracy, %<", ">epoch<", ">test 60.0<", ">training 30.0<"]
  ) {
    assertStringIncludes(curve, word);
  }
  const variance = await Deno.readTextFile(`${folder.path}/variance.svg`);
  for (const word of [">before LSUV<", ">after LSUV<", "before LSUV: 0.02 at 1, 1 at 3"]) {
    assertStringIncludes(variance, word);
  }
});

drawingTest("a run without LSUV has no variances to draw, one without epochs nothing", async () => {
  await using folder = await folderOf(runFiles({ init: "he" }));
  assertEquals(await drawRun(folder.path), undefined);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "curve.svg",
    "epochs.csv",
    "manifest.json",
  ]);
  await using empty = await folderOf({
    "manifest.json": runFiles({ init: "he" })["manifest.json"]!,
  });
  const never = () => Promise.reject(new Error("nothing should be loaded"));
  assertEquals(await drawRun(empty.path, never), undefined);
});

Deno.test("packages that are not available are named in one line", async () => {
  const load = () => loadVega(["./none.ts", "./none-either.ts"]);
  const error = await assertRejects(load, NoFiguresError);
  assert(
    /^no figures: expected the packages vega and vega-lite, found [^\n]+$/.test(error.message),
  );
  await using folder = await folderOf(runFiles());
  assertEquals(await drawRun(folder.path, load), error.message);
});

Deno.test("kindsText() lists the layers of each kind", () => {
  assertEquals(
    kindsText(["[0] conv", "[1] conv", "[2] conv", "[5] dense", "[6] dense"]),
    "convolution: 1–3; dense: 4, 5",
  );
  assertEquals(kindsText(["[0] conv", "[1] dense", "[2] conv"]), "convolution: 1, 3; dense: 2");
});
