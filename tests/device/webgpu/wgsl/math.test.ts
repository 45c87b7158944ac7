/**
 * Elementary functions in WGSL agree with float64, over their ranges and at their special values.
 */
import * as ops from "../../../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../../../src/tensor.ts";
import { assertAgrees, type Sample } from "../../../ops/oracle.ts";
import { forEachAdapter } from "../adapters.ts";

const SPREAD = [-100, -90, -85, -20, -3, -1, -0.9, -0.3, -1e-3, 0, 1e-3, 0.3, 0.9, 1, 3, 20, 85];
const SPECIAL = [Infinity, -Infinity, NaN];

const FUNCTIONS: readonly (readonly [name: string, f: (x: Tensor) => Tensor, at: number[]])[] = [
  ["exp", ops.exp, [...SPREAD, ...SPECIAL]],
  ["log", ops.log, [1e-30, 1e-3, 0.5, 2, 1e30, 0, -1, ...SPECIAL]],
  ["tanh", ops.tanh, [...SPREAD, ...SPECIAL]],
  ["sigmoid", ops.sigmoid, [...SPREAD, ...SPECIAL]],
  ["erf", ops.erf, [...SPREAD, ...SPECIAL]],
  ["sqrt", ops.sqrt, [0, 1e-30, 2, 1e30, -1, ...SPECIAL]],
];

const BASES = [-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, ...SPECIAL];
const powers = (exponents: readonly number[]): Sample => ({
  name: "powers",
  inputs: [
    tensor(BASES.flatMap((base) => exponents.map(() => base))),
    tensor(BASES.flatMap(() => [...exponents])),
  ],
  f: (a, b) => [ops.pow(a!, b!)],
  tolerance: { relative: 1e-4, absolute: 1e-6 },
});

const samples: readonly Sample[] = [
  ...FUNCTIONS.map(([name, f, at]): Sample => ({
    name,
    inputs: [tensor(at)],
    f: (x) => [f(x!)],
    tolerance: { relative: 1e-4, absolute: 1e-6 },
  })),
  powers([-3, -2, -1, 0, 1, 2, 3, 5]),
  powers([0.5, -1.5, Infinity, -Infinity, NaN]),
];

// Powers of e that are less than a normal number, whose relative error counts.
const small: Sample = {
  name: "small powers of e",
  inputs: [tensor([-80.5, -85, -87])],
  f: (x) => [ops.mul(ops.exp(x!), 1e30)],
  tolerance: { relative: 1e-4, absolute: 1e-10 },
};

forEachAdapter(
  "elementary functions agree with float64",
  (run) => assertAgrees(run, [...samples, small]),
);
