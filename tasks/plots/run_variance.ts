/**
 * The variance of each layer's output in one run, before and after LSUV.
 *
 * @module
 */
import { PRESETS } from "../../src/init/mod.ts";
import type { Run } from "../run/read_run.ts";
import type { LsuvRow } from "../run/tables.ts";
import { countAxis, logAxis } from "./axis.ts";
import type { Figure, Line, Point } from "./panel.ts";
import { geometricMean } from "./statistics.ts";

/** The rows of each layer in order, one per maxout piece. */
const groupByLayer = (rows: readonly LsuvRow[]): LsuvRow[][] => [
  ...Map.groupBy(rows, ({ name }) => name).values(),
];

function varianceLine(
  layers: readonly (readonly LsuvRow[])[],
  when: "before" | "after",
): Line {
  const points = layers.flatMap((rows, i): Point[] => {
    const y = geometricMean(rows.map((row) => row[when]));
    return y === undefined ? [] : [{ x: i + 1, y }];
  });
  const dots = layers.flatMap((rows, i) =>
    rows.length > 1 ? rows.map((row) => ({ x: i + 1, y: row[when] })).filter(({ y }) => y > 0) : []
  );
  const look = when === "before" ? { color: 1, dashed: true, open: true } : { color: 0 };
  return { name: `${when} LSUV`, ...look, points, dots };
}

/** The layers of each kind, by the kinds in the names: `convolution: 1–9; dense: 10, 11`. */
export function kindsText(names: readonly string[]): string {
  const kinds = Map.groupBy(
    names.map((name, i) => [name.split(" ").at(-1) ?? name, i + 1] as const),
    ([kind]) => kind,
  );
  const words: Readonly<Record<string, string>> = { conv: "convolution", dense: "dense" };
  return [...kinds].map(([kind, at]) => {
    const numbers = at.map(([, number]) => number);
    const run = numbers.length > 2 && numbers.every((n, i) => n === numbers[0]! + i);
    const text = run ? `${numbers[0]}–${numbers.at(-1)}` : numbers.join(", ");
    return `${words[kind] ?? kind}: ${text}`;
  }).join("; ");
}

/** The bounds of LSUV's tolerance around variance 1. */
function toleranceBounds(
  { manifest: { settings = {} } }: Run,
): readonly [number, number] | undefined {
  const preset = Object.entries(PRESETS).find(([name]) => name === settings.lsuv)?.[1];
  return preset && [1 - preset.tolerance, 1 + preset.tolerance];
}

function writeCaption(run: Run, names: readonly string[]): string {
  const undrawn = run.lsuv.filter(({ before, after }) => !(before > 0 && after > 0)).length;
  return "Variance of each layer's output by depth, on a logarithmic scale. Before: when LSUV " +
    "reached the layer, with all earlier layers already rescaled." +
    (undrawn > 0 ? ` Not drawn: ${undrawn} of variance zero or not finite.` : "") +
    ` Layers: ${kindsText(names)}. From lsuv.csv.`;
}

/** Variance by depth, before and after; undefined without `lsuv.csv`. */
export function varianceFigure(run: Run): Figure | undefined {
  const layers = groupByLayer(run.lsuv), within = toleranceBounds(run);
  if (layers.length === 0) return undefined;
  const lines = [varianceLine(layers, "before"), varianceLine(layers, "after")];
  const heights = lines.flatMap(({ points, dots = [] }) => [...points, ...dots].map(({ y }) => y));
  return {
    name: "variance",
    title: `Variance of each layer's output in ${run.name}, before and after LSUV`,
    caption: writeCaption(run, layers.map(([first]) => first!.name)),
    key: [
      ...(layers.some((rows) => rows.length > 1)
        ? ["Small dots: maxout pieces; larger marks: their geometric mean."]
        : []),
      "Gray line: variance 1, which LSUV aims at" + (within ? "; shaded: its tolerance." : "."),
    ],
    panels: [{
      x: countAxis("layer, from input to output", 1, layers.length),
      y: logAxis("variance of the output", [...heights, ...(within ?? [1])]),
      lines,
      target: { value: 1, within },
    }],
  };
}
