/**
 * Pooling and its adjoints, a thread for each element of the result, or for four channels of it.
 *
 * @module
 */
import { type PoolSizes, poolSizes } from "../../../../ops/pool.ts";
import { sizeOf } from "../../../../shape.ts";
import {
  floats,
  type KernelContext,
  type Lower,
  type Lowered,
  MAX_ROUNDS,
  perElement,
  type Scratch,
  suffix,
  sumParts,
} from "../kernel.ts";
import { typeOf, type Width } from "../../wgsl/instructions.ts";

const widthOf = ({ wide, wideStore }: KernelContext, { channels }: PoolSizes): Width =>
  wide.every(Boolean) && wideStore && channels % 4 === 0 ? 4 : 1;

/** Splits the flat index `i` into batch `n`, row `y`, column `x` and channel (group) `c`. */
const coordinates = (height: number, width: number, channels: number) =>
  `  let pixel = i / ${channels}u;
  let c = i - pixel * ${channels}u;
  let line = pixel / ${width}u;
  let x = i32(pixel - line * ${width}u);
  let n = line / ${height}u;
  let y = i32(line - n * ${height}u);`;

/** The rows and columns of the window (oy, ox) that lie inside the image. */
const window = (s: PoolSizes) =>
  `let top = oy * ${s.stride} - ${s.padding};
  let left = ox * ${s.stride} - ${s.padding};
  let y0 = max(top, 0); let y1 = min(top + ${s.size}, ${s.height});
  let x0 = max(left, 0); let x1 = min(left + ${s.size}, ${s.width});`;

/** The windows that hold the image's pixel (y, x). */
const covering = (s: PoolSizes) =>
  `  let oy0 = max((y + ${s.padding} - ${s.size} + ${s.stride}), 0) / ${s.stride};
  let oy1 = min((y + ${s.padding}) / ${s.stride}, ${s.outHeight - 1});
  let ox0 = max((x + ${s.padding} - ${s.size} + ${s.stride}), 0) / ${s.stride};
  let ox1 = min((x + ${s.padding}) / ${s.stride}, ${s.outWidth - 1});`;

const imageAt = (s: PoolSizes, channels: number, y: string, x: string) =>
  `((n * ${s.height}u + u32(${y})) * ${s.width}u + u32(${x})) * ${channels}u + c`;
const outAt = (s: PoolSizes, channels: number) =>
  `((n * ${s.outHeight}u + u32(oy)) * ${s.outWidth}u + u32(ox)) * ${channels}u + c`;

/** The area that a mean divides by: the window without what lies beyond the padding. */
const area = (s: PoolSizes) =>
  `f32((min(top + ${s.size}, ${s.height + s.padding}) - top) * (min(left + ${s.size}, ${
    s.width + s.padding
  }) - left))`;

/** The places in the image of the first largest of each window, i32, in scratch 0. */
function winners(s: PoolSizes, w: Width): Lowered & { scratch: Scratch[] } {
  const channels = s.channels / w, x4 = suffix(w), count = sizeOf(outShape(s));
  const load = { argument: 0, width: w }, place = typeOf("i32", w);
  // Windows too large for one thread are searched line by line first.
  const lines = s.size ** 2 > MAX_ROUNDS ? s.size : 1;
  const scan = (top: string, bottom: string) =>
    `  var best = ${floats(w)}(-3.4028234e38);
  var chosen = ${place}(-1);
  for (var wy = ${top}; wy < ${bottom}; wy++) {
    for (var wx = x0; wx < x1; wx++) {
      let at = ${imageAt(s, channels, "wy", "wx")};
      let v = load0${x4}(at);
      let better = ((v > best) & !is_nan${w}(best)) | is_nan${w}(v) | (chosen < ${place}());
      chosen = select(chosen, ${place}(i32(at)), better);
      best = select(best, v, better);
    }
  }`;
  const head = `${coordinates(s.outHeight, s.outWidth, channels)}
  let oy = y; let ox = x;
  ${window(s)}`;
  const scratch: Scratch = { size: count * lines, dtype: "i32" };
  if (lines === 1) {
    const text = `${head}\n${scan("y0", "y1")}\n  store${x4}(i, chosen);`;
    return {
      scratch: [scratch],
      dispatches: [{
        ...perElement(count / w, text),
        loads: [load],
        writes: { scratch: 0, width: w },
      }],
    };
  }
  const line = `  let whole = i;
  let part = i / ${count / w}u;
  { let i = whole - part * ${count / w}u;
${head}
${scan("min(y0 + i32(part), y1)", "min(y0 + i32(part) + 1, y1)")}
  store${x4}(whole, chosen); }`;
  const join = `  var chosen = read_scratch1[i];
  var best = load0(u32(max(chosen, 0)));
  for (var part = 1u; part < ${lines}u; part++) {
    let k = read_scratch1[part * ${count}u + i];
    let v = load0(u32(max(k, 0)));
    if (k >= 0 && ((v > best && !is_nan1(best)) || is_nan1(v) || chosen < 0)) { best = v; chosen = k; }
  }
  store(i, chosen);`;
  return {
    scratch: [{ size: count, dtype: "i32" }, scratch],
    dispatches: [
      {
        ...perElement(count * lines / w, line),
        loads: [load],
        writes: { scratch: 1, width: w },
      },
      {
        ...perElement(count, join),
        loads: [load],
        scratchReads: [{ scratch: 1, width: 1 }],
        writes: { scratch: 0, width: 1 },
      },
    ],
  };
}

const outShape = (s: PoolSizes) => [s.batch, s.outHeight, s.outWidth, s.channels];

/** Four channels at once, unless windows are searched in parts. */
const winnerWidth = (context: KernelContext, s: PoolSizes): Width =>
  s.size ** 2 > MAX_ROUNDS ? 1 : widthOf(context, s);

/** maxPoolSelect: where the first argument is largest, the second. */
export const maxPoolSelect: Lower = (context) => {
  const s = poolSizes(context.args[0].shape, context.attrs), w = winnerWidth(context, s);
  const { scratch, dispatches } = winners(s, w);
  const take = w === 1
    ? "load1(u32(at))"
    : "vec4<f32>(load1x4(u32(at.x))[0], load1x4(u32(at.y))[1], load1x4(u32(at.z))[2], load1x4(u32(at.w))[3])";
  return {
    scratch,
    dispatches: [...dispatches, {
      ...perElement(
        sizeOf(context.spec.shape) / w,
        `  let at = read_scratch0[i];\n  store${suffix(w)}(i, ${take});`,
      ),
      loads: [{ argument: 1, width: w }],
      scratchReads: [{ scratch: 0, width: w }],
      writes: { width: w },
    }],
  };
};

/** maxPoolScatter: each pixel looks whether it is the winner of each window that holds it. */
export const maxPoolScatter: Lower = (context) => {
  const s = poolSizes(context.args[0].shape, context.attrs), w = winnerWidth(context, s);
  const channels = s.channels / w, x4 = suffix(w);
  checkCover(s);
  const { scratch, dispatches } = winners(s, w);
  return {
    scratch,
    dispatches: [...dispatches, {
      ...perElement(
        sizeOf(context.spec.shape) / w,
        `${coordinates(s.height, s.width, channels)}
  var total = ${floats(w)}();
${covering(s)}
  for (var oy = oy0; oy <= oy1; oy++) {
    for (var ox = ox0; ox <= ox1; ox++) {
      let at = ${outAt(s, channels)};
      total += select(${floats(w)}(), load1${x4}(at), read_scratch0[at] == ${
          typeOf("i32", w)
        }(i32(i)));
    }
  }
  store${x4}(i, total);`,
      ),
      loads: [{ argument: 1, width: w }],
      scratchReads: [{ scratch: 0, width: w }],
      writes: { width: w },
    }],
  };
};

/** Throws where one pixel lies in more windows than a thread can visit. */
function checkCover(s: PoolSizes) {
  const windows = Math.ceil(s.size / s.stride) ** 2;
  if (windows <= MAX_ROUNDS) return;
  throw new RangeError(
    `webgpu: expected a pooling in which a pixel lies in at most ${MAX_ROUNDS} windows, found ${windows} for size ${s.size}, stride ${s.stride}`,
  );
}

/** avgPool: a thread a window, or first a thread a line of a window too large for that. */
export const avgPool: Lower = (context) => {
  const s = poolSizes(context.args[0].shape, context.attrs), w = widthOf(context, s);
  const channels = s.channels / w, x4 = suffix(w), count = sizeOf(context.spec.shape);
  const head = `${coordinates(s.outHeight, s.outWidth, channels)}
  let oy = y; let ox = x;
  ${window(s)}`;
  const add = (top: string, bottom: string) =>
    `  var total = ${floats(w)}();
  for (var wy = ${top}; wy < ${bottom}; wy++) {
    for (var wx = x0; wx < x1; wx++) { total += load0${x4}(${imageAt(s, channels, "wy", "wx")}); }
  }`;
  const load = { argument: 0, width: w };
  if (s.size ** 2 <= MAX_ROUNDS) {
    const lines = `${head}\n${add("y0", "y1")}\n  store${x4}(i, total / ${area(s)});`;
    return {
      dispatches: [{ ...perElement(count / w, lines), loads: [load], writes: { width: w } }],
    };
  }
  return {
    scratch: [{ size: count * s.size }],
    dispatches: [
      {
        ...perElement(
          count * s.size / w,
          `  let whole = i;
  let part = i / ${count / w}u;
  { let i = whole - part * ${count / w}u;
${head}
${add("min(y0 + i32(part), y1)", "min(y0 + i32(part) + 1, y1)")}
  store${x4}(whole, total / ${area(s)}); }`,
        ),
        loads: [load],
        writes: { scratch: 0, width: w },
      },
      sumParts(s.size, count),
    ],
  };
};

/** avgPoolGradient. */
export const avgPoolGradient: Lower = (context) => {
  const s = poolSizes(context.spec.shape, context.attrs), w = widthOf(context, s);
  const channels = s.channels / w, x4 = suffix(w);
  checkCover(s);
  return {
    dispatches: [{
      ...perElement(
        sizeOf(context.spec.shape) / w,
        `${coordinates(s.height, s.width, channels)}
  var total = ${floats(w)}();
${covering(s)}
  for (var oy = oy0; oy <= oy1; oy++) {
    for (var ox = ox0; ox <= ox1; ox++) {
      let top = oy * ${s.stride} - ${s.padding};
      let left = ox * ${s.stride} - ${s.padding};
      total += load0${x4}(${outAt(s, channels)}) / ${area(s)};
    }
  }
  store${x4}(i, total);`,
      ),
      loads: [{ argument: 0, width: w }],
      writes: { width: w },
    }],
  };
};
