/**
 * `deno task architecture`: draws the floors and data paths of docs/architecture.md from the imports, light
 * and dark, and counts in the history which files adding an op, a layer, … touches. See `--help`.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { type Command, command, TaskError } from "../../tasks/cli/mod.ts";
import { checkOption } from "../check_option.ts";
import { readSources } from "../floors/sources.ts";
import { formatMarkdown } from "../format_markdown.ts";
import { draw, type Drawing } from "./drawing.ts";
import { floorsDrawing } from "./floors.ts";
import { countTouched, withCounts } from "./touched.ts";
import { THEMES } from "./theme.ts";
import { PIPELINES } from "./pipelines.ts";
import { pipelineDrawing } from "./pipeline.ts";

const FOLDER = "docs/architecture", PAGE = "docs/architecture.md";

const TABLE = checkOption("what it draws");

const ARCHITECTURE: Command<typeof TABLE> = {
  name: "architecture",
  table: TABLE,
  page: {
    command: "deno task architecture",
    about: `draw the pictures of ${PAGE} from the imports, and count which files a change touches.`,
    examples: [
      ["deno task architecture", "After a change of files or imports:"],
      ["deno task architecture --check", "As deno task ok does:"],
    ],
    notes: [
      "The table of what adding an op, a layer, a data set, … touches is read from the history of git.",
    ],
  },
};

/** The drawings, each as a path and a text, light and dark. */
async function drawings(): Promise<(readonly [path: string, text: string])[]> {
  const sources = await readSources(".");
  const all: [name: string, drawing: Drawing][] = [
    ["floors", floorsDrawing(sources)],
    ...PIPELINES.map((
      pipeline,
    ): [string, Drawing] => [pipeline.name, pipelineDrawing(pipeline, sources)]),
  ];
  return all.flatMap(([name, drawing]) =>
    THEMES.map((theme) => [`${FOLDER}/${name}-${theme.name}.svg`, draw(drawing, theme)] as const)
  );
}

async function check(): Promise<void> {
  const stale: string[] = [];
  for (const [path, text] of await drawings()) {
    if (await Deno.readTextFile(path).catch(() => "") !== text) stale.push(path);
  }
  if (stale.length > 0) {
    throw new TaskError(`${stale.join(", ")}: not up to date; run deno task architecture`);
  }
}

async function write(): Promise<void> {
  const files = await drawings();
  await Deno.mkdir(FOLDER, { recursive: true });
  for (const [path, text] of files) await Deno.writeTextFile(path, text);
  const page = withCounts(await Deno.readTextFile(PAGE), await countTouched("."));
  await Deno.writeTextFile(PAGE, await formatMarkdown(page, "."));
  console.log(`${FOLDER}: ${counted(files.length, "drawing")}; ${PAGE}: its table`);
}

if (import.meta.main) {
  Deno.exit(
    await command(ARCHITECTURE, Deno.args, ({ values }) => values.check ? check() : write()),
  );
}
