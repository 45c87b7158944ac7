/**
 * A depthwise convolution, or the gradient with respect to its image: a thread computes a block of windows
 * for a block of channels, in unrolled code. A block has windows of every phase, so that where the
 * cotangent's pixels are spaced apart, nothing is multiplied by the zeros between them.
 *
 * @module
 */
import {
  type ConvGeometry,
  countTaps,
  inputGradientGeometry,
} from "../../../../ops/conv_geometry.ts";
import type { WindowAxis } from "../../../../ops/window_axis.ts";
import { type Declaration, workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import type { Width } from "../../wgsl/types.ts";
import { floats, load, store } from "../accessors.ts";
import { perElement, perWorkgroup, splitWorkgroups, unrolled } from "../entry_points.ts";
import type { Dispatch, KernelContext, Lowered } from "../kernel.ts";
import { gatherLanes, list, spread } from "./blocks.ts";
import { pixelsOf } from "../pixels.ts";

/** Windows of a thread along a row: the most, and the most accumulators that they may need. */
const MOST_ABREAST = 4, MOST_SUMS = 8;
/** The most unrolled multiply-adds of vectors, and vectors of weights in workgroup memory. */
const MOST_PRODUCTS = 800, MOST_WEIGHTS = 1024;
/** Threads of a workgroup that shares its weights. */
const THREADS = 128;

/** A block of windows along an axis. */
interface WindowBlock {
  readonly axis: WindowAxis;
  /** Windows of a block, and blocks. */
  readonly size: number;
  readonly count: number;
}

const blockOf = (axis: WindowAxis, size: number): WindowBlock => ({
  axis,
  size,
  count: Math.ceil(axis.out / size),
});

/** The pixel that window `w` of a block reads at a tap, relative to the block's own; undefined if none. */
function pixelOffset({ stride, dilation, padding, spacing }: WindowAxis, w: number, tap: number) {
  const offset = (w * stride + tap * dilation - padding) / spacing;
  return Number.isInteger(offset) ? offset : undefined;
}

/** conv2d with one input channel a group; undefined where too much would be unrolled. */
export const depthwiseConv = (context: KernelContext, g: ConvGeometry): Lowered | undefined =>
  lower(context, g, { multiplier: g.groupOut, transposed: false });

/** conv2dInputGradient, likewise. */
export const depthwiseInputGradient = (
  context: KernelContext,
  g: ConvGeometry,
): Lowered | undefined =>
  lower(context, inputGradientGeometry(g), { multiplier: g.groupOut, transposed: true });

/** Which channels have more on the other side: those of the image, or, transposed, those of the result. */
interface Direction {
  readonly multiplier: number;
  readonly transposed: boolean;
}

function lower(context: KernelContext, g: ConvGeometry, direction: Direction): Lowered | undefined {
  const { multiplier, transposed } = direction;
  const across = Math.floor(MOST_SUMS / (g.y.spacing * g.x.spacing * multiplier));
  const y = blockOf(g.y, g.y.spacing);
  const x = blockOf(g.x, g.x.spacing * Math.max(1, Math.min(MOST_ABREAST, across)));
  const taps = countTaps(g), windows = y.size * x.size / (g.y.spacing * g.x.spacing);
  const shared = context.fewPipelines;
  if (taps * windows * multiplier > MOST_PRODUCTS) return undefined;
  if (shared && taps * multiplier > MOST_WEIGHTS) return undefined;
  const pixels = pixelsOf(context, 0, [g.batch, g.y.size, g.x.size, g.channels], 0);
  const blocks = Math.ceil((transposed ? g.outChannels : g.channels) / 4);
  const weighted = transposed ? g.channels : g.outChannels;
  const config: Config = {
    g,
    y,
    x,
    blocks,
    direction,
    read: pixels.read,
    weight: context.vectorized[1] && weighted % 4 === 0 ? 4 : 1,
    store: context.vectorizedStore && g.outChannels % 4 === 0 ? 4 : 1,
  };
  return {
    scratch: pixels.scratch,
    dispatches: [...pixels.before, {
      ...(shared ? sharingWeights(config) : byChannels(config)),
      loads: [...pixels.loads, { argument: 1, width: config.weight }],
      images: pixels.images,
      writes: { width: config.store },
    }],
  };
}

/** The configuration of an emitted kernel. */
interface Config {
  readonly g: ConvGeometry;
  readonly y: WindowBlock;
  readonly x: WindowBlock;
  /** Blocks of channels. */
  readonly blocks: number;
  readonly direction: Direction;
  readonly read: ReturnType<typeof pixelsOf>["read"];
  /** The access widths of the weights and of the result. */
  readonly weight: Width;
  readonly store: Width;
}

type Shader = Pick<Dispatch, "entry" | "declarations" | "workgroups">;

/** Neighboring threads have neighboring channels, and read their weights from the buffer. */
function byChannels(config: Config): Shader {
  const { g, y, x, blocks } = config,
    weights = list(
      countTaps(g),
      (tap) =>
        list(
          config.direction.multiplier,
          (v) => `  let w${tap}_${v} = ${weightVector(config, `${tap}u`, `${v}u`)};`,
        ),
    ).flat();
  return perElement(
    g.batch * y.count * x.count * blocks,
    `  let block_of_windows = i / ${blocks}u;
  let block = i - block_of_windows * ${blocks}u;
${weights.join("\n")}
${windows(config, (tap, v) => `w${tap}_${v}`)}`,
  );
}

const WEIGHTS = symbol("weights");

/** A workgroup has one block of channels, whose weights it reads at constant indices. */
function sharingWeights(config: Config): Shader {
  const { g, y, x, blocks, direction: { multiplier } } = config;
  const all = g.batch * y.count * x.count, count = countTaps(g) * multiplier;
  const { columns, rows } = splitWorkgroups(Math.ceil(all / THREADS));
  const stage = unrolled(count, THREADS, (t) =>
    `let t = ${t};
    ${WEIGHTS}[t] = ${weightVector(config, `(t / ${multiplier}u)`, `(t % ${multiplier}u)`)};`);
  const weights: Declaration = workgroupArray("weights", floats(4), count);
  return {
    workgroups: [blocks, columns, rows],
    declarations: [weights],
    entry: perWorkgroup(
      THREADS,
      `  let block = group.x;
${stage}
  workgroupBarrier();
  let block_of_windows = (group.y + group.z * ${columns}u) * ${THREADS}u + thread;
  if (block_of_windows < ${all}u) {
${windows(config, (tap, v) => `${WEIGHTS}[${tap * multiplier + v}]`)}
  }`,
    ),
  };
}

/** The text of four weights of a tap. */
function weightVector(
  { g, direction: { multiplier, transposed }, weight }: Config,
  tap: string,
  v: string,
): string {
  const count = transposed ? g.channels : g.outChannels;
  const own = transposed ? `(${countTaps(g) - 1}u - ${tap})` : tap;
  const quad = multiplier === 1 ? "block" : `(block * ${multiplier}u + ${v})`;
  if (weight === 4) return `${load(1, 4)}(${own} * ${count / 4}u + ${quad})`;
  const parts = list(
    4,
    (e) => `${load(1)}(${own} * ${count}u + min(${quad} * 4u + ${e}u, ${count - 1}u))`,
  );
  return `vec4<f32>(${parts.join(", ")})`;
}

/** The text that computes and stores a block of windows, given the text of weights. */
function windows(config: Config, weight: (tap: number, v: number) => string): string {
  const { g, y, x, direction: { multiplier, transposed } } = config,
    lines = [
      `  let row = block_of_windows / ${x.count}u;`,
      `  let x0 = i32(block_of_windows - row * ${x.count}u) * ${
        x.size * g.x.stride / g.x.spacing
      };`,
      `  let n = row / ${y.count}u;`,
      `  let y0 = i32(row - n * ${y.count}u) * ${y.size * g.y.stride / g.y.spacing};`,
    ];
  const inputs = transposed ? multiplier : 1;
  const read = new Set<string>();
  /** The name of four channels of a pixel. */
  const pixel = (down: number, right: number, v: number): string => {
    const name = `a${down}_${right}_${v}`.replaceAll("-", "m");
    if (!read.has(name)) {
      const quad = inputs === 1 ? "block" : `block * ${inputs}u + ${v}u`;
      const [atY, atX] = [`(y0 + ${down})`, `(x0 + ${right})`];
      lines.push(`  let ${name} = ${config.read("n", atY, atX, `(${quad})`)};`);
      read.add(name);
    }
    return name;
  };
  const sum = (wy: number, wx: number, v: number) => `sum${wy}_${wx}_${v}`;
  const all = list(y.size, (wy) => list(x.size, (wx) => ({ wy, wx }))).flat();
  for (const { wy, wx } of all) {
    for (let v = 0; v < multiplier; v++) lines.push(`  var ${sum(wy, wx, v)} = vec4<f32>();`);
  }
  for (let ky = 0; ky < g.y.kernel; ky++) {
    for (let kx = 0; kx < g.x.kernel; kx++) {
      const tap = ky * g.x.kernel + kx;
      for (const { wy, wx } of all) {
        const down = pixelOffset(g.y, wy, ky), right = pixelOffset(g.x, wx, kx);
        if (down === undefined || right === undefined) continue;
        for (let v = 0; v < multiplier; v++) {
          const value = transposed
            ? pixel(down, right, v)
            : spread(pixel(down, right, 0), multiplier, v);
          const name = sum(wy, wx, v);
          lines.push(`  ${name} = fma(${value}, ${weight(tap, v)}, ${name});`);
        }
      }
    }
  }
  return [...lines, ...all.flatMap(({ wy, wx }) => stores(config, wy, wx, sum))].join("\n");
}

/** Stores the results of one window of a block, unless it is beyond the last. */
function stores(
  { g, y, x, blocks, direction: { multiplier, transposed }, store: width }: Config,
  wy: number,
  wx: number,
  sum: (wy: number, wx: number, v: number) => string,
): string[] {
  const sums = list(multiplier, (v) => sum(wy, wx, v));
  const results = transposed ? [gatherLanes(sums, multiplier)] : sums;
  const atY = `(row - n * ${y.count}u) * ${y.size}u + ${wy}u`;
  const atX = `(block_of_windows - row * ${x.count}u) * ${x.size}u + ${wx}u`;
  const conditions = [
    ...(g.y.out % y.size ? [`out_y < ${g.y.out}u`] : []),
    ...(g.x.out % x.size ? [`out_x < ${g.x.out}u`] : []),
  ];
  const beyond = blocks * results.length * 4 > g.outChannels;
  const lines = results.flatMap((result, v) => {
    const quad = `(block * ${results.length}u + ${v}u)`;
    if (width === 4) {
      const line = `${store(4)}(pixel * ${g.outChannels / 4}u + ${quad}, ${result});`;
      return beyond ? [`    if (${quad} < ${g.outChannels / 4}u) { ${line} }`] : [`    ${line}`];
    }
    return [
      `    let result${v} = ${result};`,
      ...list(4, (e) => {
        const channel = `${quad} * 4u + ${e}u`;
        const line = `${store()}(pixel * ${g.outChannels}u + ${channel}, result${v}[${e}]);`;
        return beyond ? `    if (${channel} < ${g.outChannels}u) { ${line} }` : `    ${line}`;
      }),
    ];
  });
  return [
    "  {",
    `  let out_y = ${atY};`,
    `  let out_x = ${atX};`,
    `  ${conditions.length ? `if (${conditions.join(" && ")}) ` : ""}{`,
    `    let pixel = (n * ${g.y.out}u + out_y) * ${g.x.out}u + out_x;`,
    ...lines,
    "  } }",
  ];
}
