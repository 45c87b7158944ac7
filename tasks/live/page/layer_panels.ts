/**
 * The panels of a run by layer: variances before and after LSUV, and during training.
 *
 * @module
 */
import { countAxis, logAxis } from "../../plots/axis.ts";
import type { Point } from "../../plots/panel.ts";
import { geometricMean } from "../../plots/statistics.ts";
import type { LayerScaling, LayerSnapshot, RunView } from "../view.ts";
import { heights } from "./lines.ts";
import type { LiveLine, LivePanel } from "./plot.ts";

type Look = Omit<LiveLine, "name" | "points">;

/** The styles of lines before LSUV, at the start, and after epochs. */
const BEFORE: Look = { color: 1, dashed: true, open: true };
const START: Look = { color: 0 };
const EPOCH: Look = { color: 2 };

/** The titles of the variances. */
const TITLES = {
  activation: "Variance of the output by layer",
  gradient: "Variance of the gradient by layer",
} as const;

/** LSUV's target variance, with its tolerance. */
const target = ({ within }: RunView): LivePanel["target"] => ({
  value: 1,
  within: within ?? undefined,
});

/** The panel of lines by layer; undefined where none has a point. */
function depthPanel(
  title: string,
  lines: readonly LiveLine[],
  target: LivePanel["target"],
): LivePanel | undefined {
  const depth = Math.max(...lines.map(({ points }) => points.length), 0);
  if (depth === 0) return undefined;
  const values = [...heights(lines), ...(target ? target.within ?? [target.value] : [])];
  const x = countAxis("layer, from input to output", 1, depth), y = logAxis(title, values);
  return { title, x, y, lines, target };
}

/** The points that a logarithmic axis can show. */
const positive = (points: readonly Point[]): Point[] => points.filter(({ y }) => y > 0);

const byDepth = (values: readonly number[]): Point[] =>
  positive(values.map((y, i) => ({ x: i + 1, y })));

/** The geometric means of layers, with dots for the pieces of layers that have several. */
const scalingLine = (
  scaling: readonly LayerScaling[],
  when: "before" | "after",
  look: Look,
): LiveLine => ({
  name: `${when} LSUV`,
  ...look,
  points: byDepth(scaling.map((layer) => geometricMean(layer[when]) ?? NaN)),
  dots: scaling.flatMap((layer, i) =>
    layer[when].length > 1 ? positive(layer[when].map((y) => ({ x: i + 1, y }))) : []
  ),
});

/** The variance of each layer's output before and after LSUV. */
export function lsuvPanel(run: RunView): LivePanel | undefined {
  const { scaling } = run;
  const lines = [scalingLine(scaling, "after", START), scalingLine(scaling, "before", BEFORE)];
  return depthPanel(TITLES.activation, lines, target(run));
}

const isBefore = ({ phase }: LayerSnapshot): boolean => phase.startsWith("before");

/** Variance by layer at the start and after epochs, the latest in front. */
export function layersPanel(run: RunView, of: keyof typeof TITLES): LivePanel | undefined {
  const { initial, snapshots } = run;
  const lineFor = (look: Look) => (layers: LayerSnapshot): LiveLine => (
    { name: layers.phase.replace("lsuv", "LSUV"), points: byDepth(layers[of]), ...look }
  );
  const before = initial.find(isBefore), start = initial.find((layers) => !isBefore(layers));
  const latest = snapshots.at(-1), between = snapshots.slice(0, -1);
  const lines = [
    ...(latest ? [lineFor(EPOCH)(latest)] : []),
    ...(start ? [lineFor(START)(start)] : []),
    ...(before ? [lineFor(BEFORE)(before)] : []),
    ...between.map(lineFor({ ...EPOCH, faint: true })),
  ];
  return depthPanel(TITLES[of], lines, of === "activation" ? target(run) : undefined);
}
