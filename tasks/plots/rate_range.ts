/**
 * The figure of a learning-rate range test.
 *
 * @module
 */
import type { RateRange } from "../../src/train/mod.ts";
import { writeFile } from "../cli/write_file.ts";
import { linearAxis, logAxis } from "./axis.ts";
import type { Figure } from "./panel.ts";
import { drawFigure } from "./svg.ts";
import { loadVega, NoFiguresError } from "./vega.ts";

/** The loss by the learning rate, with the rate of the suggestion as a dotted line. */
export function rateRangeFigure(title: string, { points, suggestion }: RateRange): Figure {
  const line = (of: "loss" | "smoothed") =>
    points.map((point) => ({ x: point.rate, y: point[of] })).filter(({ y }) => Number.isFinite(y));
  const smoothed = line("smoothed"), heights = smoothed.map(({ y }) => y);
  const least = Math.min(...heights), most = Math.max(...heights.slice(0, 1), 1.5 * least);
  const within = (all: ReturnType<typeof line>) => all.filter(({ y }) => y <= 1.2 * most);
  return {
    name: "rate_range",
    title: `Learning-rate range test of ${title}`,
    caption:
      "Dots: the loss of each batch while the learning rate grows from step to step; the line is their running mean. " +
      (suggestion === undefined
        ? ""
        : "Dotted line: a tenth of the rate of the lowest running mean. ") +
      "From rate_range.csv.",
    panels: [{
      x: logAxis("learning rate", points.map(({ rate }) => rate)),
      y: linearAxis("loss", within(smoothed).map(({ y }) => y)),
      lines: [
        { name: "mean", color: 0, points: within(smoothed), dots: within(line("loss")) },
      ],
      ...(suggestion !== undefined && { events: [suggestion] }),
    }],
  };
}

/** Draws the figure into a folder; returns a line that says why there is none where Vega-Lite is missing. */
export async function drawRateRange(
  folder: string,
  title: string,
  range: RateRange,
): Promise<string | undefined> {
  try {
    const { name, svg } = await drawFigure(await loadVega(), rateRangeFigure(title, range));
    await writeFile(`${folder}/${name}.svg`, svg);
  } catch (error) {
    if (!(error instanceof NoFiguresError)) throw error;
    return error.message;
  }
}
