/**
 * Direct convolution: weights are packed in panels, images are read band by band, and the windows of a band
 * are multiplied by the panels of each phase.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type KernelContext, type Lowered, type Pass, pass } from "../../kernel.ts";
import { forEachWidth } from "../product/for_each_width.ts";
import { multiply, panelColumns, type ProductShape } from "../product/mod.ts";
import { type Bands, mergeImages, MIN_UNITS, splitIntoBands } from "./bands.ts";
import { setBandRows } from "./layout.ts";
import { type JoinedPixels, joinPixels } from "./joined_pixels.ts";
import { type ConvPhases, splitIntoPhases } from "./phases.ts";
import { type BandSource, bandSource } from "./source.ts";
import {
  type PackedWeight,
  packWeightPanels,
  reserveWeightPanels,
  type WeightStrides,
} from "./weights.ts";

/** The target size of what is multiplied at once of a panel in bytes, so that it stays in the L2 cache. */
const PANEL_BYTES = 256 * 1024;

/** Pixels that are computed together, with their packed weight. */
type Part = JoinedPixels & PackedWeight;

/** How a convolution is computed. */
interface DirectPlan {
  readonly g: ConvGeometry;
  readonly split: ConvPhases;
  readonly bands: Bands;
  readonly shares: Shares;
  readonly source: BandSource;
  readonly parts: readonly Part[];
}

/** Lowers a convolution of any geometry. */
export function convolveDirectly(
  context: KernelContext,
  geometry: ConvGeometry,
  weights: WeightStrides,
): Lowered {
  const { g, split } = splitWindows(geometry, weights), { union, hasZeros } = split;
  const columns = panelColumns(context.features);
  const bands = splitIntoBands(union, isWeightLarger(g) && !hasZeros ? 1 : MIN_UNITS);
  const shares = hasZeros
    ? { count: 1, channels: g.outChannels }
    : shareChannels(g, g.batch * bands.count, columns);
  const source = bandSource(context, union, bands, context.operands[0]);
  const parts = joinPixels(split.phases, columns).map((pixels): Part => ({
    ...pixels,
    panels: reserveWeightPanels(context, pixels.g),
  }));
  const products = multiplyBands(context, { g, split, bands, shares, source, parts });
  const packing = parts.length > 0 ? [packWeightPanels(context, g, parts)] : [];
  return { passes: [...packing, products], unfinished: shares.count > 1 };
}

/**
 * The phases of a convolution; if it has one, without the taps that only read padding, and of one image
 * if windows are single pixels.
 */
function splitWindows(
  whole: ConvGeometry,
  weights: WeightStrides,
): { readonly g: ConvGeometry; readonly split: ConvPhases } {
  const split = splitIntoPhases(whole, weights), [only, ...others] = split.phases;
  if (!only || others.length > 0 || split.hasZeros) return { g: whole, split };
  const g = mergeImages(only.g);
  return { g, split: g === only.g ? split : splitIntoPhases(g, only.weights) };
}

/** Whether a weight has more elements than an image, so that every unit should read only some of it. */
const isWeightLarger = ({ y, x, channels, groupIn, outChannels }: ConvGeometry) =>
  y.kernel * x.kernel * groupIn * outChannels > y.size * x.size * channels;

/** Shares of a result's channels, which units compute: some groups, or some panels of the only one. */
interface Shares {
  readonly count: number;
  /** Channels of a share; the last one may have fewer. */
  readonly channels: number;
}

/** Shares of channels for few bands. */
function shareChannels(
  { groups, groupOut, outChannels }: ConvGeometry,
  bands: number,
  columns: number,
): Shares {
  const unit = groups > 1 ? groupOut : columns, all = Math.ceil(outChannels / unit);
  const together = Math.ceil(all / Math.min(all, Math.ceil(MIN_UNITS / bands)));
  const channels = Math.min(outChannels, unit * together);
  return { count: Math.ceil(outChannels / channels), channels };
}

/**
 * The locals of a unit: its window rows in every phase, the pointers to the image and the result, and the
 * first panel of the weight.
 */
type Unit = Readonly<Record<"image" | "first" | "rows" | "pointer" | "to" | "panel", Local>>;

/** Multiplies images by packed weights, a share of the channels of one band per unit. */
function multiplyBands(context: KernelContext, plan: DirectPlan): Pass {
  const { g, split: { union, stepY, hasZeros }, bands, shares, source, parts } = plan;
  const rowElements = g.x.out * g.outChannels;
  return pass(g.batch * bands.count * shares.count, (f, unit) => {
    const [image, band, share] = coordinates(f, unit, [g.batch, bands.count, shares.count]);
    const [first, rows, pointer, to, panel, start, end] = f.locals("i32", 7);
    const at: Unit = { image: image!, first, rows, pointer, to, panel };
    const setResult = () => {
      f.get(first).times(stepY).set(start).get(first, rows).op("i32.add").times(stepY).set(end);
      f.atMost(end, g.y.out);
      for (const row of [start, end]) {
        f.get(image!).times(g.y.out).get(row).op("i32.add").times(rowElements).set(row);
      }
      if (shares.count === 1) {
        context.keep(f, () => f.get(start), bands.rows * stepY * rowElements, source.bytes);
      }
      f.get(f.base(context.out), start).times(4).op("i32.add").set(to);
    };
    const clear = () => {
      f.get(to).i32(0).get(end, start).op("i32.sub").times(4).op("memory.fill");
    };
    const multiply = (channels: number) => {
      for (const part of parts) multiplyPart(f, context, plan, part, at, channels);
    };
    setBandRows(f, union, bands, band!, at);
    source.point(f, at);
    setResult();
    if (hasZeros) clear();
    if (g.groups > 1) eachGroup(f, plan, share!, at, () => multiply(g.groupOut));
    else inShare(f, plan, share!, at, multiply);
    if (shares.count > 1) return;
    context.finish(f, () => f.get(start), () => f.get(end), rowElements % 4 === 0);
  });
}

/** Runs `body` for each group of a share. */
function eachGroup(
  f: Func,
  { g, shares, source, parts }: DirectPlan,
  share: Local,
  { pointer, to, panel }: Unit,
  body: () => void,
) {
  const [group, end] = f.locals("i32", 2), groups = shares.channels / g.groupOut;
  const panels = parts[0]?.panels.count ?? 0;
  f.get(share).times(groups).tee(group).plus(groups).set(end);
  f.atMost(end, g.groups);
  f.get(to, group).times(4 * g.groupOut).op("i32.add").set(to);
  f.get(pointer, group).times(source.group).op("i32.add").set(pointer);
  f.get(group).times(panels).set(panel);
  f.while(group, end, 1, () => {
    body();
    f.advance(pointer, source.group).advance(to, 4 * g.groupOut).advance(panel, panels);
  });
}

/** Runs `body` with the number of channels of a share. */
function inShare(
  f: Func,
  { g, shares: { channels }, parts }: DirectPlan,
  share: Local,
  { to, panel }: Unit,
  body: (channels: number) => void,
) {
  f.get(to, share).times(4 * channels).op("i32.add").set(to);
  const { columns } = parts[0]?.panels ?? { columns: channels };
  f.get(share).times(Math.floor(channels / columns)).set(panel);
  forEachWidth(f, share, g.outChannels, channels, body);
}

/** Multiplies a group's windows of one part in a band, to give some channels of each of its pixels. */
function multiplyPart(
  f: Func,
  context: KernelContext,
  { g, split: { union }, source }: DirectPlan,
  { g: { y, x, groupIn }, y: rowPhase, x: pixelPhase, weights, panels }: Part,
  { first, rows, pointer, to, panel }: Unit,
  channels: number,
) {
  const [left, right, out, count, windowCount, line] = f.locals("i32", 6);
  const { pixel, row } = source;
  const outPixel = 4 * g.outChannels, outRow = g.x.out * outPixel;
  const tapBytes = 4 * groupIn * panels.columns, pointers = { left, right, out };
  const shape: ProductShape = {
    leftRow: x.stride * pixel,
    leftStep: 4,
    rightStep: 4 * panels.columns,
    rightPanel: 4 * panels.elements,
    outRow: pixelPhase.step * outPixel,
    leftBatch: y.stride * row,
    outBatch: rowPhase.step * outRow,
  };
  const isContiguous = shape.leftBatch === x.out * shape.leftRow &&
    shape.outBatch === x.out * shape.outRow;
  const areAdjacent = x.kernel === 1 || (x.dilation === 1 && pixel === 4 * groupIn);
  const tapRow = { left: y.dilation * row, right: x.kernel * tapBytes };
  const lines = areAdjacent
    ? { leftLine: tapRow.left, rightLine: tapRow.right }
    : { leftLine: x.dilation * pixel, rightLine: tapBytes };
  const taps = { ...lines, leftBlock: tapRow.left, rightBlock: tapRow.right };
  const columns = channels * weights.length;
  const multiplyTapRows = (height: number, accumulates: boolean) => {
    const extents = areAdjacent
      ? { columns, depth: x.kernel * groupIn, lines: height }
      : { columns, depth: groupIn, lines: x.kernel, blocks: height };
    const windows = isContiguous
      ? { rows: { local: windowCount } }
      : { rows: x.out, batch: { local: count } };
    multiply(f, context, { ...shape, ...taps, accumulates }, pointers, { ...extents, ...windows });
  };
  const multiplyAll = () => {
    const height = Math.ceil(y.kernel / Math.ceil(y.kernel * tapRow.right / PANEL_BYTES));
    const [full, remainder] = [Math.floor(y.kernel / height) - 1, y.kernel % height];
    const next = (count: number) => {
      f.advance(left, height * tapRow.left).advance(right, height * tapRow.right);
      multiplyTapRows(count, true);
    };
    f.get(count).times(x.out).set(windowCount);
    multiplyTapRows(height, false);
    f.count(line, full, () => next(height));
    if (remainder) next(remainder);
  };
  f.get(pointer).plus((union.y.padding - y.padding) * row);
  f.plus((union.x.padding - x.padding) * pixel).set(left);
  f.get(f.base(panels.slot), panel).times(4 * panels.elements).op("i32.add");
  f.set(right).get(to).plus(rowPhase.first * outRow + pixelPhase.first * outPixel).set(out);
  f.get(rows).set(count);
  if (y.out === union.y.out) return multiplyAll();
  // The last band of a phase with fewer rows has a row less.
  f.get(first, rows).op("i32.add").i32(y.out).op("i32.gt_u").when(() => f.advance(count, -1));
  f.get(count).when(multiplyAll);
}
