/**
 * Pooling and its adjoints: one thread per element of the result, or per four channels of it.
 *
 * @module
 */
import { type PoolAxis, type PoolGeometry, poolGeometry } from "../../../../ops/pool_geometry.ts";
import { extent } from "../../../../ops/window_axis.ts";
import { sizeOf } from "../../../../shape.ts";
import { helperCall } from "../../wgsl/helper_call.ts";
import { typeOf, type Width } from "../../wgsl/types.ts";
import { floats, load, readScratch, store } from "../accessors.ts";
import { MAX_ROUNDS, perElement } from "../entry_points.ts";
import { type Kernel, kernel, type KernelContext, type Lowered, type Scratch } from "../kernel.ts";
import { sumParts } from "../partials.ts";

const chooseWidth = (
  { vectorized, vectorizedStore }: KernelContext,
  { channels }: PoolGeometry,
): Width => vectorized.every(Boolean) && vectorizedStore && channels % 4 === 0 ? 4 : 1;

const isNaN = (x: string, w: Width) => helperCall("is_nan", w, x);

/** Splits the flat index `i` into batch `n`, row `y`, column `x` and channel (group) `c`. */
const coordinates = (height: number, width: number, channels: number) =>
  `  let pixel = i / ${channels}u;
  let c = i - pixel * ${channels}u;
  let line = pixel / ${width}u;
  let x = i32(pixel - line * ${width}u);
  let n = line / ${height}u;
  let y = i32(line - n * ${height}u);`;

/** The first pixel of a window that lies inside the image, given that of its first tap. */
const firstInside = (a: PoolAxis, at: string) =>
  a.dilation === 1
    ? `max(${at}, 0)`
    : `${at} + (max(-${at}, 0) + ${a.dilation - 1}) / ${a.dilation} * ${a.dilation}`;

/** The rows and columns of the window (oy, ox) that lie inside the image: every `dilation`-th of them. */
const window = (g: PoolGeometry) =>
  `let top = oy * ${g.y.stride} - ${g.y.padding};
  let left = ox * ${g.x.stride} - ${g.x.padding};
  let y0 = ${firstInside(g.y, "top")}; let y1 = min(top + ${extent(g.y)}, ${g.y.size});
  let x0 = ${firstInside(g.x, "left")}; let x1 = min(left + ${extent(g.x)}, ${g.x.size});`;

/** The rows of a part of a window that has one of its rows. */
const rowOfPart = (g: PoolGeometry, part: string) => {
  const row = `y0 + i32(${part})${g.y.dilation === 1 ? "" : ` * ${g.y.dilation}`}`;
  return [`min(${row}, y1)`, `min(${row} + 1, y1)`] as const;
};

/** A loop over the pixels of some rows of a window: `body` reads the one at (wy, wx). */
const overPixels = (g: PoolGeometry, [from, to]: readonly [string, string], body: string) =>
  `for (var wy = ${from}; wy < ${to}; wy += ${g.y.dilation}) {
    for (var wx = x0; wx < x1; wx += ${g.x.dilation}) {
      ${body}
    }
  }`;

/** The windows between whose first and last pixels the image's pixel (y, x) lies. */
const covering = (g: PoolGeometry) =>
  `  let oy0 = max((y + ${g.y.padding} - ${extent(g.y)} + ${g.y.stride}), 0) / ${g.y.stride};
  let oy1 = min((y + ${g.y.padding}) / ${g.y.stride}, ${g.y.out - 1});
  let ox0 = max((x + ${g.x.padding} - ${extent(g.x)} + ${g.x.stride}), 0) / ${g.x.stride};
  let ox1 = min((x + ${g.x.padding}) / ${g.x.stride}, ${g.x.out - 1});`;

const imageAt = (g: PoolGeometry, channels: number, y: string, x: string) =>
  `((n * ${g.y.size}u + u32(${y})) * ${g.x.size}u + u32(${x})) * ${channels}u + c`;
const outAt = (g: PoolGeometry, channels: number) =>
  `((n * ${g.y.out}u + u32(oy)) * ${g.x.out}u + u32(ox)) * ${channels}u + c`;

/** Sums, for each pixel of the image, over the windows that contain it: `add` adds the one at (oy, ox). */
const sumOverWindows = (g: PoolGeometry, w: Width, add: string) =>
  `${coordinates(g.y.size, g.x.size, g.channels / w)}
  var total = ${floats(w)}();
${covering(g)}
  for (var oy = oy0; oy <= oy1; oy++) {
    for (var ox = ox0; ox <= ox1; ox++) {
      ${add}
    }
  }
  ${store(w)}(i, total);`;

/** How many of a window's taps a mean counts: those that do not reach beyond the padding. */
const tapsCounted = (a: PoolAxis, at: string) => {
  const end = a.size + a.paddingAfter;
  return a.dilation === 1
    ? `min(${a.kernel}, ${end} - ${at})`
    : `min(${a.kernel}, (${end + a.dilation - 1} - ${at}) / ${a.dilation})`;
};

/** The area that a mean divides by. */
const area = (g: PoolGeometry) => `f32(${tapsCounted(g.y, "top")} * ${tapsCounted(g.x, "left")})`;

/** The index in the image of each window's first maximum, i32, in scratch 0. */
function winners(g: PoolGeometry, w: Width): Lowered & { scratch: Scratch[] } {
  const channels = g.channels / w, count = sizeOf(outShape(g));
  const argument = { argument: 0, width: w }, place = typeOf("i32", w);
  // Windows too large for one thread are first searched row by row.
  const lines = g.y.kernel * g.x.kernel > MAX_ROUNDS ? g.y.kernel : 1;
  const scan = (rows: readonly [string, string]) =>
    `  var best = ${floats(w)}(-3.4028234e38);
  var chosen = ${place}(-1);
  ${
      overPixels(
        g,
        rows,
        `let at = ${imageAt(g, channels, "wy", "wx")};
      let v = ${load(0, w)}(at);
      let better = ((v > best) & !${isNaN("best", w)}) | ${isNaN("v", w)} | (chosen < ${place}());
      chosen = select(chosen, ${place}(i32(at)), better);
      best = select(best, v, better);`,
      )
    }`;
  const head = `${coordinates(g.y.out, g.x.out, channels)}
  let oy = y; let ox = x;
  ${window(g)}`;
  const scratch: Scratch = { size: count * lines, dtype: "i32" };
  if (lines === 1) {
    const text = `${head}\n${scan(["y0", "y1"])}\n  ${store(w)}(i, chosen);`;
    return {
      scratch: [scratch],
      dispatches: [{
        ...perElement(count / w, text),
        loads: [argument],
        writes: { scratch: 0, width: w },
      }],
    };
  }
  const line = `  let whole = i;
  let part = i / ${count / w}u;
  { let i = whole - part * ${count / w}u;
${head}
${scan(rowOfPart(g, "part"))}
  ${store(w)}(whole, chosen); }`;
  const join = `  var chosen = ${readScratch(1)}[i];
  var best = ${load(0)}(u32(max(chosen, 0)));
  for (var part = 1u; part < ${lines}u; part++) {
    let k = ${readScratch(1)}[part * ${count}u + i];
    let v = ${load(0)}(u32(max(k, 0)));
    if (k >= 0 && ((v > best && !${isNaN("best", 1)}) || ${
    isNaN("v", 1)
  } || chosen < 0)) { best = v; chosen = k; }
  }
  ${store()}(i, chosen);`;
  return {
    scratch: [{ size: count, dtype: "i32" }, scratch],
    dispatches: [
      {
        ...perElement(count * lines / w, line),
        loads: [argument],
        writes: { scratch: 1, width: w },
      },
      {
        ...perElement(count, join),
        loads: [argument],
        scratchReads: [{ scratch: 1, width: 1 }],
        writes: { scratch: 0, width: 1 },
      },
    ],
  };
}

const outShape = (g: PoolGeometry) => [g.batch, g.y.out, g.x.out, g.channels];

/** Four channels at once, unless windows are searched in parts. */
const winnerWidth = (context: KernelContext, g: PoolGeometry): Width =>
  g.y.kernel * g.x.kernel > MAX_ROUNDS ? 1 : chooseWidth(context, g);

/** maxPoolSelect: the second argument's value at each window's maximum of the first. */
export const maxPoolSelect: Kernel = kernel(["direct", "direct"], (context) => {
  const g = poolGeometry(context.args[0].shape, context.attrs), w = winnerWidth(context, g);
  const { scratch, dispatches } = winners(g, w);
  const lanes = [..."xyzw"].map((lane, e) => `${load(1, 4)}(u32(at.${lane}))[${e}]`);
  const take = w === 1 ? `${load(1)}(u32(at))` : `vec4<f32>(${lanes.join(", ")})`;
  return {
    scratch,
    dispatches: [...dispatches, {
      ...perElement(
        sizeOf(context.spec.shape) / w,
        `  let at = ${readScratch(0)}[i];\n  ${store(w)}(i, ${take});`,
      ),
      loads: [{ argument: 1, width: w }],
      scratchReads: [{ scratch: 0, width: w }],
      writes: { width: w },
    }],
  };
});

/** maxPoolScatter: each pixel adds the cotangents of the windows of which it is the maximum. */
export const maxPoolScatter: Kernel = kernel(["direct", "direct"], (context) => {
  const g = poolGeometry(context.args[0].shape, context.attrs), w = winnerWidth(context, g);
  const channels = g.channels / w;
  checkCover(g);
  const { scratch, dispatches } = winners(g, w);
  return {
    scratch,
    dispatches: [...dispatches, {
      ...perElement(
        sizeOf(context.spec.shape) / w,
        sumOverWindows(
          g,
          w,
          `let at = ${outAt(g, channels)};
      total += select(${floats(w)}(), ${load(1, w)}(at), ${readScratch(0)}[at] == ${
            typeOf("i32", w)
          }(i32(i)));`,
        ),
      ),
      loads: [{ argument: 1, width: w }],
      scratchReads: [{ scratch: 0, width: w }],
      writes: { width: w },
    }],
  };
});

/** Throws where one pixel is in more windows than a thread can visit. */
function checkCover(g: PoolGeometry) {
  const windows = Math.ceil(extent(g.y) / g.y.stride) * Math.ceil(extent(g.x) / g.x.stride);
  if (windows <= MAX_ROUNDS) return;
  throw new RangeError(
    `webgpu: expected a pooling in which a pixel lies in at most ${MAX_ROUNDS} windows, found ${windows} for size ${g.y.kernel}, stride ${g.y.stride}`,
  );
}

/** avgPool: one thread per window; for large windows, first one thread per row of a window. */
export const avgPool: Kernel = kernel(["direct"], (context) => {
  const g = poolGeometry(context.args[0].shape, context.attrs), w = chooseWidth(context, g);
  const channels = g.channels / w, count = sizeOf(context.spec.shape);
  const head = `${coordinates(g.y.out, g.x.out, channels)}
  let oy = y; let ox = x;
  ${window(g)}`;
  const add = (rows: readonly [string, string]) =>
    `  var total = ${floats(w)}();
  ${overPixels(g, rows, `total += ${load(0, w)}(${imageAt(g, channels, "wy", "wx")});`)}`;
  const argument = { argument: 0, width: w };
  if (g.y.kernel * g.x.kernel <= MAX_ROUNDS) {
    const lines = `${head}\n${add(["y0", "y1"])}\n  ${store(w)}(i, total / ${area(g)});`;
    return {
      dispatches: [{ ...perElement(count / w, lines), loads: [argument], writes: { width: w } }],
    };
  }
  return {
    scratch: [{ size: count * g.y.kernel }],
    dispatches: [
      {
        ...perElement(
          count * g.y.kernel / w,
          `  let whole = i;
  let part = i / ${count / w}u;
  { let i = whole - part * ${count / w}u;
${head}
${add(rowOfPart(g, "part"))}
  ${store(w)}(whole, total / ${area(g)}); }`,
        ),
        loads: [argument],
        writes: { scratch: 0, width: w },
      },
      sumParts(g.y.kernel, count),
    ],
  };
});

/** Begins a block for windows of which the pixel is a tap, not one between two. */
const isTap = ({ y, x }: PoolGeometry) => {
  const between = [[y, "y - top"], [x, "x - left"]] as const;
  const apart = between.filter(([{ dilation }]) => dilation > 1)
    .map(([{ dilation }, from]) => `(${from}) % ${dilation} == 0`);
  return apart.length === 0 ? "{ " : `if (${apart.join(" && ")}) { `;
};

/** avgPoolGradient. */
export const avgPoolGradient: Kernel = kernel(["direct"], (context) => {
  const g = poolGeometry(context.spec.shape, context.attrs), w = chooseWidth(context, g);
  const channels = g.channels / w;
  checkCover(g);
  return {
    dispatches: [{
      ...perElement(
        sizeOf(context.spec.shape) / w,
        sumOverWindows(
          g,
          w,
          `let top = oy * ${g.y.stride} - ${g.y.padding};
      let left = ox * ${g.x.stride} - ${g.x.padding};
      ${isTap(g)}total += ${load(0, w)}(${outAt(g, channels)}) / ${area(g)}; }`,
        ),
      ),
      loads: [{ argument: 0, width: w }],
      writes: { width: w },
    }],
  };
});
