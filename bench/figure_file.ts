/**
 * Drawing the figure of a benchmark beside its file of results.
 *
 * @module
 */
import { writeAtomically } from "../src/train/write_atomically.ts";
import { drawFigure, type Figure, loadVega, NoFiguresError } from "../tasks/plots/mod.ts";

/** Writes a figure to a path, and prints that; where Vega-Lite is not available, prints so in the task's name. */
export async function drawInto(path: string, figure: Figure, task: string): Promise<void> {
  try {
    const { svg } = await drawFigure(await loadVega(), figure);
    await writeAtomically(path, svg);
    console.log(path);
  } catch (error) {
    if (!(error instanceof NoFiguresError)) throw error;
    console.error(`${task}: ${error.message}`);
  }
}
