/**
 * Direct convolution at stride 1: a thread computes 16 output channels of one pixel. The weights of a
 * chunk of input channels lie in workgroup memory and are read with constant indices from unrolled
 * text, which both GPUs and the software driver turn into plain multiply-adds. Sizes are parameters of
 * the dispatch, so that one pipeline serves the layers of many nets.
 *
 * @module
 */
import type { ConvSizes } from "../../../ops/conv.ts";
import { sizeOf } from "../../../shape.ts";
import {
  type Dispatch,
  finish,
  floats,
  type ImageSize,
  type KernelContext,
  type Lowered,
  perElement,
  type Scratch,
  suffix,
  unrolled,
} from "../kernel.ts";
import type { Width } from "../lowering.ts";

/** Threads of a workgroup, the more the better: they share the weights that are staged for them. */
const THREADS = [1024, 512, 256, 128, 64];
/** Workgroups that there should be, for the processor's threads to share. */
const GROUPS = 16;
/**
 * Output channels of a thread, the most first: as many sums as vector registers hold beside a texel. 16 where
 * none divides the channels.
 */
const TILES = [24, 20, 16, 12, 8], TILE = 16;
/**
 * Taps times input channels of a dispatch. With 24 outputs that makes 3,456 products of unrolled text;
 * from about 4,100 on llvmpipe's code runs at two thirds of the speed.
 */
const DEPTH = 144;
const MAX_GROUPS = 65535;
/** Rows of a texture are copied in units of so many texels. */
const UNIT = 16;
/** The most rows of a matrix that a row of a texture is made of; with so many it is whole units. */
const MOST_ABREAST = 16;

/** Whole numbers below it are f32 without rounding. */
const EXACT = 1 << 24;
/** Division of whole numbers below {@linkcode EXACT}: processors divide vectors of f32 only. */
const QUOTIENT = `fn quotient(a: i32, b: i32) -> u32 {
  let near = i32(f32(a) / f32(b));
  let rest = a - near * b;
  return u32(near + select(0, 1, rest >= b) - select(0, 1, rest < 0));
}`;

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

function tileOf(channels: number): number {
  if (channels % 4 === 0 && channels < TILE) return channels;
  return TILES.find((tile) => channels % tile === 0) ?? TILE;
}

/**
 * [1, m, k] × [1, k, n] as a convolution of m pixels with one tap. They are laid out such that they fit a
 * texture; undefined where they cannot.
 */
export function directProduct(context: KernelContext): Lowered | undefined {
  const [[batch, m, k], [, , n]] = context.args.map(({ shape }) => shape);
  if (batch > 1) return undefined;
  const widths = Array.from({ length: MOST_ABREAST }, (_, i) => i + 1).filter((w) => m % w === 0);
  const layouts = widths.map((width): Correlation => ({
    batch,
    height: m / width,
    width,
    channels: k,
    outHeight: m / width,
    outWidth: width,
    outChannels: n,
    kernel: [1, 1],
    padding: 0,
    turned: false,
  }));
  const layout = layouts.find((c) => imageOf(context, c)) ??
    layouts.find((c) => laidOf(context, c));
  return layout && correlate(context, layout);
}

/** The most threads of a workgroup that leave enough workgroups, and of which few are idle. */
const threadsOf = (pixels: number, tiles: number, most: number): number =>
  THREADS.find((count) => {
    const groups = Math.ceil(pixels / count);
    return count <= most && groups * tiles >= GROUPS && pixels >= 0.75 * groups * count;
  }) ?? THREADS[THREADS.length - 1];

/**
 * Sizes of the chunks that input channels are taken in: equal ones where a size of at least half the most
 * divides them, so that one pipeline serves all but the first; else some, and what is left.
 */
function chunksOf(channels: number, most: number): number[] {
  let size = Math.min(most, channels);
  for (let equal = size; equal >= most / 2; equal -= 4) {
    if (channels % equal !== 0) continue;
    size = equal;
    break;
  }
  return Array.from(
    { length: Math.ceil(channels / size) },
    (_, k) => Math.min(size, channels - k * size),
  );
}

function correlate(context: KernelContext, c: Correlation): Lowered {
  const taps = c.kernel[0] * c.kernel[1];
  const image = imageOf(context, c), laid = image ? undefined : laidOf(context, c);
  const read: Width = image || laid || (context.wide[0] && c.channels % 4 === 0) ? 4 : 1;
  const tile = tileOf(c.outChannels);
  const most = Math.max(1, Math.floor(DEPTH / (taps * 4))) * 4;
  const chunks = chunksOf(laid ? 4 * laid.quads : c.channels, most);
  const { plainStore } = context;
  const store: Width = c.outChannels % 4 === 0 && (!plainStore || context.wideStore) ? 4 : 1;
  const pixels = c.batch * c.outHeight * c.outWidth, tiles = Math.ceil(c.outChannels / tile);
  const threads = threadsOf(pixels, tiles, context.workgroupThreads);
  const groups = Math.ceil(pixels / threads);
  const planes = Math.ceil(groups / MAX_GROUPS), columns = Math.ceil(groups / planes);
  const weightWide = !c.turned && context.wide[1] && c.outChannels % 4 === 0;
  const scratch: Scratch[] = plainStore ? [] : [{ size: pixels * c.outChannels }];
  const dispatches: Dispatch[] = [];
  if (laid) dispatches.push({ ...laid.dispatch, writes: { scratch: scratch.length, width: 4 } });
  dispatches.push(...chunks.map((chunk, k): Dispatch => ({
    body: body(c, {
      chunk,
      tile,
      threads,
      read,
      store,
      weightWide,
      whole: chunks.length === 1,
      image: laid ? `image_scratch${scratch.length}` : image && "image0",
      zeros: context.zerosOutside,
    }),
    // Tiles of the same pixels follow on each other, while these are in the cache.
    workgroups: [tiles, columns, planes],
    loads: [
      ...(laid ? [] : [{ argument: 0, width: read, ...(image && { image }) }]),
      { argument: 1, width: weightWide ? 4 : 1 },
    ],
    ...(laid && { images: [{ scratch: scratch.length, size: laid.size }] }),
    writes: {
      width: store,
      ...(plainStore ? {} : { scratch: 0 }),
      ...(chunks.length > 1 && { accumulates: true }),
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
      laid?.quads ?? Math.floor(c.channels / 4),
    ],
  })));
  if (!plainStore) dispatches.push(finish(pixels * c.outChannels, context.wideStore));
  if (laid) scratch.push({ size: sizeOf(laid.size) * 4 });
  return { dispatches, scratch };
}

/** The texture that a correlation's image fits as it is. */
const imageOf = (context: KernelContext, c: Correlation): ImageSize | undefined =>
  context.plain[0] && context.wide[0]
    ? context.image([c.batch, c.height, c.width, c.channels])
    : undefined;

/** An image as it is laid out for a texture that it would not fit as it is. */
interface Laid {
  readonly size: ImageSize;
  /** Texels of a pixel. */
  readonly quads: number;
  readonly dispatch: Omit<Dispatch, "writes">;
}

/** Channels filled up to fours, and rows to whole units, with zeros; undefined if even that is too large. */
function laidOf(context: KernelContext, c: Correlation): Laid | undefined {
  const quads = Math.ceil(c.channels / 4), columns = Math.ceil(c.width * quads / UNIT) * UNIT;
  const size = context.image([c.batch, c.height, columns, 4]);
  if (!size) return undefined;
  const elements = [0, 1, 2, 3].map((e) =>
    `  if (x < ${c.width}u && channel + ${e}u < ${c.channels}u) { v[${e}] = load0(source + ${e}u); }`
  );
  return {
    size,
    quads,
    dispatch: {
      ...perElement(
        c.batch * c.height * columns,
        `  let line = i / ${columns}u;
  let texel = i - line * ${columns}u;
  let x = texel / ${quads}u;
  let channel = (texel - x * ${quads}u) * 4u;
  let source = (line * ${c.width}u + x) * ${c.channels}u + channel;
  var v = vec4<f32>();
${elements.join("\n")}
  storex4(i, v);`,
      ),
      loads: [{ argument: 0, width: 1 }],
    },
  };
}

interface Shape {
  readonly chunk: number;
  readonly tile: number;
  readonly threads: number;
  readonly read: Width;
  readonly store: Width;
  readonly weightWide: boolean;
  /** Whether there is one chunk. Else the sum of those before is read, by the first in vain. */
  readonly whole: boolean;
  /** The function that reads the input from a texture, if one does, and whether that has zeros outside. */
  readonly image: string | undefined;
  readonly zeros: boolean;
}

function body(c: Correlation, shape: Shape): string {
  const { chunk, tile, threads, read, store, whole, image, zeros } = shape;
  const [rows, columns] = c.kernel, taps = rows * columns, vectors = tile / 4;
  const sums = Array.from({ length: vectors }, (_, j) => `sum${j}`);
  const lines: string[] = [];
  for (let ky = 0; ky < rows; ky++) {
    for (let kx = 0; kx < columns; kx++) {
      const tap = ky * columns + kx;
      lines.push(
        `  let ok${tap} = y_ok${ky} && x_ok${kx};`,
        image
          ? `  let at${tap} = x${kx} * i32(parameter(9u)) + i32(chunk0 / 4u);`
          : `  let at${tap} = (line${ky} + column${kx}) * ${
            read === 4 ? "(channels / 4u)" : "channels"
          } + ${read === 4 ? "chunk0 / 4u" : "chunk0"};`,
      );
      for (let q = 0; q < chunk; q += read) {
        const ok = read === 4 ? `vec4<bool>(ok${tap})` : `ok${tap}`;
        lines.push(
          image && zeros
            ? `  let a${tap}_${q} = ${image}(at${tap} + ${q / read}, y${ky}, n);`
            : `  let a${tap}_${q} = select(${floats(read)}(), ${
              image
                ? `${image}(at${tap} + ${q / read}, y${ky}, n)`
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
  const quick = c.batch * c.outHeight * c.outWidth < EXACT;
  const quotient = (a: string, b: string) =>
    quick ? `quotient(i32(${a}), i32(${b}))` : `${a} / ${b}`;
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
  return `${quick ? QUOTIENT : ""}
var<workgroup> weights: array<vec4<f32>, ${taps * chunk * vectors}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let height = parameter(0u); let width = parameter(1u); let channels = parameter(2u);
  let out_height = parameter(3u); let out_width = parameter(4u); let outputs = parameter(5u);
  let pixels = parameter(6u); let chunk0 = parameter(7u);
  let tile0 = group.x * ${tile}u;
${stage(c, shape)}
  workgroupBarrier();
  let pixel = (group.y + group.z * parameter(8u)) * ${threads}u + thread;
  let inside = min(pixel, pixels - 1u);
  let out_line = ${quotient("inside", "out_width")};
  let out_x = inside - out_line * out_width;
  let n = ${quotient("out_line", "out_height")};
  let out_y = out_line - n * out_height;
${axis(rows, "out_y", "y", "height", "line")}
${axis(columns, "out_x", "x", "width", "column")}
${sums.map((sum) => `  var ${sum} = vec4<f32>();`).join("\n")}
${lines.join("\n")}
  if (pixel < pixels) {
${
    sums.map((sum, j) => {
      if (store === 4) {
        const at = `pixel * (outputs / 4u) + group.x * ${vectors}u + ${j}u`;
        const line = `storex4(${at}, ${
          whole ? sum : `select(stored(${at}), vec4<f32>(), chunk0 == 0u) + ${sum}`
        });`;
        return c.outChannels % tile === 0
          ? `    ${line}`
          : `    if (tile0 + ${4 * j}u < outputs) { ${line} }`;
      }
      return [0, 1, 2, 3].map((r) => {
        const o = `tile0 + ${4 * j + r}u`, at = `pixel * outputs + ${o}`;
        return `    if (${o} < outputs) { store(${at}, ${
          whole ? `${sum}[${r}]` : `select(stored(${at}), 0.0, chunk0 == 0u) + ${sum}[${r}]`
        }); }`;
      }).join("\n");
    }).join("\n")
  }
  }
}`;
}

/** Copies the weights of the chunk into workgroup memory; zeros beyond the last channel. */
function stage(c: Correlation, { chunk, tile, threads, read, weightWide }: Shape): string {
  const vectors = tile / 4, taps = c.kernel[0] * c.kernel[1], count = taps * chunk * vectors;
  const filled = read === 4 && c.channels % 4 !== 0;
  const at = (e: number) =>
    c.turned
      ? `((${taps - 1}u - tap) * outputs + j + ${e}u) * channels + channel`
      : `(tap * channels + channel) * outputs + j + ${e}u`;
  const parts = weightWide
    ? [{ e: 0, line: `w = load1x4((${at(0)}) / 4u);` }]
    : [0, 1, 2, 3].map((e) => ({ e, line: `w[${e}] = load1(${at(e)});` }));
  const lines = parts.map(({ e, line }) =>
    c.outChannels % tile === 0 ? line : `if (j + ${e}u < outputs) { ${line} }`
  ).map((line) => filled ? `if (channel < channels) { ${line} }` : line);
  return unrolled(count, threads, (t) =>
    `let t = ${t};
    let k = t / ${vectors}u;
    let j = (t - k * ${vectors}u) * 4u + tile0;
    let tap = k / ${chunk}u;
    let channel = k - tap * ${chunk}u + chunk0;
    var w = vec4<f32>();
    ${lines.join("\n    ")}
    weights[t] = w;`);
}
