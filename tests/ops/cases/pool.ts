/**
 * Cases of pooling and its adjoints, each called directly.
 *
 * @module
 */
import { avgPool2d, maxPool2d, type PerAxis, type PoolOptions } from "../../../src/ops/mod.ts";
import { avgPoolGradientOp, maxPoolScatterOp, maxPoolSelectOp } from "../../../src/ops/pool.ts";
import { poolAttrs, poolGeometry } from "../../../src/ops/pool_geometry.ts";
import { apply, placeholder } from "../../../src/tensor.ts";
import { type Case, distinct, floats, listed } from "../case.ts";

type Setting = readonly [image: readonly number[], size: PerAxis, options?: PoolOptions];

const SMALL: readonly Setting[] = [
  [[2, 4, 5, 2], 2],
  [[1, 5, 4, 2], 2, { ceil: true }],
  [[1, 6, 5, 1], 3, { stride: 2, ceil: true }],
  [[1, 5, 6, 1], 4, { stride: 2, ceil: true }],
  [[1, 5, 5, 2], 3, { stride: 1, padding: 1 }],
  [[1, 5, 4, 1], 2, { stride: 3, padding: 1, ceil: true }],
  [[1, 5, 7, 2], [1, 3], { stride: [2, 1] }],
  [[1, 5, 6, 1], 2, { stride: 1, dilation: 2 }],
  [[1, 7, 5, 1], [3, 2], { stride: [2, 1], dilation: [2, 3], padding: [1, 1], ceil: true }],
  [[1, 4, 5, 1], 3, { stride: 2, padding: [[2, 0], [0, 1]] }],
];

const LARGE: readonly Setting[] = [
  [[2, 8, 9, 5], 2],
  [[2, 9, 7, 65], 3, { stride: 2 }],
  [[1, 9, 8, 33], 3, { stride: 2, ceil: true }],
  [[2, 15, 16, 3], 4, { stride: 2, ceil: true }],
  [[1, 7, 7, 16], 3, { stride: 2, padding: 1 }],
  [[1, 8, 7, 7], 3, { stride: 2, padding: 1, ceil: true }],
  [[1, 7, 8, 3], 2, { stride: 3 }],
  [[3, 8, 8, 10], 8],
  [[5, 1, 1, 3], 1],
  [[1, 6, 9, 4], 5, { stride: 1, padding: 2 }],
  [[2, 9, 13, 7], [3, 2], { stride: [1, 3], padding: [[1, 2], [0, 1]], ceil: true }],
  [[1, 13, 9, 16], [2, 5], { padding: [0, 2] }],
  [[2, 13, 11, 5], 3, { stride: 1, dilation: 3, padding: 3 }],
  [[1, 17, 16, 33], [3, 2], { stride: 2, dilation: [2, 5], padding: [[3, 1], [0, 2]], ceil: true }],
  [[2, 15, 7, 4], 2, { stride: [4, 5], dilation: [3, 4] }],
  [[1, 7, 31, 3], [1, 9], { stride: [1, 2], dilation: [1, 3], padding: [0, 7] }],
  [[1, 9, 9, 2], 3, { padding: "same", stride: 2, dilation: 2 }],
  [[3, 1, 2, 1], 2, { padding: "same", stride: 1 }],
];

const named = ([image, size, { ceil, stride, padding, dilation } = {}]: Setting) => {
  const rest = { stride: stride ?? size, padding: padding ?? 0, dilation };
  return `[${image}], size ${size}, ${
    Object.entries(rest).filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ")
  }${ceil ? ", ceil" : ""}`;
};

const attrsOf = ([shape, size, options = {}]: Setting) =>
  poolAttrs("pool", placeholder({ shape, dtype: "f32" }), size, options);

function outputOf(setting: Setting): number[] {
  const g = poolGeometry(setting[0], attrsOf(setting));
  return [g.batch, g.y.out, g.x.out, g.channels];
}

const maxPool = (setting: Setting): Case => ({
  name: named(setting),
  inputs: [distinct(setting[0])],
  f: (x) => maxPool2d(x, setting[1], setting[2]),
});

const select = (setting: Setting): Case => ({
  name: `${named(setting)}, another tensor`,
  inputs: [distinct(setting[0]), floats(setting[0])],
  f: (x, v) => apply(maxPoolSelectOp, [x, v], attrsOf(setting)),
});

const scatter = (setting: Setting): Case => ({
  name: named(setting),
  inputs: [distinct(setting[0]), floats(outputOf(setting))],
  f: (x, g) => apply(maxPoolScatterOp, [x, g], attrsOf(setting)),
});

const average = (setting: Setting): Case => ({
  name: named(setting),
  inputs: [floats(setting[0])],
  f: (x) => avgPool2d(x, setting[1], setting[2]),
});

const spread = (setting: Setting): Case => ({
  name: named(setting),
  inputs: [floats(outputOf(setting))],
  f: (g) => apply(avgPoolGradientOp, [g], { ...attrsOf(setting), shape: [...setting[0]] }),
});

const pooling =
  (values: readonly number[], what: string) =>
  (make: (setting: Setting) => Case) =>
  (setting: Setting): Case => {
    const { name, f, inputs: [, ...rest] } = make(setting);
    const x = listed(values, "f32", setting[0]);
    return { name: `${name}, with ${what}`, f, inputs: [x, ...rest], deviceOnly: true };
  };

/** Few different values, so that the first of equal ones must be found. */
const tied = pooling([-2, -1, -1, -3, -1, -2, -2], "ties");
/** NaN and infinities at every place of windows. */
const extreme = pooling(
  [-2, NaN, -1, Infinity, 5, -Infinity, 3, NaN, NaN, -Infinity, -Infinity, 0, 7, 7, Infinity],
  "NaN and infinities",
);

const device = (c: Case): Case => ({ ...c, deviceOnly: true });

const all = (make: (setting: Setting) => Case): Case[] => [
  ...SMALL.map(make),
  ...LARGE.map(make).map(device),
];

/** Cases of the four pooling kernels. */
export const POOLS: Readonly<
  Record<"maxPoolSelect" | "maxPoolScatter" | "avgPool" | "avgPoolGradient", readonly Case[]>
> = {
  maxPoolSelect: [
    ...all(maxPool),
    ...SMALL.slice(1, 4).map(select),
    ...LARGE.slice(1, 4).map(select).map(device),
    ...LARGE.slice(2, 5).map(tied(select)),
    ...LARGE.map(extreme(maxPool)),
    ...LARGE.slice(0, 5).map(extreme(select)),
  ],
  maxPoolScatter: [
    ...all(scatter),
    ...LARGE.slice(0, 6).map(tied(scatter)),
    ...LARGE.map(extreme(scatter)),
  ],
  avgPool: [...all(average), ...LARGE.slice(0, 4).map(extreme(average))],
  avgPoolGradient: all(spread),
};
