/**
 * Cases of every op. The type asks for each name in the tables of ops, and a test checks that each case
 * really uses its op.
 *
 * @module
 */
import type { KernelName, ScalarName } from "../../src/ops/mod.ts";
import type { VIEW_OPS } from "../../src/ops/mod.ts";
import type { Case } from "./case.ts";
import { CONVOLUTIONS } from "./cases/conv.ts";
import { GATHERS } from "./cases/gather.ts";
import { MATMULS } from "./cases/matmul.ts";
import { POOLS } from "./cases/pool.ts";
import { REDUCTIONS } from "./cases/reduce.ts";
import { SORTS } from "./cases/sort.ts";
import { SCALAR_CASES } from "./cases/scalar.ts";
import { VIEW_CASES } from "./cases/view.ts";

/** The name of an op. */
export type OpName = KernelName | ScalarName | keyof typeof VIEW_OPS;

/** Cases by the op that they are about. */
export const CASES: Readonly<Record<OpName, readonly Case[]>> = {
  ...SCALAR_CASES,
  ...VIEW_CASES,
  ...REDUCTIONS,
  ...MATMULS,
  ...CONVOLUTIONS,
  ...POOLS,
  ...GATHERS,
  ...SORTS,
};
