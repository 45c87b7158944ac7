/**
 * The figures in a run's folder.
 *
 * @module
 */
import { writeFile } from "../cli/write_file.ts";
import { baseName } from "../cli/base_name.ts";
import { readRun } from "../run/read_run.ts";
import { runFigures } from "./run_figures.ts";
import { drawFigure } from "./svg.ts";
import { type Draw, loadVega, NoFiguresError } from "./vega.ts";

/**
 * Writes `curve.svg` and `variance.svg` into a run's folder, as far as its files have the data. Returns a
 * line that says why there are none where Vega-Lite is not available.
 */
export async function drawRun(
  path: string,
  load: () => Promise<Draw> = loadVega,
): Promise<string | undefined> {
  const figures = runFigures(await readRun(path, baseName(path)));
  if (figures.length === 0) return undefined;
  try {
    const draw = await load();
    for (const figure of figures) {
      const { name, svg } = await drawFigure(draw, figure);
      await writeFile(`${path}/${name}.svg`, svg);
    }
  } catch (error) {
    if (!(error instanceof NoFiguresError)) throw error;
    return error.message;
  }
}
