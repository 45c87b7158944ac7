/**
 * The WGSL of a correlation at stride 1 on software adapters. A thread computes some output channels of one
 * pixel. The weights of a chunk of input channels are staged in workgroup memory and read at constant
 * indices by unrolled code, which compiles to plain multiply-adds; a texel of the image has four channels.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../ops/conv_geometry.ts";
import type { WindowAxis } from "../../../../ops/window_axis.ts";
import { workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import { floats, load, parameter, PREPARE, readScratch, store, STORED } from "../accessors.ts";
import { perWorkgroup, unrolled } from "../entry_points.ts";
import type { Dispatch } from "../kernel.ts";
import { quotient } from "../../wgsl/instructions.ts";
import type { Width } from "../../wgsl/types.ts";

/** The configuration of an emitted correlation. */
export interface CorrelationConfig {
  /** Input channels per dispatch. */
  readonly chunk: number;
  /** Output channels per thread. */
  readonly tile: number;
  /** Threads of a workgroup. */
  readonly threads: number;
  /** The access widths of the result and of the weights. */
  readonly store: Width;
  readonly weight: Width;
  /** Whether the weight is read with its taps in reverse order and its channel axes transposed. */
  readonly transposed: boolean;
  /** What the sums are added to: nothing, the result (except in the first chunk), or scratch 0. */
  readonly adds: "nothing" | "stored" | "scratch";
  /** If given, the results are stored with the work fused after the kernel, this many pieces at once. */
  readonly pieces?: number;
  /** Whether all threads have a pixel. */
  readonly exact: boolean;
  /** The accessor of the image's texture, and whether out-of-bounds reads give zeros. */
  readonly image: string;
  readonly zeros: boolean;
}

/** The parameters of a dispatch, in the order in which the shader reads them. */
export interface Numbers {
  readonly pixels: number;
  /** The first input channel. */
  readonly chunk0: number;
  /** Workgroups along the pixels, per row of the dispatch. */
  readonly columns: number;
  /** Texels per pixel of the image. */
  readonly quads: number;
}

/** The parameters of a dispatch. */
export const listParameters = (g: ConvGeometry, n: Numbers): readonly number[] => [
  g.y.size,
  g.x.size,
  g.channels,
  g.y.out,
  g.x.out,
  g.outChannels,
  n.pixels,
  n.chunk0,
  n.columns,
  n.quads,
];

const WEIGHTS = symbol("weights");

/** The multiply-adds of a chunk. */
function products(g: ConvGeometry, { chunk, tile, image, zeros }: CorrelationConfig): string {
  const vectors = tile / 4, lines: string[] = [];
  for (let ky = 0; ky < g.y.kernel; ky++) {
    for (let kx = 0; kx < g.x.kernel; kx++) {
      const tap = ky * g.x.kernel + kx;
      lines.push(`  let at${tap} = x${kx} * quads + first_quad;`);
      if (!zeros) {
        lines.push(
          `  let ok${tap} = vec4<bool>(y${ky} >= 0 && y${ky} < i32(height) && x${kx} >= 0 && x${kx} < i32(width));`,
        );
      }
      for (let q = 0; q < chunk; q += 4) {
        const texel = `${image}(at${tap} + ${q / 4}, y${ky}, n)`, name = `a${tap}_${q}`;
        lines.push(
          `  let ${name} = ${zeros ? texel : `select(${floats(4)}(), ${texel}, ok${tap})`};`,
        );
        for (let r = 0; r < 4; r++) {
          for (let j = 0; j < vectors; j++) {
            const weight = `${WEIGHTS}[${(tap * chunk + q + r) * vectors + j}]`;
            lines.push(`  sum${j} = fma(vec4<f32>(${name}.${"xyzw"[r]}), ${weight}, sum${j});`);
          }
        }
      }
    }
  }
  return lines.join("\n");
}

/** Stores a thread's sums, except those beyond the last channel. */
function stores(g: ConvGeometry, { tile, store: width, adds, pieces }: CorrelationConfig): string {
  const own = tile / 4 / (pieces ?? 1), count = 4 / width;
  /** The index of vector `j` of a pixel, or of its element `e`, given the number of channels. */
  const place = (channels: string, j: number, e: number) =>
    width === 4
      ? `pixel * (${channels} / 4u) + group.x * ${own}u + ${j}u`
      : `pixel * ${channels} + tile0 + ${4 * j + e}u`;
  const added = (sum: string, at: string) => {
    if (adds === "nothing") return sum;
    if (adds === "scratch") return `${readScratch(0)}[${at}] + ${sum}`;
    return `select(${STORED}(${at}), ${floats(width)}(), chunk0 == 0u) + ${sum}`;
  };
  const sumOf = (j: number, e: number) => width === 4 ? `sum${j}` : `sum${j}[${e}]`;
  return Array.from({ length: own * count }, (_, i) => {
    const j = Math.floor(i / count), e = i % count;
    const values = Array.from({ length: pieces ?? 1 }, (_, k) => {
      const beyond = k === 0 ? "" : width === 4 ? ` + ${k}u * (units / 4u)` : ` + ${k}u * units`;
      return added(sumOf(k * own + j, e), place("outputs", j, e) + beyond);
    });
    const at = place("units", j, e), number = pieces ? `${i}u, ` : "";
    const line = `${store(width)}(${at}, ${number}${values.join(", ")});`;
    return g.outChannels % tile === 0
      ? `    ${line}`
      : `    if (tile0 + ${4 * j + e}u < outputs) { ${line} }`;
  }).join("\n");
}

/** Emits the shader that all dispatches of a correlation share. */
export function writeShader(
  g: ConvGeometry,
  config: CorrelationConfig,
): Pick<Dispatch, "entry" | "declarations"> {
  const { tile, threads, chunk, pieces = 1, store } = config, vectors = tile / 4;
  const divide = (a: string, b: string) => quotient(a, b, g.batch * g.y.out * g.x.out);
  const places = (name: string, { kernel, padding }: WindowAxis) =>
    Array.from(
      { length: kernel },
      (_, k) => `  let ${name}${k} = i32(out_${name}) + ${k - padding};`,
    )
      .join("\n");
  const body = `  let height = ${parameter(0)}; let width = ${parameter(1)}; let channels = ${
    parameter(2)
  };
  let out_height = ${parameter(3)}; let out_width = ${parameter(4)}; let outputs = ${parameter(5)};
  let pixels = ${parameter(6)}; let chunk0 = ${parameter(7)};
  let units = outputs / ${pieces}u;
  let tile0 = group.x * ${tile / pieces}u;
${stage(g, config)}
${config.pieces ? `  ${PREPARE}(thread, tile0 / ${store}u);` : ""}
  workgroupBarrier();
  let pixel = (group.y + group.z * ${parameter(8)}) * ${threads}u + thread;
  let inside = ${config.exact ? "pixel" : "min(pixel, pixels - 1u)"};
  let out_line = ${divide("inside", "out_width")};
  let out_x = inside - out_line * out_width;
  let n = ${divide("out_line", "out_height")};
  let out_y = out_line - n * out_height;
  let quads = i32(${parameter(9)});
  let first_quad = i32(chunk0 / 4u);
${places("y", g.y)}
${places("x", g.x)}
${Array.from({ length: vectors }, (_, j) => `  var sum${j} = vec4<f32>();`).join("\n")}
${products(g, config)}
  ${config.exact ? "" : "if (pixel < pixels) "}{
${stores(g, config)}
  }`;
  return {
    declarations: [workgroupArray("weights", floats(4), countTaps(g) * chunk * vectors)],
    entry: perWorkgroup(threads, body),
  };
}

/** Copies the weights of a chunk into workgroup memory, with zeros beyond the last channels. */
function stage(
  g: ConvGeometry,
  { chunk, tile, threads, weight, transposed, pieces = 1 }: CorrelationConfig,
): string {
  const vectors = tile / 4,
    own = vectors / pieces,
    taps = countTaps(g),
    count = taps * chunk * vectors;
  const filled = g.channels % 4 !== 0;
  const at = (e: number) =>
    transposed
      ? `((${taps - 1}u - tap) * outputs + j + ${e}u) * channels + channel`
      : `(tap * channels + channel) * outputs + j + ${e}u`;
  const parts = weight === 4
    ? [{ e: 0, line: `w = ${load(1, 4)}((${at(0)}) / 4u);` }]
    : [0, 1, 2, 3].map((e) => ({ e, line: `w[${e}] = ${load(1)}(${at(e)});` }));
  const lines = parts.map(({ e, line }) =>
    g.outChannels % tile === 0 ? line : `if (j + ${e}u < outputs) { ${line} }`
  ).map((line) => filled ? `if (channel < channels) { ${line} }` : line);
  return unrolled(count, threads, (t) =>
    `let t = ${t};
    let k = t / ${vectors}u;
    let v = t - k * ${vectors}u;
    let j = ${pieces > 1 ? `v / ${own}u * units + v % ${own}u` : "v"} * 4u + tile0;
    let tap = k / ${chunk}u;
    let channel = k - tap * ${chunk}u + chunk0;
    var w = vec4<f32>();
    ${lines.join("\n    ")}
    ${WEIGHTS}[t] = w;`);
}
