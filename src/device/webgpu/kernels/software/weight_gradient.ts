/**
 * The weight gradient on software adapters. A thread computes all columns of one kernel row for one input
 * channel and a few output channels, over whole rows of the output. The image is first packed so that a
 * texel has four pixels of one channel (`packed_image.ts`), each loaded once for all columns of the kernel.
 * Where these would be too many, windows are apart, or channels are few, each column of the kernel becomes
 * a channel of its own instead; where lines are too long, each tap does. The output cotangent is staged in workgroup memory and read at constant indices by unrolled code. Runs of rows are
 * summed into partial results, which are added in a fixed order, so that results are reproducible.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { pixelRange } from "../../../../ops/window_axis.ts";
import { sizeOf } from "../../../../shape.ts";
import { workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import { floats, load, parameter, scratchImage, store, STORED } from "../accessors.ts";
import { perWorkgroup, unrolled } from "../entry_points.ts";
import type { Dispatch, KernelContext, Lowered } from "../kernel.ts";
import { sumParts } from "../partials.ts";
import { type ImageSize, wholeRow } from "../texture.ts";
import type { Width } from "../../wgsl/types.ts";
import {
  columnsAsChannels,
  packColumns,
  packPixels,
  packTaps,
  tapsAsChannels,
} from "./packed_image.ts";

/** Accumulators per thread to aim at, and the most that fit into 32 vector registers beside a texel. */
const SUMS = 12, MAX_SUMS = 28;
/**
 * The most unrolled products of a shader, which compiles in about a second; half of them where there are
 * few threads.
 */
const MAX_PRODUCTS = 3200, FEW_THREADS = 16;
/** The most f32 elements of all partial results. */
const MAX_PARTIAL = 1 << 23;
/** The most partial results, limited by workgroups along one dimension and by loop iterations. */
const MAX_PARTS = 1 << 15;

/** The configuration of an emitted weight gradient. */
interface WeightGradientConfig {
  readonly image: ImageSize;
  /** Texels per row of one channel. */
  readonly texels: number;
  /** Output channels per thread. */
  readonly tile: number;
  /** Rows of the output per run. */
  readonly rows: number;
  /** Input channels per workgroup, and workgroups for the input channels of a group. */
  readonly slice: number;
  readonly slices: number;
  /** The access widths of the cotangent and of the result. */
  readonly read: Width;
  readonly store: Width;
  /** Whether out-of-bounds texel reads give zeros. */
  readonly zeros: boolean;
}

/** The largest divisor of a number up to a limit. */
function divisor(n: number, most: number): number {
  let d = Math.min(n, most);
  while (n % d !== 0) d--;
  return d;
}

/** Whether threads can have all columns of the kernel, with four pixels of a row in a texel. */
const isPlain = ({ x, y, groups, channels }: ConvGeometry): boolean =>
  groups === 1 && x.stride === 1 && x.dilation === 1 && 4 * x.kernel <= MAX_SUMS &&
  (y.kernel * channels > FEW_THREADS || x.kernel === 1);

function configure(context: KernelContext, g: ConvGeometry): WeightGradientConfig | undefined {
  const texels = Math.ceil(g.x.size / 4);
  const columns = wholeRow(texels * g.channels);
  const image = context.image([g.batch, g.y.size, columns, 4]);
  const tile = Math.min(
    Math.max(4, Math.floor(SUMS / g.x.kernel / 4) * 4),
    Math.ceil(g.groupOut / 4) * 4,
    Math.floor(MAX_PRODUCTS / (g.x.out * g.x.kernel) / 4) * 4,
  );
  const products = g.x.out * g.x.kernel * tile, threads = context.workgroupThreads;
  if (!image || tile < 4 || g.y.kernel > threads) return undefined;
  const wanted = g.groupIn * g.y.kernel;
  const slice = Math.ceil(g.groupIn / Math.ceil(wanted / threads));
  const most = wanted <= FEW_THREADS ? MAX_PRODUCTS / 2 : MAX_PRODUCTS;
  return {
    image,
    texels,
    tile,
    rows: divisor(g.batch * g.y.out, Math.max(1, Math.floor(most / products))),
    slice,
    slices: Math.ceil(g.groupIn / slice),
    read: context.vectorized[1] && g.groupOut % 4 === 0 ? 4 : 1,
    store: g.groupOut % 4 === 0 ? 4 : 1,
    zeros: context.zerosOutside,
  };
}

/** conv2dWeightGradient; undefined where the image does not fit into a texture. */
export function directWeightGradient(
  context: KernelContext,
  whole: ConvGeometry,
): Lowered | undefined {
  const forms = [
    ...(isPlain(whole) ? [{ g: whole, pack: packPixels }] : []),
    { g: columnsAsChannels(whole), pack: packColumns },
    { g: tapsAsChannels(whole), pack: packTaps },
  ];
  const form = forms.find(({ g }) => configure(context, g));
  return form && lowerForm(context, whole, form);
}

/** A geometry with the same weight gradient, and how the image is packed for it. */
interface Form {
  readonly g: ConvGeometry;
  readonly pack: (whole: ConvGeometry, texels: number, columns: number) => Dispatch;
}

function lowerForm(context: KernelContext, whole: ConvGeometry, { g, pack }: Form): Lowered {
  const config = configure(context, g)!;
  const { image, texels, tile, rows, slices, read, store } = config;
  const runs = g.batch * g.y.out / rows, outputs = sizeOf(context.spec.shape);
  const parts = Math.max(1, Math.min(runs, Math.floor(MAX_PARTIAL / outputs), MAX_PARTS));
  const vectorized = context.vectorizedStore && outputs % 4 === 0;
  return {
    scratch: [{ size: parts * outputs }, { size: 4 * sizeOf(image) }],
    dispatches: [
      pack(whole, texels, image[0]),
      ...Array.from({ length: Math.ceil(runs / parts) }, (_, k): Dispatch => ({
        ...writeShader(g, config, k === 0),
        workgroups: [
          Math.ceil(g.groupOut / tile),
          Math.min(parts, runs - k * parts),
          g.groups * slices,
        ],
        loads: [{ argument: 1, width: read }],
        images: [{ scratch: 1, size: image }],
        writes: { scratch: 0, width: store, ...(k > 0 && { accumulates: true }) },
        parameters: [g.groupIn, g.outChannels, k * parts, outputs],
      })),
      sumParts(parts, outputs, vectorized ? 4 : 1),
    ],
  };
}

const GRADIENT = symbol("gradient");

/** The text of the number of a group's output channels. */
const groupOut = (g: ConvGeometry) => g.groups > 1 ? `${g.groupOut}u` : "outputs";

/** Copies the cotangent of a run's rows into workgroup memory, with zeros beyond the last channel. */
function stage(
  g: ConvGeometry,
  { tile, rows, read }: WeightGradientConfig,
  threads: number,
): string {
  const vectors = tile / 4, count = rows * g.x.out * vectors;
  const loads = Array.from({ length: 4 / read }, (_, e) => {
    const target = read === 4 ? "g" : `g[${e}]`, channel = e ? `channel + ${e}u` : "channel";
    const at = `pixel * outputs + ${g.groups > 1 ? "group0 + " : ""}${channel}`;
    const line = `${target} = ${load(1, read)}(${read === 4 ? `(${at}) / 4u` : at});`;
    return g.groupOut % tile === 0 ? line : `if (${channel} < ${groupOut(g)}) { ${line} }`;
  }).join("\n    ");
  return unrolled(count, threads, (t) =>
    `let t = ${t};
    let pixel = run * ${rows * g.x.out}u + t / ${vectors}u;
    let channel = tile0 + t % ${vectors}u * 4u;
    var g = vec4<f32>();
    ${loads}
    ${GRADIENT}[t] = g;`);
}

const times = (n: number) => n === 1 ? "" : ` * ${n}`;

/** The multiply-adds of one row of the image with rows of the output. */
function products(
  g: ConvGeometry,
  { tile, rows, zeros }: WeightGradientConfig,
  row: number,
): string[] {
  const vectors = tile / 4, together = g.y.out % rows === 0, first = together ? 0 : row;
  const lines: string[] = [];
  if (row === first) {
    lines.push(
      `  let line${row} = run * ${rows}u + ${row}u;`,
      `  let n${row} = line${row} / ${g.y.out}u;`,
      `  let top${row} = i32(line${row} - n${row} * ${g.y.out}u)${times(g.y.stride)} + shift;`,
    );
  }
  lines.push(`  let y${row} = top${first} + ${(row - first) * g.y.stride};`);
  if (!zeros) lines.push(`  let ok${row} = vec4<bool>(y${row} >= 0 && y${row} < ${g.y.size});`);
  let loaded = 0;
  for (let outX = 0; outX < g.x.out; outX++) {
    const [left, right] = pixelRange(g.x, outX), start = outX - g.x.padding;
    for (; 4 * loaded < right; loaded++) {
      const load = `${scratchImage(1)}(column + ${loaded}, y${row}, n${first})`;
      lines.push(
        `  let a${row}_${loaded} = ${zeros ? load : `select(vec4<f32>(), ${load}, ok${row})`};`,
      );
    }
    for (let v = 0; v < vectors; v++) {
      const cotangent = `${GRADIENT}[${(row * g.x.out + outX) * vectors + v}]`;
      for (let x = left; x < right; x++) {
        const sum = `sum${x - start}_${v}`, pixel = `vec4<f32>(a${row}_${x >> 2}.${"xyzw"[x & 3]})`;
        lines.push(`  ${sum} = fma(${pixel}, ${cotangent}, ${sum});`);
      }
    }
  }
  return lines;
}

function writeShader(
  g: ConvGeometry,
  config: WeightGradientConfig,
  first: boolean,
): Pick<Dispatch, "entry" | "declarations"> {
  const { texels, tile, rows, slice, slices, store: width } = config;
  const used = g.y.kernel * slice, threads = Math.ceil(used / 8) * 8;
  const sums = Array.from(
    { length: g.x.kernel },
    (_, kx) => Array.from({ length: tile / 4 }, (_, v) => ({ kx, v, sum: `sum${kx}_${v}` })),
  ).flat();
  const stores = sums.flatMap(({ kx, v, sum }) =>
    Array.from({ length: 4 / width }, (_, e) => {
      const o = `tile0 + ${4 * v + e}u`;
      const place = `row + ${kx}u * channels * outputs + ${g.groups > 1 ? "group0 + " : ""}${o}`;
      const at = width === 4 ? `(${place}) / 4u` : place,
        value = width === 4 ? sum : `${sum}[${e}]`;
      const line = `${store(width)}(${at}, ${first ? value : `${STORED}(${at}) + ${value}`});`;
      return g.groupOut % tile === 0 ? `    ${line}` : `    if (${o} < ${groupOut(g)}) { ${line} }`;
    })
  ).join("\n");
  const conditions = [
    ...(threads > used ? [`thread < ${used}u`] : []),
    ...(g.groupIn % slice ? ["channel < channels"] : []),
  ];
  const body = `  let channels = ${parameter(0)};
  let outputs = ${parameter(1)};
  let run = group.y + ${parameter(2)};
  let tile0 = group.x * ${tile}u;
${
    g.groups > 1
      ? `  let part = group.z / ${slices}u;
  let group0 = part * ${g.groupOut}u;
`
      : ""
  }${stage(g, config, threads)}
  workgroupBarrier();
  let ky = thread / ${slice}u;
  let channel = ${
    g.groups > 1 ? `(group.z - part * ${slices}u)` : "group.z"
  } * ${slice}u + thread - ky * ${slice}u;
  let column = i32(${g.groups > 1 ? "(part * channels + channel)" : "channel"} * ${texels}u);
  let shift = i32(ky)${times(g.y.dilation)} - ${g.y.padding};
${sums.map(({ sum }) => `  var ${sum} = vec4<f32>();`).join("\n")}
${Array.from({ length: rows }, (_, row) => products(g, config, row).join("\n")).join("\n")}
  let row = group.y * ${parameter(3)} + (ky * ${g.x.kernel}u * channels + channel) * outputs;
  ${conditions.length ? `if (${conditions.join(" && ")}) ` : ""}{
${stores}
  }`;
  return {
    declarations: [workgroupArray("gradient", floats(4), rows * g.x.out * tile / 4)],
    entry: perWorkgroup(threads, body),
  };
}
