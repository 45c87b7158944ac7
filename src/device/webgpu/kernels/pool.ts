/**
 * Pooling and its adjoints, a thread for each element of the result, or for four channels of it.
 *
 * @module
 */
import { type PoolSizes, poolSizes } from "../../../ops/pool.ts";
import { sizeOf } from "../../../shape.ts";
import { floats, type KernelContext, type Lower, perElement, suffix } from "../kernel.ts";
import type { Width } from "../lowering.ts";

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

/** maxPoolSelect. */
export const maxPoolSelect: Lower = (context) => {
  const s = poolSizes(context.args[0].shape, context.attrs), w = widthOf(context, s);
  const channels = s.channels / w, x4 = suffix(w);
  const at = imageAt(s, channels, "wy", "wx");
  return {
    dispatches: [{
      ...perElement(
        sizeOf(context.spec.shape) / w,
        `${coordinates(s.outHeight, s.outWidth, channels)}
  let oy = y; let ox = x;
  ${window(s)}
  var best = ${floats(w)}(-3.4028234e38);
  var chosen = ${floats(w)}();
  for (var wy = y0; wy < y1; wy++) {
    for (var wx = x0; wx < x1; wx++) {
      let at = ${at};
      let v = load0${x4}(at);
      let better = v > best;
      chosen = select(chosen, load1${x4}(at), better);
      best = select(best, v, better);
    }
  }
  store${x4}(i, chosen);`,
      ),
      loads: [{ argument: 0, width: w }, { argument: 1, width: w }],
      writes: { width: w },
    }],
  };
};

/** maxPoolScatter: each pixel looks whether it is the first largest of each window that holds it. */
export const maxPoolScatter: Lower = (context) => {
  const s = poolSizes(context.args[0].shape, context.attrs), w = widthOf(context, s);
  const channels = s.channels / w, x4 = suffix(w);
  return {
    dispatches: [{
      ...perElement(
        sizeOf(context.spec.shape) / w,
        `${coordinates(s.height, s.width, channels)}
  let own = load0${x4}(i);
  var total = ${floats(w)}();
${covering(s)}
  for (var oy = oy0; oy <= oy1; oy++) {
    for (var ox = ox0; ox <= ox1; ox++) {
      ${window(s)}
      var beaten = own != own;
      for (var wy = y0; wy < y1; wy++) {
        for (var wx = x0; wx < x1; wx++) {
          let v = load0${x4}(${imageAt(s, channels, "wy", "wx")});
          let before = wy < y || (wy == y && wx < x);
          beaten = beaten | (v > own) | ((v == own) & (v == v) & ${
          w === 1 ? "before" : "vec4<bool>(before)"
        });
        }
      }
      total += select(load1${x4}(${outAt(s, channels)}), ${floats(w)}(), beaten);
    }
  }
  store${x4}(i, total);`,
      ),
      loads: [{ argument: 0, width: w }, { argument: 1, width: w }],
      writes: { width: w },
    }],
  };
};

/** avgPool. */
export const avgPool: Lower = (context) => {
  const s = poolSizes(context.args[0].shape, context.attrs), w = widthOf(context, s);
  const channels = s.channels / w, x4 = suffix(w);
  return {
    dispatches: [{
      ...perElement(
        sizeOf(context.spec.shape) / w,
        `${coordinates(s.outHeight, s.outWidth, channels)}
  let oy = y; let ox = x;
  ${window(s)}
  var total = ${floats(w)}();
  for (var wy = y0; wy < y1; wy++) {
    for (var wx = x0; wx < x1; wx++) { total += load0${x4}(${imageAt(s, channels, "wy", "wx")}); }
  }
  store${x4}(i, total / ${area(s)});`,
      ),
      loads: [{ argument: 0, width: w }],
      writes: { width: w },
    }],
  };
};

/** avgPoolGradient. */
export const avgPoolGradient: Lower = (context) => {
  const s = poolSizes(context.spec.shape, context.attrs), w = widthOf(context, s);
  const channels = s.channels / w, x4 = suffix(w);
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
