import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { quickPage } from "../../../tasks/report/quick/page.ts";
import { lsuvPicture } from "../../../tasks/report/quick/picture.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { recordOf } from "../experiments/record.ts";
import { experimentFolder } from "./fixtures.ts";

Deno.test("the page of --quick has each experiment's question, table and sentences", () => {
  const planned = recordOf({ seeds: [0] });
  const cells = planned.cells.map((cell, i) => ({
    ...cell,
    ...(i === 0 ? { status: "done", accuracy: 0.9, seconds: 2 } as const : {}),
    ...(i === 2 ? { status: "n/c", accuracy: 0.1, seconds: 1 } as const : {}),
  }));
  const record = { ...planned, cells };
  const page = quickPage(
    [{ command: "deno task ablate:small --quick", record }],
    "![it](quick.svg)",
  );
  assertStringIncludes(page, "\n\n![it](quick.svg)\n\n## `deno task ablate:small --quick`\n\n");
  assertStringIncludes(page, "Does everything work?");
  assertStringIncludes(page, "LSUV    ReLU            90.00");
  assertStringIncludes(page, "- ReLU: LSUV learns; Xavier stays at chance.");
  assertStringIncludes(page, "4 runs, 3.0 s of initialization and training.");
});

Deno.test("the picture of --quick has a column's variance by depth and its accuracy", async () => {
  await using folder = await experimentFolder();
  const { panels, key } = lsuvPicture(await readResults(folder.path), "ReLU")!;
  assertEquals(panels.map(({ title }) => title), [
    "Variance of each layer, before training",
    "Test accuracy, while it trains",
  ]);
  assert(panels[0]!.lines.some(({ name }) => name === "LSUV, after"));
  assert(key!.every((sentence) => sentence.endsWith(".")));
  assertEquals(lsuvPicture(await readResults(folder.path), "sigmoid"), undefined);
});
