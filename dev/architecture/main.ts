/**
 * `deno task architecture`: draws the floors and data paths of docs/architecture.md from the imports, light
 * and dark, and counts in the history which files adding an op, a layer, … touches; with `--check` it only
 * reports whether the drawings are up to date.
 *
 * @module
 */
import { readSources } from "../floors/sources.ts";
import { formatMarkdown } from "../format_markdown.ts";
import { draw, type Drawing } from "./drawing.ts";
import { floorsDrawing } from "./floors.ts";
import { countTouched, withCounts } from "./touched.ts";
import { THEMES } from "./theme.ts";
import { PIPELINES } from "./pipelines.ts";
import { pipelineDrawing } from "./pipeline.ts";

const FOLDER = "docs/architecture", PAGE = "docs/architecture.md";

const sources = await readSources(".");
const drawings: [name: string, drawing: Drawing][] = [
  ["floors", floorsDrawing(sources)],
  ...PIPELINES.map((
    pipeline,
  ): [string, Drawing] => [pipeline.name, pipelineDrawing(pipeline, sources)]),
];
const files = drawings.flatMap(([name, drawing]) =>
  THEMES.map((theme) => [`${FOLDER}/${name}-${theme.name}.svg`, draw(drawing, theme)] as const)
);

if (Deno.args.includes("--check")) {
  const stale = files.filter(([path, text]) => {
    try {
      return Deno.readTextFileSync(path) !== text;
    } catch {
      return true;
    }
  });
  for (const [path] of stale) {
    console.error(`${path}: expected what deno task architecture draws, found something else`);
  }
  Deno.exit(stale.length > 0 ? 1 : 0);
}
await Deno.mkdir(FOLDER, { recursive: true });
for (const [path, text] of files) await Deno.writeTextFile(path, text);
const page = withCounts(await Deno.readTextFile(PAGE), await countTouched("."));
await Deno.writeTextFile(PAGE, await formatMarkdown(page, "."));
console.log(`${FOLDER}: ${files.length} drawings; ${PAGE}: its table`);
