/**
 * The weight gradient of a depthwise convolution: a thread computes one row of the kernel for a block of
 * channels, over some rows of the result; partial results are added in a fixed order.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { sizeOf } from "../../../../shape.ts";
import type { Width } from "../../wgsl/types.ts";
import { store } from "../accessors.ts";
import { MAX_ROUNDS, perElement } from "../entry_points.ts";
import type { KernelContext, Lowered } from "../kernel.ts";
import { sumParts } from "../partials.ts";
import { list, spread } from "./blocks.ts";
import { type Pixels, pixelsOf } from "../pixels.ts";

/** Windows of a round, and the most accumulators of a thread. */
const ABREAST = 4, MOST_SUMS = 28;
/** The number of threads to aim at: on processors, and on GPUs. */
const THREADS = { few: 4096, many: 65536 };

/** conv2dWeightGradient with one input channel a group; undefined where threads would have too many sums. */
export function depthwiseWeightGradient(
  context: KernelContext,
  g: ConvGeometry,
): Lowered | undefined {
  const multiplier = g.groupOut;
  if (g.x.kernel * multiplier > MOST_SUMS) return undefined;
  const image = pixelsOf(context, 0, [g.batch, g.y.size, g.x.size, g.channels], 1);
  const cotangent = pixelsOf(
    context,
    1,
    [g.batch, g.y.out, g.x.out, g.outChannels],
    1 + image.scratch.length,
  );
  const blocks = Math.ceil(g.channels / 4), lines = g.batch * g.y.out;
  const outputs = sizeOf(context.spec.shape);
  const wanted = THREADS[context.fewPipelines ? "few" : "many"] / (blocks * g.y.kernel);
  const parts = Math.min(
    lines,
    Math.max(1, Math.ceil(wanted), Math.ceil(lines * Math.ceil(g.x.out / ABREAST) / MAX_ROUNDS)),
  );
  const width: Width = outputs % 4 === 0 && g.outChannels % 4 === 0 ? 4 : 1;
  const joined: Width = context.vectorizedStore && outputs % 4 === 0 ? 4 : 1;
  return {
    scratch: [{ size: parts * outputs }, ...image.scratch, ...cotangent.scratch],
    dispatches: [
      ...image.before,
      ...cotangent.before,
      {
        ...perElement(
          parts * g.y.kernel * blocks,
          writeBody({ g, blocks, parts, outputs, width, image, cotangent }),
        ),
        loads: [...image.loads, ...cotangent.loads],
        images: [...image.images, ...cotangent.images],
        writes: { scratch: 0, width },
      },
      sumParts(parts, outputs, joined),
    ],
  };
}

/** The configuration of an emitted kernel. */
interface Config {
  readonly g: ConvGeometry;
  readonly blocks: number;
  readonly parts: number;
  readonly outputs: number;
  readonly width: Width;
  readonly image: Pixels;
  readonly cotangent: Pixels;
}

function writeBody(config: Config): string {
  const { g, blocks, parts } = config,
    multiplier = g.groupOut,
    rounds = Math.floor(g.x.out / ABREAST);
  const sums = list(g.x.kernel * multiplier, (k) => `  var sum${k} = vec4<f32>();`);
  const rest = g.x.out % ABREAST;
  const loop = rounds === 0 ? [] : [
    `    for (var x0 = 0; x0 < ${rounds * ABREAST}; x0 += ${ABREAST}) {`,
    ...products(config, "x0", ABREAST),
    "    }",
  ];
  return [
    `  let block = i % ${blocks}u;`,
    `  let ky = i / ${blocks}u % ${g.y.kernel}u;`,
    `  let part = i / ${blocks * g.y.kernel}u;`,
    ...sums,
    `  for (var line = part; line < ${g.batch * g.y.out}u; line += ${parts}u) {`,
    `    let n = line / ${g.y.out}u;`,
    `    let out_y = i32(line - n * ${g.y.out}u);`,
    `    let y = out_y * ${g.y.stride} + i32(ky) * ${g.y.dilation} - ${g.y.padding};`,
    `    if (y < 0 || y >= ${g.y.size}) { continue; }`,
    ...loop,
    ...(rest ? ["    {", ...products(config, `${rounds * ABREAST}`, rest), "    }"] : []),
    "  }",
    ...stores(config),
  ].join("\n");
}

/** The multiply-adds of some neighboring windows from window `first` on. */
function products({ g, image, cotangent }: Config, first: string, count: number): string[] {
  const { stride, dilation, padding, kernel } = g.x, multiplier = g.groupOut, lines: string[] = [];
  const read = new Set<number>();
  const pixel = (at: number): string => {
    const name = `a${at}`.replace("-", "m"), x = `(${first} * ${stride} + ${at})`;
    if (!read.has(at)) lines.push(`      let ${name} = ${image.read("n", "y", x, "block")};`);
    read.add(at);
    return name;
  };
  for (let w = 0; w < count; w++) {
    for (let v = 0; v < multiplier; v++) {
      const quad = `(block * ${multiplier}u + ${v}u)`;
      lines.push(
        `      let g${w}_${v} = ${cotangent.read("n", "out_y", `(${first} + ${w})`, quad)};`,
      );
    }
    for (let kx = 0; kx < kernel; kx++) {
      const value = pixel(w * stride + kx * dilation - padding);
      for (let v = 0; v < multiplier; v++) {
        const sum = `sum${kx * multiplier + v}`;
        lines.push(`      ${sum} = fma(${spread(value, multiplier, v)}, g${w}_${v}, ${sum});`);
      }
    }
  }
  return lines;
}

/** Stores a thread's sums. */
function stores({ g, blocks, outputs, width }: Config): string[] {
  const multiplier = g.groupOut, { outChannels } = g;
  return list(g.x.kernel * multiplier, (k) => {
    const kx = Math.floor(k / multiplier), v = k % multiplier;
    const row = `(ky * ${g.x.kernel}u + ${kx}u)`, quad = `(block * ${multiplier}u + ${v}u)`;
    if (width === 4) {
      const at = `part * ${outputs / 4}u + ${row} * ${outChannels / 4}u + ${quad}`;
      const line = `${store(4)}(${at}, sum${k});`;
      const beyond = blocks * multiplier * 4 > outChannels;
      return [beyond ? `  if (${quad} < ${outChannels / 4}u) { ${line} }` : `  ${line}`];
    }
    return list(4, (e) => {
      const channel = `${quad} * 4u + ${e}u`;
      const at = `part * ${outputs}u + ${row} * ${outChannels}u + ${channel}`;
      return `  if (${channel} < ${outChannels}u) { ${store()}(${at}, sum${k}[${e}]); }`;
    });
  }).flat();
}
