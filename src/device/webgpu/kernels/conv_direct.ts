/**
 * Direct convolution at stride 1: a thread computes 16 output channels of one pixel. The weights of a
 * chunk of input channels lie in workgroup memory and are read with constant indices from unrolled
 * text, which both GPUs and the software driver turn into plain multiply-adds. Sizes are parameters of
 * the dispatch, so that one pipeline serves the layers of many nets.
 *
 * @module
 */
import type { ConvSizes } from "../../../ops/conv.ts";
import {
  type Dispatch,
  finish,
  floats,
  type KernelContext,
  type Lowered,
  suffix,
  unrolled,
} from "../kernel.ts";
import type { Width } from "../lowering.ts";

const THREADS = 256, MAX_TILE = 16;
/** The most unrolled products of a shader: what compiles in a fraction of a second. */
const MAX_PRODUCTS = 2304;
const MAX_GROUPS = 65535;

/** A correlation at stride 1, which a convolution and its image gradient both are. */
interface Correlation {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly kernel: readonly [number, number];
  readonly padding: number;
  /** Whether the weight is read turned by half a turn, with its channel axes exchanged. */
  readonly turned: boolean;
}

/** conv2d at stride 1. */
export const directConv = (context: KernelContext, s: ConvSizes): Lowered =>
  correlate(context, {
    ...s,
    kernel: [s.kernelHeight, s.kernelWidth],
    turned: false,
  });

/** conv2dInputGradient at stride 1: a correlation of the output's cotangent with the turned weight. */
export const directInputGradient = (context: KernelContext, s: ConvSizes): Lowered =>
  correlate(context, {
    batch: s.batch,
    height: s.outHeight,
    width: s.outWidth,
    channels: s.outChannels,
    outHeight: s.height,
    outWidth: s.width,
    outChannels: s.channels,
    kernel: [s.kernelHeight, s.kernelWidth],
    padding: s.kernelHeight - 1 - s.padding,
    turned: true,
  });

/** Output channels of a thread: 16, or fewer where that divides them. */
function tileOf(channels: number): number {
  if (channels % 4 !== 0) return MAX_TILE;
  if (channels <= MAX_TILE) return channels;
  return [16, 12, 8].find((tile) => channels % tile === 0) ?? MAX_TILE;
}

/** Sizes of the chunks that input channels are taken in: equal ones, and what is left. */
const chunksOf = (channels: number, most: number): number[] =>
  Array.from({ length: Math.ceil(channels / most) }, (_, k) => Math.min(most, channels - k * most));

function correlate(context: KernelContext, c: Correlation): Lowered {
  const taps = c.kernel[0] * c.kernel[1];
  const read: Width = context.wide[0] && c.channels % 4 === 0 ? 4 : 1;
  const image = read === 4 ? context.image(context.args[0].shape) : undefined;
  const kind = image && (context.zerosOutside ? "zeros" : "image");
  const tile = tileOf(c.outChannels);
  const most = Math.max(1, Math.floor(MAX_PRODUCTS / (taps * tile * 4))) * 4;
  const chunks = chunksOf(c.channels, Math.min(most, 32));
  const { plainStore } = context;
  const store: Width = c.outChannels % 4 === 0 && (!plainStore || context.wideStore) ? 4 : 1;
  const pixels = c.batch * c.outHeight * c.outWidth, groups = Math.ceil(pixels / THREADS);
  const planes = Math.ceil(groups / MAX_GROUPS), columns = Math.ceil(groups / planes);
  const weightWide = !c.turned && context.wide[1] && c.outChannels % 4 === 0;
  const dispatches: Dispatch[] = chunks.map((chunk, k) => ({
    body: body(c, {
      chunk,
      tile,
      read,
      store,
      weightWide,
      first: k === 0,
      image: kind,
    }),
    workgroups: [columns, Math.ceil(c.outChannels / tile), planes],
    loads: [{ argument: 0, width: read, ...(image && { image }) }, {
      argument: 1,
      width: weightWide ? 4 : 1,
    }],
    writes: {
      width: store,
      ...(plainStore ? {} : { scratch: 0 }),
      ...(k > 0 && { accumulates: true }),
    },
    parameters: [
      c.height,
      c.width,
      c.channels,
      c.outHeight,
      c.outWidth,
      c.outChannels,
      pixels,
      k * chunks[0],
      columns,
    ],
  }));
  if (plainStore) return { dispatches };
  const size = pixels * c.outChannels;
  dispatches.push(finish(size, context.wideStore));
  return { dispatches, scratch: [{ size }] };
}

interface Shape {
  readonly chunk: number;
  readonly tile: number;
  readonly read: Width;
  readonly store: Width;
  readonly weightWide: boolean;
  readonly first: boolean;
  /** Whether the input is read from a texture, and whether that has zeros outside. */
  readonly image: "zeros" | "image" | undefined;
}

function body(c: Correlation, shape: Shape): string {
  const { chunk, tile, read, store, first, image } = shape;
  const [rows, columns] = c.kernel, taps = rows * columns, vectors = tile / 4;
  const sums = Array.from({ length: vectors }, (_, j) => `sum${j}`);
  const lines: string[] = [];
  for (let ky = 0; ky < rows; ky++) {
    for (let kx = 0; kx < columns; kx++) {
      const tap = ky * columns + kx;
      lines.push(
        `  let ok${tap} = y_ok${ky} && x_ok${kx};`,
        image
          ? `  let at${tap} = x${kx} * i32(channels / 4u) + i32(chunk0 / 4u);`
          : `  let at${tap} = (line${ky} + column${kx}) * ${
            read === 4 ? "(channels / 4u)" : "channels"
          } + ${read === 4 ? "chunk0 / 4u" : "chunk0"};`,
      );
      for (let q = 0; q < chunk; q += read) {
        const ok = read === 4 ? `vec4<bool>(ok${tap})` : `ok${tap}`;
        lines.push(
          image === "zeros"
            ? `  let a${tap}_${q} = image0(at${tap} + ${q / read}, y${ky}, n);`
            : `  let a${tap}_${q} = select(${floats(read)}(), ${
              image
                ? `image0(at${tap} + ${q / read}, y${ky}, n)`
                : `load0${suffix(read)}(at${tap} + ${q / read}u)`
            }, ${ok});`,
        );
        for (let r = 0; r < read; r++) {
          const a = `vec4<f32>(a${tap}_${q}${read === 4 ? `.${"xyzw"[r]}` : ""})`;
          const at = (tap * chunk + q + r) * vectors;
          sums.forEach((sum, j) => lines.push(`  ${sum} = fma(${a}, weights[${at + j}], ${sum});`));
        }
      }
    }
  }
  const axis = (count: number, at: string, name: string, size: string, line: string) =>
    Array.from({ length: count }, (_, k) => {
      const offset = k - c.padding;
      return `  let ${name}${k} = i32(${at}) + ${offset};
  let ${name}_ok${k} = ${name}${k} >= 0 && ${name}${k} < i32(${size});
  let ${line}${k} = ${
        line === "line"
          ? `(n * height + u32(clamp(${name}${k}, 0, i32(height) - 1))) * width`
          : `u32(clamp(${name}${k}, 0, i32(width) - 1))`
      };`;
    }).join("\n");
  return `var<workgroup> weights: array<vec4<f32>, ${taps * chunk * vectors}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let height = parameter(0u); let width = parameter(1u); let channels = parameter(2u);
  let out_height = parameter(3u); let out_width = parameter(4u); let outputs = parameter(5u);
  let pixels = parameter(6u); let chunk0 = parameter(7u);
  let tile0 = group.y * ${tile}u;
${stage(c, shape)}
  workgroupBarrier();
  let pixel = (group.x + group.z * parameter(8u)) * ${THREADS}u + thread;
  let inside = min(pixel, pixels - 1u);
  let out_line = inside / out_width;
  let out_x = inside - out_line * out_width;
  let n = out_line / out_height;
  let out_y = out_line - n * out_height;
${axis(rows, "out_y", "y", "height", "line")}
${axis(columns, "out_x", "x", "width", "column")}
${sums.map((sum) => `  var ${sum} = vec4<f32>();`).join("\n")}
${lines.join("\n")}
  if (pixel < pixels) {
${
    sums.map((sum, j) => {
      if (store === 4) {
        const at = `pixel * (outputs / 4u) + group.y * ${vectors}u + ${j}u`;
        const line = `storex4(${at}, ${first ? sum : `stored(${at}) + ${sum}`});`;
        return c.outChannels % tile === 0
          ? `    ${line}`
          : `    if (tile0 + ${4 * j}u < outputs) { ${line} }`;
      }
      return [0, 1, 2, 3].map((r) => {
        const o = `tile0 + ${4 * j + r}u`, at = `pixel * outputs + ${o}`;
        return `    if (${o} < outputs) { store(${at}, ${
          first ? `${sum}[${r}]` : `stored(${at}) + ${sum}[${r}]`
        }); }`;
      }).join("\n");
    }).join("\n")
  }
  }
}`;
}

/** Copies the weights of the chunk into workgroup memory; zeros beyond the last channel. */
function stage(c: Correlation, { chunk, tile, weightWide }: Shape): string {
  const vectors = tile / 4, taps = c.kernel[0] * c.kernel[1], count = taps * chunk * vectors;
  const at = (e: number) =>
    c.turned
      ? `((${taps - 1}u - tap) * outputs + j + ${e}u) * channels + channel`
      : `(tap * channels + channel) * outputs + j + ${e}u`;
  const parts = weightWide
    ? [{ e: 0, line: `w = load1x4((${at(0)}) / 4u);` }]
    : [0, 1, 2, 3].map((e) => ({ e, line: `w[${e}] = load1(${at(e)});` }));
  const lines = parts.map(({ e, line }) =>
    c.outChannels % tile === 0 ? line : `if (j + ${e}u < outputs) { ${line} }`
  );
  return unrolled(count, THREADS, (t) =>
    `let t = ${t};
    let k = t / ${vectors}u;
    let j = (t - k * ${vectors}u) * 4u + tile0;
    let tap = k / ${chunk}u;
    let channel = k - tap * ${chunk}u + chunk0;
    var w = vec4<f32>();
    ${lines.join("\n    ")}
    weights[t] = w;`);
}
