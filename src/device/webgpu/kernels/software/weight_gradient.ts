/**
 * The weight gradient at stride 1 on software adapters: a thread for each kernel row and input channel,
 * which takes whole lines of the output against all columns of the kernel and a few output channels. The
 * image is turned first so that a texel holds four pixels of one channel, and each is loaded once for
 * all columns of the kernel. The output's cotangent lies in workgroup memory and is read with constant
 * indices from unrolled text. Runs of lines go to separate partial results, added in order at the end,
 * so the sum does not depend on the run.
 *
 * @module
 */
import type { ConvSizes } from "../../../../ops/conv.ts";
import { sizeOf } from "../../../../shape.ts";
import {
  type Dispatch,
  type ImageSize,
  type KernelContext,
  type Lowered,
  perElement,
  suffix,
  sumParts,
  unrolled,
  wholeRow,
} from "../kernel.ts";
import type { Width } from "../../wgsl/instructions.ts";

/** Sums that a thread is given, and the most that fit into 32 vector registers beside a texel. */
const SUMS = 12, MAX_SUMS = 28;
/** The most unrolled products of a shader: what compiles in about a second; half where threads are few. */
const MAX_PRODUCTS = 3200, FEW_THREADS = 16;
/** The most f32 of partial results. */
const MAX_PARTIAL = 1 << 23;
/** The most partial results: workgroups along one dimension of a dispatch, rounds of a loop. */
const MAX_PARTS = 1 << 15;

/** What is decided about a gradient before its text is written. */
interface Form {
  readonly image: ImageSize;
  /** Texels of one channel's line. */
  readonly texels: number;
  /** Output channels of a thread. */
  readonly tile: number;
  /** Lines of the output in a run. */
  readonly rows: number;
  /** Input channels of a workgroup. */
  readonly slice: number;
  /** The widths that the cotangent is read and the result stored in. */
  readonly read: Width;
  readonly store: Width;
  /** Whether texels outside the texture read as zeros. */
  readonly zeros: boolean;
}

/** The largest divisor of a number up to some size. */
function divisor(n: number, most: number): number {
  let d = Math.min(n, most);
  while (n % d !== 0) d--;
  return d;
}

function formOf(context: KernelContext, s: ConvSizes): Form | undefined {
  const texels = Math.ceil(s.width / 4);
  const columns = wholeRow(texels * s.channels);
  const image = context.image([s.batch, s.height, columns, 4]);
  const tile = Math.min(
    Math.max(4, Math.floor(SUMS / s.kernelWidth / 4) * 4),
    Math.ceil(s.outChannels / 4) * 4,
  );
  const products = s.outWidth * s.kernelWidth * tile;
  if (!image || tile * s.kernelWidth > MAX_SUMS || products > MAX_PRODUCTS) return undefined;
  const threads = context.workgroupThreads;
  if (s.kernelHeight > threads) return undefined;
  const wanted = s.channels * s.kernelHeight, slices = Math.ceil(wanted / threads);
  const most = wanted <= FEW_THREADS ? MAX_PRODUCTS / 2 : MAX_PRODUCTS;
  return {
    image,
    texels,
    tile,
    rows: divisor(s.batch * s.outHeight, Math.floor(most / products)),
    slice: Math.ceil(s.channels / slices),
    read: context.wide[1] && s.outChannels % 4 === 0 ? 4 : 1,
    store: s.outChannels % 4 === 0 ? 4 : 1,
    zeros: context.zerosOutside,
  };
}

/** conv2dWeightGradient at stride 1, one group; undefined where the image fits no texture. */
export function directWeightGradient(context: KernelContext, s: ConvSizes): Lowered | undefined {
  const form = formOf(context, s);
  if (!form) return undefined;
  const { image, texels, tile, rows, slice, read, store } = form;
  const runs = s.batch * s.outHeight / rows, outputs = sizeOf(context.spec.shape);
  const parts = Math.max(1, Math.min(runs, Math.floor(MAX_PARTIAL / outputs), MAX_PARTS));
  const wide = context.wideStore && outputs % 4 === 0;
  return {
    scratch: [{ size: parts * outputs }, { size: 4 * sizeOf(image) }],
    dispatches: [
      turned(s, texels, image[0]),
      ...Array.from({ length: Math.ceil(runs / parts) }, (_, k): Dispatch => ({
        body: body(s, form, k === 0),
        workgroups: [
          Math.ceil(s.outChannels / tile),
          Math.min(parts, runs - k * parts),
          Math.ceil(s.channels / slice),
        ],
        loads: [{ argument: 1, width: read }],
        images: [{ scratch: 1, size: image }],
        writes: { scratch: 0, width: store, ...(k > 0 && { accumulates: true }) },
        parameters: [s.channels, s.outChannels, k * parts, outputs],
      })),
      sumParts(parts, outputs, wide ? 4 : 1),
    ],
  };
}

/** Turns lines of pixels of channels into lines of channels of four pixels each, in scratch 1. */
function turned(s: ConvSizes, texels: number, columns: number): Dispatch {
  const pixels = [0, 1, 2, 3].map((e) => {
    const x = s.width % 4 === 0 ? `x + ${e}u` : `min(x + ${e}u, ${s.width - 1}u)`;
    return `load0((line * ${s.width}u + ${x}) * ${s.channels}u + channel)`;
  });
  return {
    ...perElement(
      s.batch * s.height * texels * s.channels,
      `  let group = i / ${s.channels}u;
  let channel = i - group * ${s.channels}u;
  let line = group / ${texels}u;
  let texel = group - line * ${texels}u;
  let x = texel * 4u;
  storex4(line * ${columns}u + channel * ${texels}u + texel, vec4<f32>(${pixels.join(", ")}));`,
    ),
    loads: [{ argument: 0, width: 1 }],
    writes: { scratch: 1, width: 4 },
  };
}

/** Copies the cotangent of a run's lines into workgroup memory; zeros beyond the last channel. */
function stage(s: ConvSizes, { tile, rows, read }: Form, threads: number): string {
  const vectors = tile / 4, count = rows * s.outWidth * vectors;
  const load = Array.from({ length: 4 / read }, (_, e) => {
    const target = read === 4 ? "g" : `g[${e}]`, channel = e ? `channel + ${e}u` : "channel";
    const at = `pixel * outputs + ${channel}`;
    const line = `${target} = load1${suffix(read)}(${read === 4 ? `(${at}) / 4u` : at});`;
    return s.outChannels % tile === 0 ? line : `if (${channel} < outputs) { ${line} }`;
  }).join("\n    ");
  return unrolled(count, threads, (t) =>
    `let t = ${t};
    let pixel = run * ${rows * s.outWidth}u + t / ${vectors}u;
    let channel = tile0 + t % ${vectors}u * 4u;
    var g = vec4<f32>();
    ${load}
    gradient[t] = g;`);
}

/** The products of one line of the image with those of the output, and where it is. */
function products(s: ConvSizes, { tile, rows, zeros }: Form, row: number): string[] {
  const vectors = tile / 4, together = s.outHeight % rows === 0, first = together ? 0 : row;
  const lines: string[] = [];
  if (row === first) {
    lines.push(
      `  let line${row} = run * ${rows}u + ${row}u;`,
      `  let n${row} = line${row} / ${s.outHeight}u;`,
      `  let top${row} = i32(line${row} - n${row} * ${s.outHeight}u) + shift;`,
    );
  }
  lines.push(`  let y${row} = top${first} + ${row - first};`);
  if (!zeros) lines.push(`  let ok${row} = vec4<bool>(y${row} >= 0 && y${row} < ${s.height});`);
  let loaded = 0;
  for (let outX = 0; outX < s.outWidth; outX++) {
    const left = outX - s.padding, right = Math.min(left + s.kernelWidth, s.width);
    for (; 4 * loaded < right; loaded++) {
      const load = `image_scratch1(column + ${loaded}, y${row}, n${first})`;
      lines.push(
        `  let a${row}_${loaded} = ${zeros ? load : `select(vec4<f32>(), ${load}, ok${row})`};`,
      );
    }
    for (let v = 0; v < vectors; v++) {
      const g = `gradient[${(row * s.outWidth + outX) * vectors + v}]`;
      for (let x = Math.max(left, 0); x < right; x++) {
        const sum = `sum${x - left}_${v}`, pixel = `vec4<f32>(a${row}_${x >> 2}.${"xyzw"[x & 3]})`;
        lines.push(`  ${sum} = fma(${pixel}, ${g}, ${sum});`);
      }
    }
  }
  return lines;
}

function body(s: ConvSizes, form: Form, first: boolean): string {
  const { texels, tile, rows, slice, store } = form;
  const used = s.kernelHeight * slice, threads = Math.ceil(used / 8) * 8;
  const sums = Array.from(
    { length: s.kernelWidth },
    (_, kx) => Array.from({ length: tile / 4 }, (_, v) => ({ kx, v, sum: `sum${kx}_${v}` })),
  ).flat();
  const stores = sums.flatMap(({ kx, v, sum }) =>
    Array.from({ length: 4 / store }, (_, e) => {
      const o = `tile0 + ${4 * v + e}u`, place = `row + ${kx}u * channels * outputs + ${o}`;
      const at = store === 4 ? `(${place}) / 4u` : place,
        value = store === 4 ? sum : `${sum}[${e}]`;
      const line = `store${suffix(store)}(${at}, ${first ? value : `stored(${at}) + ${value}`});`;
      return s.outChannels % tile === 0 ? `    ${line}` : `    if (${o} < outputs) { ${line} }`;
    })
  ).join("\n");
  const conditions = [
    ...(threads > used ? [`thread < ${used}u`] : []),
    ...(s.channels % slice ? ["channel < channels"] : []),
  ];
  return `var<workgroup> gradient: array<vec4<f32>, ${rows * s.outWidth * tile / 4}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let channels = parameter(0u);
  let outputs = parameter(1u);
  let run = group.y + parameter(2u);
  let tile0 = group.x * ${tile}u;
${stage(s, form, threads)}
  workgroupBarrier();
  let ky = thread / ${slice}u;
  let channel = group.z * ${slice}u + thread - ky * ${slice}u;
  let column = i32(channel * ${texels}u);
  let shift = i32(ky) - ${s.padding};
${sums.map(({ sum }) => `  var ${sum} = vec4<f32>();`).join("\n")}
${Array.from({ length: rows }, (_, row) => products(s, form, row).join("\n")).join("\n")}
  let row = group.y * parameter(3u) + (ky * ${s.kernelWidth}u * channels + channel) * outputs;
  ${conditions.length ? `if (${conditions.join(" && ")}) ` : ""}{
${stores}
  }
}`;
}
