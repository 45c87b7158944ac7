/**
 * The weight gradient at stride 1: a thread for each tap and four input channels, which takes a run of
 * pixels against 8 output channels. The output's cotangent lies in workgroup memory and is read with
 * constant indices from unrolled text. Runs go to separate partial results, added in order at the end,
 * so the sum does not depend on the run.
 *
 * @module
 */
import type { ConvSizes } from "../../../ops/conv.ts";
import { sizeOf } from "../../../shape.ts";
import { type Dispatch, type KernelContext, type Lowered, sumParts } from "../kernel.ts";
import type { Width } from "../lowering.ts";

/** Output channels of a thread. */
const TILE = 8;
/** The most pixels of a run: what unrolls into a shader that compiles in a fraction of a second. */
const MAX_RUN = 64;
/** The most f32 of partial results. */
const MAX_PARTIAL = 1 << 22;
/** The most partial results. */
const MAX_PARTS = 256;
/** The most threads of a workgroup that every adapter has. */
const MAX_THREADS = 256;

/** Whether whole lines of the output fit into a run. */
export const fitsWeightGradient = (s: ConvSizes): boolean =>
  s.outWidth <= MAX_RUN && s.kernelHeight * s.kernelWidth <= MAX_THREADS;

/** conv2dWeightGradient at stride 1, one group, where {@linkcode fitsWeightGradient}. */
export function directWeightGradient(context: KernelContext, s: ConvSizes): Lowered {
  const taps = s.kernelHeight * s.kernelWidth;
  const read: Width = context.wide[0] && s.channels % 4 === 0 ? 4 : 1;
  const image = read === 4 ? context.image(context.args[0].shape) : undefined;
  const kind = image && (context.zerosOutside ? "zeros" : "image");
  const store: Width = s.outChannels % 4 === 0 ? 4 : 1;
  const most = Math.min(8, Math.floor(MAX_THREADS / taps)), groups = s.channels / read;
  const slices = [8, 7, 6, 5, 4, 3, 2].find((n) => n <= most && groups % n === 0) ?? 1;
  const rows =
    [8, 7, 6, 5, 4, 3, 2].find((r) => s.outHeight % r === 0 && r * s.outWidth <= MAX_RUN) ?? 1;
  const runs = s.batch * s.outHeight / rows, outputs = sizeOf(context.spec.shape);
  const parts = Math.max(1, Math.min(runs, MAX_PARTS, Math.floor(MAX_PARTIAL / outputs)));
  const gradientWide: Width = context.wide[1] && s.outChannels % 4 === 0 ? 4 : 1;
  const dispatches: Dispatch[] = Array.from({ length: Math.ceil(runs / parts) }, (_, k) => ({
    body: body(s, {
      taps,
      read,
      slices,
      gradientWide,
      first: k === 0,
      rows,
      image: kind,
      store,
    }),
    workgroups: [
      Math.min(parts, runs - k * parts),
      Math.ceil(s.outChannels / TILE),
      groups / slices,
    ],
    loads: [{ argument: 0, width: read, ...(image && { image }) }, {
      argument: 1,
      width: gradientWide,
    }],
    writes: { scratch: 0, width: store, ...(k > 0 && { accumulates: true }) },
    parameters: [s.channels, s.outChannels, k * parts, outputs],
  }));
  dispatches.push(sumParts(parts, outputs));
  return { dispatches, scratch: [{ size: parts * outputs }] };
}

interface Shape {
  readonly taps: number;
  readonly read: Width;
  /** Groups of `read` input channels in one workgroup. */
  readonly slices: number;
  readonly gradientWide: Width;
  readonly store: Width;
  readonly first: boolean;
  /** Whether the input is read from a texture, and whether that has zeros outside. */
  readonly image: "zeros" | "image" | undefined;
  /** Lines of the output in a run. */
  readonly rows: number;
}

function body(s: ConvSizes, shape: Shape): string {
  const { taps, read, slices, gradientWide, first, rows, image, store } = shape;
  const threads = taps * slices, vectors = TILE / 4, run = rows * s.outWidth, lines: string[] = [];
  for (let ry = 0; ry < rows; ry++) {
    lines.push(`  let row_ok${ry} = y + ${ry} >= 0 && y + ${ry} < ${s.height};`);
    for (let rx = 0; rx < s.outWidth; rx++) {
      const p = ry * s.outWidth + rx;
      if (image === "zeros") {
        const at = rx === 0 ? "column" : `column${p - 1} + step`;
        lines.push(
          `  let column${p} = ${at};`,
          `  let a${p} = image0(column${p}, y + ${ry}, n);`,
        );
      } else {
        const conditions = [`row_ok${ry}`];
        if (rx < s.padding) conditions.push(`x + ${rx} >= 0`);
        if (rx + s.kernelWidth - 1 - s.padding >= s.width) {
          conditions.push(`x + ${rx} < ${s.width}`);
        }
        const at = `u32(select(0, base + ${ry * s.width + rx} * step, ok${p}))`;
        lines.push(
          `  let ok${p} = ${conditions.join(" && ")};`,
          `  let a${p} = ${
            image
              ? `select(vec4<f32>(), image0(column + ${rx} * step, y + ${ry}, n), vec4<bool>(ok${p}))`
              : read === 4
              ? `select(vec4<f32>(), load0x4(${at}), vec4<bool>(ok${p}))`
              : `select(0.0, load0(${at}), ok${p})`
          };`,
        );
      }
      for (let r = 0; r < read; r++) {
        const a = `vec4<f32>(a${p}${read === 4 ? `.${"xyzw"[r]}` : ""})`;
        for (let j = 0; j < vectors; j++) {
          const g = `gradient[${p * vectors + j}]`;
          lines.push(`  sum${r}_${j} = fma(${a}, ${g}, sum${r}_${j});`);
        }
      }
    }
  }
  const sums = Array.from(
    { length: read },
    (_, r) => Array.from({ length: vectors }, (_, j) => ({ r, j })),
  ).flat();
  const stores = sums.flatMap(({ r, j }) => {
    const sum = `sum${r}_${j}`;
    if (store === 4) {
      const at = `(row + ${r}u * outputs + tile0) / 4u + ${j}u`;
      const value = first ? sum : `stored(${at}) + ${sum}`;
      return [`  if (tile0 + ${4 * j}u < outputs) { storex4(${at}, ${value}); }`];
    }
    return [0, 1, 2, 3].map((e) => {
      const o = `tile0 + ${4 * j + e}u`, at = `row + ${r}u * outputs + ${o}`;
      const value = first ? `${sum}[${e}]` : `stored(${at}) + ${sum}[${e}]`;
      return `  if (${o} < outputs) { store(${at}, ${value}); }`;
    });
  }).join("\n");
  const stage = gradientWide === 4
    ? `    if (j < outputs) { g = load1x4((p * outputs + j) / 4u); }`
    : [0, 1, 2, 3].map((e) =>
      `    if (j + ${e}u < outputs) { g[${e}] = load1(p * outputs + j + ${e}u); }`
    ).join("\n");
  return `var<workgroup> gradient: array<vec4<f32>, ${run * vectors}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let channels = parameter(0u);
  let outputs = parameter(1u);
  let run = group.x + parameter(2u);
  let tile0 = group.y * ${TILE}u;
  for (var t = thread; t < ${run * vectors}u; t += ${threads}u) {
    let p = run * ${run}u + t / ${vectors}u;
    let j = t % ${vectors}u * 4u + tile0;
    var g = vec4<f32>();
${stage}
    gradient[t] = g;
  }
  workgroupBarrier();
  let tap = thread / ${slices}u;
  let slice = group.z * ${slices}u + thread - tap * ${slices}u;
  let n = run / ${s.outHeight / rows}u;
  let y = i32((run - n * ${
    s.outHeight / rows
  }u) * ${rows}u + tap / ${s.kernelWidth}u) - ${s.padding};
  let x = i32(tap % ${s.kernelWidth}u) - ${s.padding};
  let step = i32(channels / ${read}u);
  let column = x * step + i32(slice);
  let base = ((i32(n) * ${s.height} + y) * ${s.width}) * step + column;
${sums.map(({ r, j }) => `  var sum${r}_${j} = vec4<f32>();`).join("\n")}
${lines.join("\n")}
  let row = group.x * parameter(3u) + (tap * channels + slice * ${read}u) * outputs;
${stores}
}`;
}
