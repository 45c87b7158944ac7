/**
 * The direct weight gradient of a convolution: images are split among a fixed number of partial results,
 * each a sum of products over pixels, which are then added.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../ops/conv_geometry.ts";
import {
  coordinates,
  type KernelContext,
  type Lowered,
  type Pass,
  pass,
  point,
  setShare,
} from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { multiply, panelColumns, type ProductShape } from "../product/mod.ts";
import { type Bands, splitIntoBands } from "./bands.ts";
import { setBandRows } from "./layout.ts";
import { type BandSource, bandSource } from "./source.ts";

/** The most partial results, and the fewest units if a partial result has several rows of taps. */
const MAX_PARTS = 8, MIN_UNITS = 8;

/** Partial results [part][group][y][x, channel][column], with columns padded to whole vectors. */
interface Partials {
  readonly parts: number;
  /** Units that a part is split into, by rows of taps. */
  readonly slices: number;
  /** Columns of a padded row. */
  readonly padded: number;
  /** Rows per row of taps. */
  readonly depth: number;
  /** Elements of one part. */
  readonly elements: number;
  /** The slot of scratch memory that holds them. */
  readonly slot: number;
}

function reservePartials(context: KernelContext, g: ConvGeometry): Partials {
  const parts = Math.min(g.batch, MAX_PARTS), padded = Math.ceil(g.groupOut / 4) * 4;
  const slices = Math.min(g.y.kernel, Math.ceil(MIN_UNITS / parts));
  const elements = g.groups * countTaps(g) * g.groupIn * padded;
  const slot = context.scratch(parts * elements);
  return { parts, slices, padded, depth: g.x.kernel * g.groupIn, elements, slot };
}

/** Lowers the weight gradient of a convolution: image, output cotangent → weight cotangent. */
export function weightGradientDirectly(context: KernelContext, g: ConvGeometry): Lowered {
  const bands = splitIntoBands(g), partials = reservePartials(context, g);
  const source = bandSource(context, g, bands, context.operands[0]);
  context.reserve(source.bytes + 4 * bands.rows * g.x.out * g.outChannels + 64);
  return {
    passes: [sumOverPixels(context, g, bands, source, partials), addParts(context, g, partials)],
  };
}

/** Computes the partial results, some rows of taps of one per unit, from its images, band by band. */
function sumOverPixels(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  source: BandSource,
  partials: Partials,
): Pass {
  const { operands: [, cotangent] } = context, { parts, slices, padded, depth } = partials;
  const outRow = g.x.out * g.outChannels, tapRow = 4 * depth * padded;
  return pass(parts * slices, (f, unit) => {
    const [part, slice] = coordinates(f, unit, [parts, slices]);
    const [image, end, band, first, rows, pointer, from, right, out, ky, lastKy] = f.locals(
      "i32",
      11,
    );
    const group = f.local("i32");
    const clearPart = () => {
      setShare(f, slice!, slices, g.y.kernel, ky, lastKy);
      f.get(f.base(partials.slot), part!).times(4 * partials.elements).op("i32.add");
      f.get(ky).times(tapRow).op("i32.add").tee(out).set(from);
      f.count(group, g.groups, () => {
        f.get(from).i32(0).get(lastKy, ky).op("i32.sub").times(tapRow).op("memory.fill");
        f.advance(from, g.y.kernel * tapRow);
      });
    };
    const pointToCotangent = () => {
      f.get(image).times(g.y.out).get(first).op("i32.add").times(outRow).set(from);
      const elements = () => f.get(rows).times(outRow);
      point(f, cotangent, right, from, elements, source.bytes, outRow % 4 === 0);
    };
    const at = { pointer, right, out, rows, first: ky, last: lastKy, group };
    clearPart();
    setShare(f, part!, parts, g.batch, image, end);
    f.while(image, end, 1, () => {
      f.count(band, bands.count, () => {
        setBandRows(f, g, bands, band, { first, rows });
        source.point(f, { image, first, rows, pointer });
        pointToCotangent();
        addBand(f, context, g, source, partials, at);
      });
    });
  });
}

/** The locals of a band: pointers to the image, the cotangent and the partial result, and rows of taps. */
type Band = Readonly<
  Record<"pointer" | "right" | "out" | "rows" | "first" | "last" | "group", Local>
>;

/** Adds a band of pixels to rows of taps of a part, group by group. */
function addBand(
  f: Func,
  context: KernelContext,
  g: ConvGeometry,
  { pixel, row, group: groupBytes }: BandSource,
  { padded, depth }: Partials,
  at: Band,
) {
  const [left, right, out, line, tap, steps] = f.locals("i32", 6), { x, y, groupIn } = g;
  const tapRow = 4 * depth * padded, cotangentPixel = 4 * g.outChannels;
  const shape: ProductShape = {
    leftRow: 4,
    leftStep: x.stride * pixel,
    leftLine: y.stride * row,
    rightStep: cotangentPixel,
    rightLine: x.out * cotangentPixel,
    rightPanel: 4 * panelColumns(context.features),
    outRow: 4 * padded,
    accumulates: true,
  };
  const isContiguous = shape.leftLine === x.out * shape.leftStep;
  const addRows = (rows: number) => {
    const extents = isContiguous
      ? { depth: { local: steps } }
      : { depth: x.out, lines: { local: at.rows } };
    multiply(f, context, shape, { left, right, out }, { rows, columns: g.groupOut, ...extents });
  };
  const addTaps = () => {
    if (x.kernel === 1 || (x.dilation === 1 && pixel === 4 * groupIn)) return addRows(depth);
    f.count(tap, x.kernel, () => {
      addRows(groupIn);
      f.advance(left, x.dilation * pixel).advance(out, 4 * groupIn * padded);
    });
    f.advance(left, -x.kernel * x.dilation * pixel).advance(out, -tapRow);
  };
  f.get(at.rows).times(x.out).set(steps);
  f.count(at.group, g.groups, () => {
    f.get(at.pointer, at.group).times(groupBytes).op("i32.add").get(at.first);
    f.times(y.dilation * row).op("i32.add").set(left);
    f.get(at.right, at.group).times(4 * g.groupOut).op("i32.add").set(right);
    f.get(at.out, at.group).times(y.kernel * tapRow).op("i32.add").set(out);
    f.get(at.first).set(line);
    f.while(line, at.last, 1, () => {
      addTaps();
      f.advance(left, y.dilation * row).advance(out, tapRow);
    });
  });
}

/** Adds up the parts, one row of the weight per unit. */
function addParts(
  context: KernelContext,
  g: ConvGeometry,
  { parts, padded, depth, elements, slot }: Partials,
): Pass {
  const lines = g.y.kernel * depth, tail = g.groupOut % 4;
  return pass(lines, (f, unit) => {
    const [group, o, part, from, to] = f.locals("i32", 5), total = f.local("v128");
    const addVector = (channels: number, store: () => void) => {
      f.floats(0).set(total);
      f.count(part, parts, () => {
        f.get(total, from).access("v128.load").op("f32x4.add").set(total);
        f.advance(from, 4 * elements);
      });
      f.get(to, total);
      store();
      f.advance(from, 16 - 4 * elements * parts).advance(to, 4 * channels);
    };
    const storeTail = () => {
      for (let lane = 0; lane < tail; lane++) {
        if (lane > 0) f.get(to, total);
        f.storeLane(lane, 4 * lane);
      }
    };
    f.get(f.base(context.out), unit).times(4 * g.outChannels).op("i32.add").set(to);
    f.count(group, g.groups, () => {
      f.get(group).times(lines).get(unit).op("i32.add").times(4 * padded).get(f.base(slot));
      f.op("i32.add").set(from);
      f.count(o, g.groupOut >> 2, () => addVector(4, () => f.access("v128.store")));
      if (tail) addVector(tail, storeTail);
    });
    const start = () => f.get(unit).times(g.outChannels);
    context.finish(f, start, () => start().plus(g.outChannels), g.outChannels % 4 === 0);
  });
}
