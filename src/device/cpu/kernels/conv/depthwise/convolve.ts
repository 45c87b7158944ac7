/**
 * Convolution of small groups, depthwise above all, and its image gradient: vectors over channels, several
 * pixels of a row in registers, so that a weight is loaded once for all of them and a pixel once for all
 * taps. Images are read in place; blocks at the borders leave out taps that read padding.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import { Func, type Local } from "../../../wasm/function.ts";
import { coordinates, type KernelContext, type Lowered, type Pass, pass } from "../../../kernel.ts";
import { multiplyAdd } from "../../../features.ts";
import type { WeightStrides } from "../weights.ts";
import { type Block, type BlockRun, blockRuns, tapChunks } from "./blocks.ts";
import { forChunks, type Lanes, lanesOf, loadLanes, storeLanes } from "./lanes.ts";
import { type LaneWeights, laneWeights } from "./weights.ts";
import { convolveNatively, nativeLanes } from "./native.ts";
import { rowSource } from "./rows.ts";
import { splitRows } from "./units.ts";
import { tapRows } from "./tap_rows.ts";

/** Sums and weights of a block, that fit the registers beside a vector of the image. */
const SUMS = 8, WEIGHTS = 4;
/** Lowers a convolution of small groups. */
export function convolveDepthwise(
  context: KernelContext,
  g: ConvGeometry,
  strides: WeightStrides,
): Lowered {
  const { module: { multiply } } = context;
  const native = nativeLanes(context.features, g);
  if (multiply && native) return convolveNatively(context, multiply, g, strides, native);
  const weights = laneWeights(context, g, strides);
  return { passes: [...weights.packing, convolveRows(context, g, weights)] };
}

/** Windows of a block. */
export const blockWindows = (lanes: Lanes): number => Math.max(1, Math.floor(SUMS / lanes.vectors));

function convolveRows(context: KernelContext, g: ConvGeometry, weights: LaneWeights): Pass {
  const lanes = lanesOf(g, context.features), runs = blockRuns(g.x, blockWindows(lanes));
  const blocks = runs.at(-1)!.to, { rows, parts } = splitRows(g, blocks);
  const bands = Math.ceil(g.y.out / rows), outPixel = 4 * g.outChannels, pixel = 4 * g.channels;
  const source = rowSource(context, g.y, g.x.size * pixel, context.operands[0]);
  const taps = tapRows(g.y, source.row, 4 * weights.y);
  const functions = runs.map(({ block }) =>
    context.module.add(blockFunction(context, g, lanes, weights, block, taps))
  );
  return pass(g.batch * bands * parts, (f, unit) => {
    const [image, band, part] = coordinates(f, unit, [g.batch, bands, parts]);
    const [y, end, base, line, weight, lines, result, i, to, left, out] = f.locals("i32", 11);
    const [from, before] = f.locals("i32", 2);
    f.get(band!).times(rows).tee(y).plus(rows).set(end).atMost(end, g.y.out);
    source.point(f, { image: image!, first: y, end, pointer: base });
    if (parts > 1) {
      f.get(part!).times(blocks).i32(parts).op("i32.div_u").set(from);
      f.get(part!).plus(1).times(blocks).i32(parts).op("i32.div_u").set(before);
    }
    const pointToResult = (row: Local, pointer: Local) => {
      f.get(image!).times(g.y.out).get(row).op("i32.add").times(g.x.out * g.outChannels);
      f.set(pointer);
    };
    const bounds = f.locals("i32", 2);
    pointToResult(y, bounds[0]);
    pointToResult(end, bounds[1]);
    f.get(f.base(context.out), bounds[0]).times(4).op("i32.add").set(result);
    f.while(y, end, 1, () => {
      taps.find(f, { y, base, weights: { slot: weights.slot, start: weights.start } }, {
        line,
        weight,
        lines,
      });
      runs.forEach((run, r) =>
        forBlocks(f, run, parts > 1 ? { from, before } : undefined, { i, to }, () => {
          f.get(line).get(i).times(run.pixelStep * pixel).op("i32.add");
          f.plus((run.pixel - run.from * run.pixelStep) * pixel).set(left);
          f.get(result).get(i).times(run.windowStep * outPixel).op("i32.add");
          f.plus((run.window - run.from * run.windowStep) * outPixel).set(out);
          f.get(left, weight, lines, out).call(functions[r]!);
        })
      );
      f.advance(result, g.x.out * outPixel);
    });
    const [start, stop] = bounds;
    if (parts > 1) {
      const windows = runs[0]!.windowStep;
      for (const [bound, at] of [[stop, before], [start, from]] as const) {
        f.get(at).times(windows).set(i).atMost(i, g.x.out);
        f.get(bounds[0]).get(i).times(g.outChannels).op("i32.add").set(bound);
      }
    }
    const aligned = (g.x.out * g.outChannels) % 4 === 0 && (parts === 1 || g.outChannels % 4 === 0);
    context.finish(f, () => f.get(start), () => f.get(stop), aligned);
  });
}

/** Runs `body` for the blocks of a run, those of a part if it has bounds. */
function forBlocks(
  f: Func,
  run: BlockRun,
  part: { readonly from: Local; readonly before: Local } | undefined,
  { i, to }: Readonly<Record<"i" | "to", Local>>,
  body: () => void,
): void {
  f.i32(run.from).set(i).i32(run.to).set(to);
  if (part) {
    f.get(part.from, i, part.from, i).op("i32.gt_u", "select").set(i);
    f.smaller(() => f.get(to), () => f.get(part.before)).set(to);
  } else if (run.to === run.from + 1) {
    body();
    return;
  }
  f.while(i, to, 1, body);
}

/** A function (left, weight, lines, out) that computes the windows of a block, all channels. */
function blockFunction(
  { features }: KernelContext,
  g: ConvGeometry,
  lanes: Lanes,
  weights: LaneWeights,
  block: Block,
  taps: { readonly leftStep: number; readonly weightStep: number },
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]), [left, weight, lines, out] = f.inputs(4);
  const [line, row, count] = f.locals("i32", 3), { vectors, groupIn, groupOut } = lanes;
  const sums = f.locals("v128", block.windows * vectors), pixel = f.local("v128");
  const most = Math.max(1, Math.floor(WEIGHTS / (vectors * groupIn)));
  const chunks = tapChunks(block, most), held = f.locals("v128", most * vectors * groupIn);
  const read = (local: Local) => () => f.get(local);
  const addLine = () => {
    for (const chunk of chunks) {
      const used = [...new Set(chunk.flat().map(({ tap }) => tap))].sort((a, b) => a - b);
      const base = Math.min(...used.map((tap) => tap * weights.x));
      const weightAt = (tap: number, k: number, v: number) =>
        held[(used.indexOf(tap) * groupIn + k) * vectors + v]!;
      const start = f.local("i32");
      f.get(row).plus(4 * base).set(start);
      for (const tap of used) {
        for (let k = 0; k < groupIn; k++) {
          for (let v = 0; v < vectors; v++) {
            const at = 4 * (tap * weights.x - base + k * weights.k) + 16 * v;
            f.get(start).access("v128.load", at).set(weightAt(tap, k, v));
          }
        }
      }
      for (const list of chunk) {
        for (let k = 0; k < groupIn; k++) {
          for (let v = 0; v < vectors; v++) {
            if (v === 0 || groupOut % 4 !== 0) {
              loadLanes(f, lanes, line, 4 * g.channels * list[0]!.place, v, k);
              f.set(pixel);
            }
            for (const { window, tap } of list) {
              const sum = sums[window * vectors + v]!;
              multiplyAdd(f, features, read(pixel), read(weightAt(tap, k, v)), read(sum));
              f.set(sum);
            }
          }
        }
      }
    }
  };
  forChunks(f, lanes, [[left, 4 * groupIn], [weight, 4 * groupOut], [out, 4 * groupOut]], () => {
    for (const sum of sums) f.floats(0).set(sum);
    f.get(left).set(line).get(weight).set(row).get(lines).tee(count).when(() =>
      f.loop(() => {
        addLine();
        f.advance(line, taps.leftStep).advance(row, taps.weightStep);
        f.get(count).plus(-1).tee(count).exitIf(0);
      })
    );
    sums.forEach((sum, i) => {
      const window = Math.floor(i / vectors);
      storeLanes(f, lanes, i % vectors, out, 4 * g.outChannels * window, sum);
    });
  });
  return f;
}
