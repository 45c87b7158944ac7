/**
 * The WGSL of a correlation on software adapters. A thread computes some output channels of one pixel. The weights of a chunk of input channels are staged in workgroup memory and read at constant
 * indices by unrolled code, which compiles to plain multiply-adds; a texel of the image has four channels.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import { floats, load, parameter, PREPARE, readScratch, store, STORED } from "../accessors.ts";
import { perWorkgroup, unrolled } from "../entry_points.ts";
import type { Dispatch } from "../kernel.ts";
import { quotient } from "../../wgsl/instructions.ts";
import type { Width } from "../../wgsl/types.ts";

/** Windows and taps of one phase along an axis; where they start are parameters. */
export interface AxisShape {
  /** Taps of a dispatch. */
  readonly taps: number;
  /** Pixels from one window to the next, and from one tap to the next. */
  readonly stride: number;
  readonly dilation: number;
  /** Taps of the weight from one tap to the next. */
  readonly tapStep: number;
}

/** The configuration of an emitted correlation. */
export interface CorrelationConfig {
  readonly y: AxisShape;
  readonly x: AxisShape;
  /** Whether the results are some of the pixels of the output, apart from each other. */
  readonly scattered: boolean;
  /** Whether chunks are computed at once, each stored after the one before. */
  readonly abreast: boolean;
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
  /** Rows and columns of the result's pixels, and their number. */
  readonly rows: number;
  readonly across: number;
  readonly pixels: number;
  /** The first input channel, and the number of the chunk. */
  readonly chunk0: number;
  readonly order: number;
  /** Workgroups along the pixels, per row of the dispatch. */
  readonly columns: number;
  /** Texels per pixel and group of the image. */
  readonly quads: number;
  /** The pixel that the first tap of the first window reads, and the tap of the weight. */
  readonly top: number;
  readonly left: number;
  readonly tap: number;
  /** Where results are scattered: the first one's pixel, and pixels to the next column, row and image. */
  readonly place: number;
  readonly steps: readonly [column: number, row: number, image: number];
}

/** The parameters of a dispatch. */
export const listParameters = (g: ConvGeometry, n: Numbers): readonly number[] => [
  g.y.size,
  g.x.size,
  g.channels,
  n.rows,
  n.across,
  g.outChannels,
  n.pixels,
  n.chunk0,
  n.columns,
  n.quads,
  n.order,
  n.top,
  n.left,
  n.tap,
  n.place,
  ...n.steps,
];

const WEIGHTS = symbol("weights");

/** The multiply-adds of a chunk. */
function products(
  { groups }: ConvGeometry,
  { y, x, chunk, tile, image, zeros }: CorrelationConfig,
): string {
  const vectors = tile / 4, lines: string[] = [];
  const texels = groups === 1 ? "quads" : `${groups} * quads`;
  for (let ky = 0; ky < y.taps; ky++) {
    for (let kx = 0; kx < x.taps; kx++) {
      const tap = ky * x.taps + kx;
      lines.push(`  let at${tap} = x${kx} * ${texels} + first_quad;`);
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
function stores(
  g: ConvGeometry,
  { tile, store: width, adds, abreast, pieces }: CorrelationConfig,
): string {
  const own = tile / 4 / (pieces ?? 1), count = 4 / width, grouped = g.groups > 1;
  /** The index of vector `j` of a pixel, or of its element `e`, given the number of channels. */
  const place = (channels: string, j: number, e: number) => {
    const first = `${abreast ? "part0 + " : ""}place * `;
    if (width === 1) {
      return `${first}${channels} + ${grouped ? "group0 + " : ""}tile0 + ${4 * j + e}u`;
    }
    const tile = grouped ? "(group0 + tile0) / 4u" : `group.x * ${own}u`;
    return `${first}(${channels} / 4u) + ${tile} + ${j}u`;
  };
  const added = (sum: string, at: string) => {
    if (adds === "nothing") return sum;
    if (adds === "scratch") return `${readScratch(0)}[${at}] + ${sum}`;
    return `select(${STORED}(${at}), ${floats(width)}(), ${parameter(10)} == 0u) + ${sum}`;
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
    return g.groupOut % tile === 0
      ? `    ${line}`
      : `    if (tile0 + ${4 * j + e}u < ${grouped ? `${g.groupOut}u` : "outputs"}) { ${line} }`;
  }).join("\n");
}

/** Which group and which of its channels a workgroup computes. */
function locate({ groups, groupOut }: ConvGeometry, { tile, pieces = 1 }: CorrelationConfig) {
  if (groups === 1) return `  let tile0 = group.x * ${tile / pieces}u;`;
  const tiles = Math.ceil(groupOut / tile);
  return `  let part = group.x / ${tiles}u;
  let group0 = part * ${groupOut}u;
  let tile0 = (group.x - part * ${tiles}u) * ${tile}u;`;
}

/** Emits the shader that all dispatches of a correlation share. */
export function writeShader(
  g: ConvGeometry,
  config: CorrelationConfig,
): Pick<Dispatch, "entry" | "declarations"> {
  const { tile, threads, chunk, pieces = 1, store, scattered, abreast } = config;
  const vectors = tile / 4, weights = config.y.taps * config.x.taps * chunk * vectors;
  const divide = (a: string, b: string) => quotient(a, b, g.batch * g.y.out * g.x.out);
  const places = (name: "y" | "x", first: string) =>
    Array.from({ length: config[name].taps }, (_, k) => {
      const { stride, dilation } = config[name];
      const window = stride === 1 ? `i32(out_${name})` : `i32(out_${name}) * ${stride}`;
      return `  let ${name}${k} = ${window} + ${first} + ${k * dilation};`;
    }).join("\n");
  const tile0 = g.groups === 1 ? "tile0" : "(group0 + tile0)";
  const z = abreast ? "" : ` + group.z * ${parameter(8)}`;
  const body = `  let height = ${parameter(0)}; let width = ${parameter(1)}; let channels = ${
    parameter(2)
  };
  let out_height = ${parameter(3)}; let out_width = ${parameter(4)}; let outputs = ${parameter(5)};
  let pixels = ${parameter(6)}; let chunk0 = ${parameter(7)}${
    abreast ? ` + group.z * ${chunk}u` : ""
  };
  let units = outputs / ${pieces}u;
${locate(g, config)}
${weights ? stage(g, config) : ""}
${config.pieces ? `  ${PREPARE}(thread, ${tile0} / ${store}u);` : ""}
  workgroupBarrier();
  let pixel = (group.y${z}) * ${threads}u + thread;
  let inside = ${config.exact ? "pixel" : "min(pixel, pixels - 1u)"};
  let out_line = ${divide("inside", "out_width")};
  let out_x = inside - out_line * out_width;
  let n = ${divide("out_line", "out_height")};
  let out_y = out_line - n * out_height;
  let quads = i32(${parameter(9)});
  let first_quad = ${g.groups === 1 ? "" : "i32(part) * quads + "}i32(chunk0 / 4u);
${places("y", `i32(${parameter(11)})`)}
${places("x", `i32(${parameter(12)})`)}
${Array.from({ length: vectors }, (_, j) => `  var sum${j} = vec4<f32>();`).join("\n")}
${products(g, config)}
  let place = ${
    scattered
      ? `${parameter(14)} + out_x * ${parameter(15)} + out_y * ${parameter(16)} + n * ${
        parameter(17)
      }`
      : "pixel"
  };
${
    abreast
      ? `  let part0 = (${parameter(10)} + group.z) * pixels * ${
        store === 4 ? "(outputs / 4u)" : "outputs"
      };\n`
      : ""
  }  ${config.exact ? "" : "if (pixel < pixels) "}{
${stores(g, config)}
  }`;
  return {
    declarations: weights ? [workgroupArray("weights", floats(4), weights)] : [],
    entry: perWorkgroup(threads, body),
  };
}

/** The tap of the weight for the tap `tap` of a dispatch. */
function weightTap({ y, x, transposed }: CorrelationConfig): string {
  const { kernel, first } = { kernel: x.taps, first: parameter(13) }, sign = transposed ? "-" : "+";
  if (x.tapStep === 1 && y.tapStep === kernel) return `${first} ${sign} tap`;
  const row = `tap / ${kernel}u`;
  return `${first} ${sign} (${row} * ${y.tapStep}u + (tap - ${row} * ${kernel}u) * ${x.tapStep}u)`;
}

/** Copies the weights of a chunk into workgroup memory, with zeros beyond the last channels. */
function stage(g: ConvGeometry, config: CorrelationConfig): string {
  const { chunk, tile, threads, weight, transposed, pieces = 1 } = config;
  const vectors = tile / 4,
    own = vectors / pieces,
    count = config.y.taps * config.x.taps * chunk * vectors;
  const filled = g.groupIn % 4 !== 0, grouped = g.groups > 1;
  const groupIn = grouped ? `${g.groupIn}u` : "channels";
  const groupOut = grouped ? `${g.groupOut}u` : "outputs";
  const at = (e: number) =>
    transposed
      ? `(weight_tap * ${groupOut} + j + ${e}u) * channels + ${
        grouped ? `part * ${g.groupIn}u + ` : ""
      }channel`
      : `(weight_tap * ${groupIn} + channel) * outputs + ${grouped ? "group0 + " : ""}j + ${e}u`;
  const parts = weight === 4
    ? [{ e: 0, line: `w = ${load(1, 4)}((${at(0)}) / 4u);` }]
    : [0, 1, 2, 3].map((e) => ({ e, line: `w[${e}] = ${load(1)}(${at(e)});` }));
  const lines = parts.map(({ e, line }) =>
    g.groupOut % tile === 0 ? line : `if (j + ${e}u < ${groupOut}) { ${line} }`
  ).map((line) => filled ? `if (channel < ${groupIn}) { ${line} }` : line);
  return unrolled(count, threads, (t) =>
    `let t = ${t};
    let k = t / ${vectors}u;
    let v = t - k * ${vectors}u;
    let j = ${pieces > 1 ? `v / ${own}u * units + v % ${own}u` : "v"} * 4u + tile0;
    let tap = k / ${chunk}u;
    let weight_tap = ${weightTap(config)};
    let channel = k - tap * ${chunk}u + chunk0;
    var w = vec4<f32>();
    ${lines.join("\n    ")}
    ${WEIGHTS}[t] = w;`);
}
