/**
 * What the live page's charts show of a run and of a grid.
 *
 * @module
 */
import { capitalize, fixed } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { countAxis, linearAxis, logAxis } from "../../plots/axis.ts";
import type { Axis, Point } from "../../plots/panel.ts";
import { geometricMean, summarize } from "../../plots/statistics.ts";
import { linearTicks } from "../../plots/ticks.ts";
import type { EpochRow } from "../../run/tables.ts";
import type { GridView, LayerSnapshot, RunView } from "../view.ts";
import type { LiveLine, LivePanel } from "./plot.ts";

/** Epochs from the start to where a run is. */
function epochAxis({ points, rows, stepsPerEpoch }: RunView): Axis {
  const last = Math.max((points.at(-1)?.[0] ?? 0) / stepsPerEpoch, rows.at(-1)?.epoch ?? 0);
  return { title: "epoch", domain: [0, last], ticks: linearTicks(0, last, 6) };
}

/** The values that an axis must hold. */
const heights = (lines: readonly LiveLine[]): number[] =>
  lines.flatMap(({ points, dots = [] }) => [...points, ...dots].map(({ y }) => y));

// What is not finite has become null on its way.
const trainingPoints = (run: RunView, of: 2 | 3 | 4, times: number): Point[] =>
  run.points.map((point) => ({ x: point[0] / run.stepsPerEpoch, y: times * (point[of] ?? NaN) }));

const epochPoints = (run: RunView, column: keyof EpochRow, times: number): Point[] =>
  run.rows.map((row) => ({ x: row.epoch, y: times * (row[column] ?? NaN) }));

const lastText = (points: readonly Point[], digits: number): string | undefined =>
  points.length > 0 ? fixed(points[points.length - 1]!.y, digits) : undefined;

/** The runs of before that were not watched have epochs only. */
function curveLines(
  run: RunView,
  { of, rows: [train, test], times, digits }: {
    readonly of: 2 | 3;
    readonly rows: readonly [keyof EpochRow, keyof EpochRow];
    readonly times: number;
    readonly digits: number;
  },
): LiveLine[] {
  const known = run.points.length > 0
    ? trainingPoints(run, of, times)
    : epochPoints(run, train, times);
  const tested = epochPoints(run, test, times);
  return [
    { name: "test", colour: 0, points: tested, end: lastText(tested, digits) },
    { name: "training", colour: 1, points: known, end: lastText(known, digits) },
  ];
}

const rateDrops = ({ drops }: RunView, { domain: [, end] }: Axis): number[] =>
  drops.filter((at) => at > 0 && at < end);

/** Loss by epoch. */
export function lossPanel(run: RunView, log: boolean): LivePanel {
  const rows = ["trainLoss", "testLoss"] as const;
  const lines = curveLines(run, { of: 2, rows, times: 1, digits: 4 }), x = epochAxis(run);
  const shown = log
    ? lines.map((line) => ({ ...line, points: line.points.filter(({ y }) => y > 0) }))
    : lines;
  const y = log
    ? logAxis("loss", heights(shown))
    : linearAxis("loss", heights(lines), [0, Infinity]);
  const title = run.loss === "softmax" ? "Loss, nats" : `Loss, ${run.loss}`;
  return { title, x, y, lines: shown, events: rateDrops(run, x) };
}

/** Accuracy by epoch. */
export function accuracyPanel(run: RunView): LivePanel {
  const rows = ["trainAccuracy", "testAccuracy"] as const;
  const lines = curveLines(run, { of: 3, rows, times: 100, digits: 2 }), x = epochAxis(run);
  const y = linearAxis("accuracy, %", heights(lines), [0, 100]);
  return { title: "Accuracy, %", x, y, lines, events: rateDrops(run, x) };
}

/** Images a second by epoch. */
export function speedPanel(run: RunView): LivePanel {
  const points = run.points.length > 0
    ? trainingPoints(run, 4, 1).filter(({ y }) => y > 0)
    : epochPoints(run, "imagesPerSecond", 1);
  const lines = [{ name: "training", colour: 2, points, end: lastText(points, 0) }];
  const y = linearAxis("images a second", [0, ...heights(lines)], [0, Infinity]);
  return { title: "Throughput, images/s", x: epochAxis(run), y, lines };
}

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

const byDepth = (values: readonly number[]): Point[] =>
  values.map((y, i) => ({ x: i + 1, y })).filter(({ y }) => y > 0);

/** The variance of each layer's output as LSUV found and left it. */
export function lsuvPanel({ scaling, within }: RunView): LivePanel | undefined {
  const line = (when: "before" | "after", look: Pick<LiveLine, "colour" | "dashed" | "open">) => ({
    name: `${when} LSUV`,
    ...look,
    points: byDepth(scaling.map((layer) => geometricMean(layer[when]) ?? NaN)),
    dots: scaling.flatMap((layer, i) =>
      layer[when].length > 1
        ? layer[when].map((y) => ({ x: i + 1, y })).filter(({ y }) => y > 0)
        : []
    ),
  });
  const lines = [
    line("after", { colour: 0 }),
    line("before", { colour: 1, dashed: true, open: true }),
  ];
  return depthPanel("Variance of the output by layer", lines, {
    value: 1,
    within: within ?? undefined,
  });
}

/** Variance by layer at the start and after epochs, the latest in front. */
export function layersPanel(
  { initial, snapshots, within }: RunView,
  of: "activation" | "gradient",
): LivePanel | undefined {
  const line = (layers: LayerSnapshot, look: Omit<LiveLine, "name" | "points">): LiveLine => (
    { name: layers.phase.replace("lsuv", "LSUV"), points: byDepth(layers[of]), ...look }
  );
  const isBefore = ({ phase }: LayerSnapshot) => phase.startsWith("before");
  const before = initial.find(isBefore), start = initial.find((layers) => !isBefore(layers));
  const latest = snapshots.at(-1), between = snapshots.slice(0, -1);
  const lines = [
    ...(latest ? [line(latest, { colour: 2 })] : []),
    ...(start ? [line(start, { colour: 0 })] : []),
    ...(before ? [line(before, { colour: 1, dashed: true, open: true })] : []),
    ...between.map((layers) => line(layers, { colour: 2, faint: true })),
  ];
  return of === "activation"
    ? depthPanel("Variance of the output by layer", lines, {
      value: 1,
      within: within ?? undefined,
    })
    : depthPanel("Variance of the gradient by layer", lines, undefined);
}

/** The measure of a grid by epoch in one of its columns: a line a row, the mean over seeds. */
export function comparisonPanel(
  grid: GridView,
  runs: Readonly<Record<string, RunView>>,
  column: string,
): LivePanel | undefined {
  const cells = grid.cells.filter((cell) => cell.column === column);
  const lines = grid.rows.map((row, colour): LiveLine => {
    const rows = cells.filter((cell) => cell.row === row).flatMap(({ run }) =>
      runs[run]?.rows ?? []
    );
    const epochs = [...new Set(rows.map(({ epoch }) => epoch))].sort((a, b) => a - b);
    const points = epochs.map((epoch) => {
      const own = rows.filter((row) => row.epoch === epoch);
      const values = own.map(({ testAccuracy }) => toMeasure(grid, testAccuracy ?? NaN));
      return { x: epoch, y: summarize(values)!.mean };
    });
    return { name: row, colour, points, end: lastText(points, 2) };
  });
  const all = lines.flatMap(({ points }) => points), most = Math.max(...all.map(({ x }) => x), 0);
  if (most === 0) return undefined;
  const words = grid.measure.replace(" %", ", %");
  const x: Axis = { title: "epoch", domain: [0, most], ticks: linearTicks(0, most, 6) };
  return {
    title: `${capitalize(words)}, by epoch: ${column}`,
    x,
    y: linearAxis(words, all.map(({ y }) => y), [0, 100]),
    lines,
  };
}
