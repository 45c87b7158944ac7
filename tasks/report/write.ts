/**
 * Writing a report: an HTML page, the same in Markdown, and its figures.
 *
 * @module
 */
import { makeFolder } from "../cli/output_paths.ts";
import { writeFile } from "../cli/write_file.ts";
import { drawConfusion } from "../plots/confusion.ts";
import { drawHeatMap } from "../plots/heat_map.ts";
import { drawFigure } from "../plots/svg.ts";
import { type Draw, loadVega, NoFiguresError } from "../plots/vega.ts";
import { composeReport, type Drawings } from "./compose.ts";
import { heatMaps } from "./figures/heat_maps.ts";
import { reportFigures } from "./figures/mod.ts";
import { renderHtml } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Results } from "./results.ts";

/** Draws the figures; returns why they are missing where Vega-Lite is not available. */
async function drawAll(
  results: Results,
  load: () => Promise<Draw>,
): Promise<Omit<Drawings, "confusion" | "maps">> {
  const { learning, depth } = reportFigures(results);
  if (learning.length + depth.length === 0) return { learning: [], depth: [], faults: [] };
  try {
    const draw = await load();
    return {
      learning: await Promise.all(learning.map((figure) => drawFigure(draw, figure))),
      depth: await Promise.all(depth.map((figure) => drawFigure(draw, figure))),
      faults: [],
    };
  } catch (error) {
    if (!(error instanceof NoFiguresError)) throw error;
    return { learning: [], depth: [], faults: [error.message] };
  }
}

/** The files that were written. */
export interface Written {
  /** The files, the page first. */
  readonly files: readonly string[];
  /** Why figures are missing, a line each. */
  readonly faults: readonly string[];
}

/**
 * Writes a report.
 *
 * @param out The page's file, which ends in `.html`; Markdown and figures are written beside it.
 * @param load Loads the program that draws.
 */
export async function writeReport(
  results: Results,
  out: string,
  load: () => Promise<Draw> = loadVega,
): Promise<Written> {
  const { confusion } = results;
  const drawings = {
    ...await drawAll(results, load),
    maps: heatMaps(results).map(drawHeatMap),
    confusion: confusion ? [drawConfusion(confusion)] : [],
  };
  const document = composeReport(results, drawings);
  const folder = out.replace(/[^/\\]*$/, "");
  const files: readonly (readonly [path: string, text: string])[] = [
    [out, renderHtml(document)],
    [out.replace(/\.html$/, ".md"), renderMarkdown(document)],
    ...[drawings.maps, drawings.depth, drawings.learning, drawings.confusion].flat().map((
      { name, svg },
    ) => [`${folder}${name}.svg`, svg] as const),
  ];
  if (folder) await makeFolder(folder);
  for (const [path, text] of files) await writeFile(path, text);
  return { files: files.map(([path]) => path), faults: drawings.faults };
}
