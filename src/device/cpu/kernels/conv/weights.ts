/**
 * Weights of convolutions: their strides, and their packing into panels for register tiles.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../kernel.ts";
import { split, tileColumns } from "../register_tile.ts";

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

/** Weights packed as [group][panel][y][x][channel][column], with one panel per tile's columns. */
export interface WeightPanels {
  /** Columns of a panel; the last one may be padded with zeros. */
  readonly columns: number;
  /** Full panels of a group, and the channels of a last, partial one, 0 if there is none. */
  readonly full: number;
  readonly remainder: number;
  readonly count: number;
  /** Elements of a panel. */
  readonly elements: number;
  /** The slot of scratch memory in which they are packed. */
  readonly slot: number;
}

/** Reserves scratch memory for the panels of a convolution's weight. */
export function reserveWeightPanels(context: KernelContext, g: ConvGeometry): WeightPanels {
  const columns = tileColumns(context.features), [full, remainder] = split(g.groupOut, columns);
  const count = full + (remainder ? 1 : 0), elements = countTaps(g) * g.groupIn * columns;
  const slot = context.scratch(g.groups * count * elements);
  return { columns, full, remainder, count, elements, slot };
}

/** Packs the second argument, one panel per unit. */
export function packWeightPanels(
  { operands }: KernelContext,
  g: ConvGeometry,
  weights: WeightStrides,
  panels: WeightPanels,
): Pass {
  return pass(g.groups * panels.count, (f, unit) => {
    const [group, panel] = coordinates(f, unit, [g.groups, panels.count]);
    const [y, x, channel, from, to] = f.locals("i32", 5);
    const pointToTap = () => {
      f.get(group).times(weights.group).get(panel).times(panels.columns * weights.out);
      f.op("i32.add").get(y).times(weights.y).op("i32.add").get(x).times(weights.x);
      f.op("i32.add").plus(weights.start).set(from);
    };
    const packRow = () => {
      f.block(() => {
        if (panels.remainder) {
          f.get(panel).i32(panels.full).op("i32.eq").when(() => {
            copyColumns(f, panels, panels.remainder, operands[1].slot!, weights.out, { from, to });
            f.exit(1);
          });
        }
        copyColumns(f, panels, panels.columns, operands[1].slot!, weights.out, { from, to });
      });
    };
    f.get(f.base(panels.slot), unit).times(4 * panels.elements).op("i32.add").set(to);
    f.count(y, g.y.kernel, () => {
      f.count(x, g.x.kernel, () => {
        pointToTap();
        f.count(channel, g.groupIn, () => {
          packRow();
          f.advance(from, weights.channel).advance(to, 4 * panels.columns);
        });
      });
    });
  });
}

/** Copies the `count` channels of a panel's row, and pads the remaining columns with zeros. */
function copyColumns(
  f: Func,
  { columns }: WeightPanels,
  count: number,
  slot: number,
  stride: number,
  { from, to }: Readonly<Record<"from" | "to", Local>>,
) {
  for (let column = 0; column < columns; column++) {
    f.get(to);
    if (column < count) {
      f.get(from).times(4).get(f.base(slot)).op("i32.add");
      f.plus(4 * column * stride).access("i32.load");
    } else f.i32(0);
    f.access("i32.store", 4 * column);
  }
}
