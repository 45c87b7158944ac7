import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { TaskError } from "../../../tasks/cli/task_error.ts";
import { drawConfusion } from "../../../tasks/plots/confusion.ts";
import { COLUMN } from "../../../tasks/plots/layout.ts";
import { NoFiguresError } from "../../../tasks/plots/vega.ts";
import { parseConfusion } from "../../../tasks/report/read_confusion.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { writeReport } from "../../../tasks/report/write.ts";
import { folderOf } from "../../data/fixtures.ts";
import { runFiles } from "./fixtures.ts";

const CSV = 'class,cat,"dog, small"\r\ncat,8,2\r\n"dog, small",1,9\r\n';

Deno.test("drawConfusion() has the counts of few classes, their names and the worst mistake", () => {
  const { svg, caption, alt } = drawConfusion(parseConfusion(CSV)!);
  for (const part of [">8</text>", ">2</text>", ">dog, small</text>", ">cat</text>"]) {
    assertStringIncludes(svg, part);
  }
  assertEquals(
    caption,
    "17 of 20 images right. The most frequent mistake: 2 images of cat taken for dog, small.",
  );
  assertStringIncludes(alt, "Confusion matrix of 2 classes: 17 of 20 images right.");
});

Deno.test("drawConfusion() of 100 classes fits into the text, without counts, and names some of them", () => {
  const classes = Array.from({ length: 100 }, (_, i) => `a class of a long name ${i}`);
  const counts = classes.map((_, y) => classes.map((_, x) => x === y ? 9 : x === y + 1 ? 1 : 0));
  const { svg, caption } = drawConfusion({ classes, counts });
  const [, width, height] = svg.match(/width="(\d+)" height="(\d+)"/)!.map(Number);
  assert(width! <= COLUMN && height! < 1.2 * COLUMN, `${width} × ${height}`);
  assertEquals(svg.match(/fill-opacity/g)!.length, 199);
  assertStringIncludes(caption, "One class of 3 is named.");
});

Deno.test("parseConfusion() takes only whole matrices of counts", () => {
  assertEquals(parseConfusion(CSV)!.counts, [[8, 2], [1, 9]]);
  for (const csv of ["", "class,cat\r\n", "class,cat\r\ncat,x\r\n", CSV.replace(",2", "")]) {
    assertThrows(() => parseConfusion(csv), TaskError, "evaluation/confusion.csv: expected ", csv);
  }
  assertEquals(parseConfusion("class,predicted,count\r\ncat,dog,3\r\n"), undefined);
});

Deno.test("the report of a run that was evaluated has its confusion matrix, also without Vega-Lite", async () => {
  await using folder = await folderOf({
    ...runFiles(),
    "evaluation/confusion.csv": new TextEncoder().encode(CSV),
  });
  const none = () => Promise.reject(new NoFiguresError("no figures"));
  const out = `${folder.path}/report.html`;
  const { files } = await writeReport(await readResults(folder.path), out, none);
  assert(files.some((file) => file.endsWith("/confusion.svg")), files.join());
  const page = await Deno.readTextFile(out);
  assertStringIncludes(page, "<h2>Confusion matrix</h2>");
  assertStringIncludes(page, "17 of 20 images right.");
});
