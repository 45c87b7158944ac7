/**
 * Convolution and the gradient of its image: weights packed in panels of a tile's columns, images laid
 * out band by band, then tiles of 4 pixels by as many channels.
 *
 * @module
 */
import {
  type ConvGeometry,
  convGeometry,
  inputGradientGeometry,
} from "../../../../ops/conv_geometry.ts";
import { coordinates, type KernelContext, type Lower, type Lowered, pass } from "../../kernel.ts";
import { bandsOf, layout, liesReady, pointToBand } from "./bands.ts";
import { algorithmFor } from "./choice.ts";
import { correlateBlocks } from "./winograd/correlate.ts";
import { columnsOf, productTile, ROWS, split, tiles } from "../register_tile.ts";

/** Where a weight lies: elements from the first to the one of some coordinates. */
export interface WeightStrides {
  readonly start: number;
  readonly group: number;
  readonly y: number;
  readonly x: number;
  readonly channel: number;
  readonly out: number;
}

const panelSize = (c: ConvGeometry, columns: number) =>
  c.y.kernel * c.x.kernel * c.groupIn * columns;

/** Packs weights as [group][panel][y][x][channel][column], zeros where a panel has fewer channels. */
function packWeights(context: KernelContext, c: ConvGeometry, w: WeightStrides, packed: number) {
  const all = columnsOf(context.features);
  const [full, rest] = split(c.groupOut, all), panels = full + (rest ? 1 : 0);
  return pass(c.groups * panels, (f, unit) => {
    const [g, panel] = coordinates(f, unit, [c.groups, panels]);
    const [y, x, channel, from, to] = f.locals("i32", 5);
    const write = (columns: number) => {
      for (let j = 0; j < all; j++) {
        f.get(to);
        if (j < columns) {
          f.get(from).times(4).get(f.base(context.operands[1].slot!)).op("i32.add");
          f.plus(4 * j * w.out).access("i32.load");
        } else f.i32(0);
        f.access("i32.store", 4 * j);
      }
    };
    f.get(f.base(packed), unit).times(4 * panelSize(c, all)).op("i32.add").set(to);
    f.count(y, c.y.kernel, () => {
      f.count(x, c.x.kernel, () => {
        f.get(g).times(w.group).get(panel).times(all * w.out).op("i32.add").get(y).times(w.y);
        f.op("i32.add").get(x).times(w.x).op("i32.add").plus(w.start).set(from);
        f.count(channel, c.groupIn, () => {
          f.block(() => {
            if (rest) {
              f.get(panel).i32(full).op("i32.eq").when(() => {
                write(rest);
                f.exit(1);
              });
            }
            write(all);
          });
          f.advance(from, w.channel).advance(to, 4 * all);
        });
      });
    });
  });
}

function correlate(context: KernelContext, c: ConvGeometry, weights: WeightStrides): Lowered {
  const algorithm = algorithmFor(context.features, c);
  if (algorithm) return correlateBlocks(context, c, algorithm, weights);
  const { module, features, operands: [source], out } = context;
  const bands = bandsOf(c), allOut = c.outChannels;
  const all = columnsOf(features), [fullPanels, lastColumns] = split(c.groupOut, all);
  const panels = fullPanels + (lastColumns ? 1 : 0), perPanel = panelSize(c, all);
  const packed = context.scratch(c.groups * panels * perPanel);
  const lay = liesReady(c, source) ? undefined : layout(context, c, bands, source);
  const tile = tiles((rows, columns) =>
    module.add(productTile(features, {
      rows,
      columns,
      depth: c.x.kernel * c.groupIn,
      leftRow: c.x.stride * bands.pixel,
      lines: c.y.kernel,
      leftLine: bands.row,
      outRow: 4 * allOut,
    }))
  );
  const [fullTiles, lastRows] = split(c.x.out, ROWS);
  const bandPass = pass(c.batch * bands.count, (f, unit) => {
    const [image, band] = coordinates(f, unit, [c.batch, bands.count]);
    const [first, rows, pointer, start, left, right, to] = f.locals("i32", 7);
    const [g, panel, y, x, line, target, end] = f.locals("i32", 7);
    f.get(band).times(bands.rows).tee(first).times(-1).plus(c.y.out).set(rows);
    f.get(rows).i32(bands.rows).get(rows).i32(bands.rows).op("i32.lt_u", "select").set(rows);
    pointToBand(f, c, bands, source, lay, { image, first, rows, pointer });
    f.get(image).times(c.y.out).get(first).op("i32.add").times(c.x.out * allOut).tee(start);
    f.times(4).get(f.base(out)).op("i32.add").set(to).get(f.base(packed)).set(right);
    const pixels = (columns: number, count: number) => {
      f.get(left, right, target).call(tile(count, columns));
      f.advance(left, count * c.x.stride * bands.pixel).advance(target, count * 4 * allOut);
    };
    const onePanel = (columns: number) => {
      f.get(pointer).set(line).get(to).set(target).i32(0).set(y);
      f.while(y, rows, 1, () => {
        f.get(line).set(left);
        f.count(x, fullTiles, () => pixels(columns, ROWS));
        if (lastRows) pixels(columns, lastRows);
        f.advance(line, c.y.stride * bands.row);
      });
      f.advance(to, 4 * columns).advance(right, 4 * perPanel);
    };
    f.count(g, c.groups, () => {
      f.count(panel, fullPanels, () => onePanel(all));
      if (lastColumns) onePanel(lastColumns);
      f.advance(pointer, bands.group);
    });
    f.get(rows).times(c.x.out * allOut).get(start).op("i32.add").set(end);
    context.finish(f, () => f.get(start), () => f.get(end), (c.x.out * allOut) % 4 === 0);
  });
  return { passes: [packWeights(context, c, weights, packed), bandPass] };
}

/** Elements between weights [y, x, in, out]. */
const strides = (g: ConvGeometry) => {
  const x = g.groupIn * g.outChannels;
  return { y: g.x.kernel * x, x, group: g.groupOut };
};

/** image, weight → output. */
export const conv2d: Lower = (context) => {
  const g = convGeometry(context.args[0].shape, context.args[1].shape, context.attrs);
  return correlate(context, g, {
    ...strides(g),
    start: 0,
    channel: g.outChannels,
    out: 1,
  });
};

/** output cotangent, weight → image cotangent: taps in the opposite order, channels exchanged. */
export const conv2dInputGradient: Lower = (context) => {
  const g = convGeometry(context.spec.shape, context.args[1].shape, context.attrs);
  const { y, x, group } = strides(g);
  return correlate(context, inputGradientGeometry(g), {
    start: (g.y.kernel - 1) * y + (g.x.kernel - 1) * x,
    y: -y,
    x: -x,
    group,
    channel: 1,
    out: g.outChannels,
  });
};
