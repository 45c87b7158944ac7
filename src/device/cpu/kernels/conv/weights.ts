/**
 * Weights of convolutions: their strides, and their packing into panels for register tiles.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../kernel.ts";
import { forEachWidth } from "../product/for_each_width.ts";
import { panelColumns } from "../product/mod.ts";
import { packPanel } from "../product/pack_panel.ts";

/** The strides in elements by which a convolution reads its weight, and the offset of the first one. */
export interface WeightStrides {
  readonly start: number;
  readonly group: number;
  readonly y: number;
  readonly x: number;
  readonly channel: number;
  readonly out: number;
}

/** The strides of a convolution's weight [y, x, in, out]. */
export function weightStrides(g: ConvGeometry): WeightStrides {
  const x = g.groupIn * g.outChannels;
  return { start: 0, group: g.groupOut, y: g.x.kernel * x, x, channel: g.outChannels, out: 1 };
}

/** The strides of the same weight for the image gradient: taps reversed, channels swapped. */
export function transposedWeightStrides(g: ConvGeometry): WeightStrides {
  const { group, y, x, channel, out } = weightStrides(g);
  const start = (g.y.kernel - 1) * y + (g.x.kernel - 1) * x;
  return { start, group, y: -y, x: -x, channel: out, out: channel };
}

/** Weights packed as [group][panel][y][x][channel][column], with one panel per `columns` columns. */
export interface WeightPanels {
  /** Columns of a panel, of which the last one of a group may use fewer. */
  readonly columns: number;
  /** Panels of a group. */
  readonly count: number;
  /** Elements of a panel. */
  readonly elements: number;
  /** The slot of scratch memory in which they are packed. */
  readonly slot: number;
}

/** Reserves scratch memory for the panels of a convolution's weight. */
export function reserveWeightPanels(context: KernelContext, g: ConvGeometry): WeightPanels {
  const widest = panelColumns(context.features), single = Math.ceil(g.groupOut / 4) * 4;
  const columns = Math.min(widest, single), count = Math.ceil(g.groupOut / columns);
  const elements = countTaps(g) * g.groupIn * columns;
  const slot = context.scratch(g.groups * count * elements);
  return { columns, count, elements, slot };
}

/** How a convolution reads a weight, and its packed panels. */
export interface PackedWeight {
  readonly g: ConvGeometry;
  /** How each pixel that is computed together reads the weight. */
  readonly weights: readonly WeightStrides[];
  readonly panels: WeightPanels;
}

/** Packs the second argument for every convolution that reads it, one panel of a group per unit. */
export function packWeightPanels(
  { operands: [, weight] }: KernelContext,
  { groups }: ConvGeometry,
  packed: readonly PackedWeight[],
): Pass {
  const { count } = packed[0]!.panels;
  return pass(groups * count, (f, unit) => {
    const [group, panel] = coordinates(f, unit, [groups, count]);
    const base = f.base(weight.slot!);
    for (const each of packed) packPanels(f, each, base, { unit, group: group!, panel: panel! });
  });
}

/** Packs one panel of a group; that of several pixels is the only one, with their columns side by side. */
function packPanels(
  f: Func,
  { g, weights, panels }: PackedWeight,
  base: Local,
  at: Readonly<Record<"unit" | "group" | "panel", Local>>,
) {
  const { columns } = panels, start = f.local("i32"), to = f.local("i32");
  f.get(f.base(panels.slot), at.unit).times(4 * panels.elements).op("i32.add").set(start);
  if (weights.length > 1) {
    const channels = g.groupOut / weights.length;
    return weights.forEach((strides, pixel) => {
      f.get(start).plus(4 * pixel * channels).set(to);
      packTaps(f, g, strides, panels, channels, base, { ...at, to });
    });
  }
  const pack = (channels: number) => {
    f.get(start).set(to);
    packTaps(f, g, weights[0]!, panels, channels, base, { ...at, to });
  };
  forEachWidth(f, at.panel, g.groupOut, columns, pack);
}

/** Packs some columns of every tap. */
function packTaps(
  f: Func,
  g: ConvGeometry,
  weights: WeightStrides,
  { columns }: WeightPanels,
  channels: number,
  base: Local,
  { group, panel, to }: Readonly<Record<"group" | "panel" | "to", Local>>,
) {
  const [y, x, from] = f.locals("i32", 3);
  f.count(y, g.y.kernel, () => {
    f.count(x, g.x.kernel, () => {
      f.get(group).times(weights.group).get(panel).times(columns * weights.out).op("i32.add");
      f.get(y).times(weights.y).op("i32.add").get(x).times(weights.x).op("i32.add");
      f.plus(weights.start).times(4).get(base).op("i32.add").set(from);
      packPanel(f, {
        rows: g.groupIn,
        columns: channels,
        width: columns,
        rowStride: weights.channel,
        columnStride: weights.out,
      }, { from, to });
    });
  });
}
