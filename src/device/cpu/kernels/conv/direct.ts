/**
 * Direct convolution: weights are packed in panels, images are read band by band, and the windows of a band
 * are multiplied by the panels of each phase.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type KernelContext, type Lowered, type Pass, pass } from "../../kernel.ts";
import { multiply, type ProductShape } from "../product/mod.ts";
import { type Bands, splitIntoBands } from "./bands.ts";
import { setBandRows } from "./layout.ts";
import { type ConvPhase, type ConvPhases, splitIntoPhases } from "./phases.ts";
import { type BandSource, bandSource } from "./source.ts";
import {
  type PackedWeight,
  packWeightPanels,
  reserveWeightPanels,
  type WeightStrides,
} from "./weights.ts";

/** A phase with its packed weight. */
type Part = ConvPhase & PackedWeight;

/** Lowers a convolution of any geometry. */
export function convolveDirectly(
  context: KernelContext,
  g: ConvGeometry,
  weights: WeightStrides,
): Lowered {
  const split = splitIntoPhases(g, weights), bands = splitIntoBands(split.union);
  const source = bandSource(context, split.union, bands, context.operands[0]);
  const [first, ...others] = split.phases.map((phase): Part => ({
    ...phase,
    panels: reserveWeightPanels(context, phase.g),
  }));
  const parts = first ? [first, ...others] as const : [];
  const products = multiplyBands(context, g, split, bands, source, parts);
  return {
    passes: first ? [packWeightPanels(context, g, [first, ...others]), products] : [products],
  };
}

/** The locals of a band: its window rows in every phase, and the pointers to the image and the result. */
type Band = Readonly<Record<"image" | "first" | "rows" | "pointer" | "to", Local>>;

/** Multiplies images by packed weights, one band per unit. */
function multiplyBands(
  context: KernelContext,
  g: ConvGeometry,
  { union, stepY, hasZeros }: ConvPhases,
  bands: Bands,
  source: BandSource,
  parts: readonly Part[],
): Pass {
  const rowElements = g.x.out * g.outChannels;
  return pass(g.batch * bands.count, (f, unit) => {
    const [image, band] = coordinates(f, unit, [g.batch, bands.count]);
    const [first, rows, pointer, to, start, end, group] = f.locals("i32", 7);
    const at: Band = { image: image!, first, rows, pointer, to };
    const setResult = () => {
      f.get(first).times(stepY).set(start).get(first, rows).op("i32.add").times(stepY).set(end);
      f.atMost(end, g.y.out);
      for (const row of [start, end]) {
        f.get(image!).times(g.y.out).get(row).op("i32.add").times(rowElements).set(row);
      }
      f.get(f.base(context.out), start).times(4).op("i32.add").set(to);
    };
    const clear = () => {
      f.get(to).i32(0).get(end, start).op("i32.sub").times(4).op("memory.fill");
    };
    setBandRows(f, union, bands, band!, at);
    source.point(f, at);
    setResult();
    if (hasZeros) clear();
    f.count(group, g.groups, () => {
      for (const part of parts) multiplyPhase(f, context, g, union, source, part, at, group);
      f.advance(pointer, source.group).advance(to, 4 * g.groupOut);
    });
    context.finish(f, () => f.get(start), () => f.get(end), rowElements % 4 === 0);
  });
}

/** Multiplies a group's windows of one phase in a band. */
function multiplyPhase(
  f: Func,
  context: KernelContext,
  g: ConvGeometry,
  union: ConvGeometry,
  source: BandSource,
  { g: { y, x, groupIn }, y: rowPhase, x: pixelPhase, panels }: Part,
  { first, rows, pointer, to }: Band,
  group: Local,
) {
  const [left, right, out, count, tap] = f.locals("i32", 5), { pixel, row } = source;
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
  const multiplyTaps = (taps: Partial<ProductShape>, depth: number, lines: number) => {
    const size = { columns: g.groupOut, depth, lines };
    if (isContiguous) {
      f.get(count).times(x.out).set(tap);
      multiply(f, context, { ...shape, ...taps }, pointers, { ...size, rows: { local: tap } });
    } else {
      const extents = { ...size, rows: x.out, batch: { local: count } };
      multiply(f, context, { ...shape, ...taps }, pointers, extents);
    }
  };
  const areAdjacent = x.kernel === 1 || (x.dilation === 1 && pixel === 4 * groupIn);
  const multiplyRow = (accumulates: boolean) => {
    const line = { leftLine: x.dilation * pixel, rightLine: tapBytes };
    multiplyTaps({ ...line, accumulates }, groupIn, x.kernel);
  };
  const multiplyAll = () => {
    if (areAdjacent) {
      const line = { leftLine: y.dilation * row, rightLine: x.kernel * tapBytes };
      return multiplyTaps(line, x.kernel * groupIn, y.kernel);
    }
    const line = f.local("i32");
    multiplyRow(false);
    f.count(line, y.kernel - 1, () => {
      f.advance(left, y.dilation * row).advance(right, x.kernel * tapBytes);
      multiplyRow(true);
    });
  };
  f.get(pointer).plus((union.y.padding - y.padding) * row);
  f.plus((union.x.padding - x.padding) * pixel).set(left);
  f.get(f.base(panels.slot), group).times(4 * panels.count * panels.elements).op("i32.add");
  f.set(right).get(to).plus(rowPhase.first * outRow + pixelPhase.first * outPixel).set(out);
  f.get(rows).set(count);
  if (y.out === union.y.out) return multiplyAll();
  // The last band of a phase with fewer rows has a row less.
  f.get(first, rows).op("i32.add").i32(y.out).op("i32.gt_u").when(() => f.advance(count, -1));
  f.get(count).when(multiplyAll);
}
