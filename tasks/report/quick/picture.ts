/**
 * The picture of LSUV: variance by depth before training, and what the nets then learn.
 *
 * @module
 */
import type { Figure, Panel } from "../../plots/panel.ts";
import { tickLabels } from "../../plots/ticks.ts";
import { reportFigures } from "../figures/mod.ts";
import type { Results } from "../results.ts";

/** The rows whose lines are drawn: the others lie on them. */
const isDrawn = ({ name }: { readonly name: string }): boolean => !name.startsWith("OrthoNorm");

/** The panel of a column in one of the figures. */
function panelOf(
  figures: readonly Figure[],
  name: string,
  column: string,
  title: string,
): Panel | undefined {
  const panel = figures.find((figure) => figure.name === name)?.panels
    .find((panel) => panel.title === column);
  return panel && { ...panel, title, lines: panel.lines.filter(isDrawn) };
}

/** How far the line that leaves the panel falls. */
function fallText({ lines }: Panel): readonly string[] {
  const falling = lines.filter(({ beyond }) => beyond === "↓");
  const least = Math.min(...falling.flatMap(({ points }) => points.map(({ y }) => y)));
  if (!(least > 0 && least < Infinity)) return [];
  const [power] = tickLabels([10 ** Math.round(Math.log10(least))]);
  return [`Triangle and arrow: variances go on falling, to ${power}.`];
}

/** The picture of a column of `repro:table3`; undefined where its runs have nothing to draw. */
export function lsuvPicture(results: Results, column: string): Figure | undefined {
  const { depth, learning } = reportFigures(results);
  const variance = panelOf(depth, "variance", column, "Variance of each layer, before training");
  const accuracy = panelOf(learning, "accuracy", column, "Test accuracy, while it trains");
  if (!variance || !accuracy) return undefined;
  return {
    name: "quick",
    title: `FitNet-4 with ${column} from four initializations`,
    caption: "",
    key: [
      `A narrow FitNet-4 with ${column}, 17 convolutions and two dense layers, trained for hundreds of steps.`,
      "Open marks: orthonormal weights, before LSUV scales them. Gray line: variance 1.",
      ...fallText(variance),
      "n/c: learned nothing.",
    ],
    panels: [variance, accuracy],
  };
}
