/**
 * Direct convolution: weights are packed in panels of a tile's columns, images are read band by band, and
 * register tiles compute 4 pixels by a panel's channels.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type KernelContext, type Lowered, type Pass, pass } from "../../kernel.ts";
import { productTile, ROWS, split, tiles } from "../register_tile.ts";
import { type Bands, splitIntoBands } from "./bands.ts";
import { type BandReader, bandReader, setBandRows } from "./layout.ts";
import {
  packWeightPanels,
  reserveWeightPanels,
  type WeightPanels,
  type WeightStrides,
} from "./weights.ts";

/** Lowers a convolution of any geometry without dilation. */
export function convolveDirectly(
  context: KernelContext,
  g: ConvGeometry,
  weights: WeightStrides,
): Lowered {
  const bands = splitIntoBands(g), panels = reserveWeightPanels(context, g);
  const images = bandReader(context, g, bands, context.operands[0]);
  const multiply = multiplyBands(context, g, bands, images, panels);
  return { passes: [packWeightPanels(context, g, weights, panels), multiply] };
}

/** The tile functions, by pixels and channels. */
const tileFunctions = ({ module, features }: KernelContext, g: ConvGeometry, bands: Bands) =>
  tiles((rows, columns) =>
    module.add(productTile(features, {
      rows,
      columns,
      depth: g.x.kernel * g.groupIn,
      leftRow: g.x.stride * bands.pixel,
      lines: g.y.kernel,
      leftLine: bands.row,
      outRow: 4 * g.outChannels,
    }))
  );

/** The locals of a band: its result rows, and the pointers to its operands. */
type Band = Readonly<
  Record<"first" | "rows" | "pointer" | "start" | "left" | "right" | "to", Local>
>;

/** Multiplies images by packed weights, one band per unit. */
function multiplyBands(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  images: BandReader,
  panels: WeightPanels,
): Pass {
  const rowElements = g.x.out * g.outChannels, tile = tileFunctions(context, g, bands);
  return pass(g.batch * bands.count, (f, unit) => {
    const [image, band] = coordinates(f, unit, [g.batch, bands.count]);
    const [first, rows, pointer, start, left, right, to] = f.locals("i32", 7);
    const at: Band = { first, rows, pointer, start, left, right, to };
    const pointToResult = () => {
      f.get(image).times(g.y.out).get(first).op("i32.add").times(rowElements).tee(start);
      f.times(4).get(f.base(context.out)).op("i32.add").set(to);
    };
    const finish = (end: Local) => {
      f.get(rows).times(rowElements).get(start).op("i32.add").set(end);
      context.finish(f, () => f.get(start), () => f.get(end), rowElements % 4 === 0);
    };
    const [group, panel, y, x, line, target, end] = f.locals("i32", 7);
    setBandRows(f, g, bands, band, at);
    images.point(f, { image, first, rows, pointer });
    pointToResult();
    f.get(f.base(panels.slot)).set(right);
    const multiply = (columns: number) => {
      multiplyPanel(f, g, bands, { ...at, y, x, line, target }, (count) => tile(count, columns));
      f.advance(to, 4 * columns).advance(right, 4 * panels.elements);
    };
    f.count(group, g.groups, () => {
      f.count(panel, panels.full, () => multiply(panels.columns));
      if (panels.remainder) multiply(panels.remainder);
      f.advance(pointer, bands.group);
    });
    finish(end);
  });
}

/** Multiplies the rows of a band by one panel of weights, tile by tile. */
function multiplyPanel(
  f: Func,
  g: ConvGeometry,
  bands: Bands,
  at: Band & Readonly<Record<"y" | "x" | "line" | "target", Local>>,
  tile: (pixels: number) => Func,
) {
  const [fullTiles, remainder] = split(g.x.out, ROWS);
  const multiplyPixels = (count: number) => {
    f.get(at.left, at.right, at.target).call(tile(count));
    f.advance(at.left, count * g.x.stride * bands.pixel);
    f.advance(at.target, count * 4 * g.outChannels);
  };
  f.get(at.pointer).set(at.line).get(at.to).set(at.target).i32(0).set(at.y);
  f.while(at.y, at.rows, 1, () => {
    f.get(at.line).set(at.left);
    f.count(at.x, fullTiles, () => multiplyPixels(ROWS));
    if (remainder) multiplyPixels(remainder);
    f.advance(at.line, g.y.stride * bands.row);
  });
}
