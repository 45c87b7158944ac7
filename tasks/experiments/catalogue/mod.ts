/**
 * All experiments.
 *
 * @module
 */
import type { Experiment } from "../experiment.ts";
import { blog } from "./blog.ts";
import { bn } from "./bn.ts";
import { depth } from "./depth.ts";
import { highway } from "./highway.ts";
import { figure2 } from "./figure2/mod.ts";
import { lsuv } from "./lsuv.ts";
import { norm } from "./norm.ts";
import { preinit } from "./preinit.ts";
import { pretrain } from "./pretrain.ts";
import { rate } from "./rate.ts";
import { table2 } from "./table2/mod.ts";
import { figure1, table3 } from "./table3.ts";
import { target } from "./target.ts";

/** All experiments: a new one is its file beside this one, and a line here. */
export const EXPERIMENTS: readonly Experiment[] = [
  preinit,
  norm,
  lsuv,
  target,
  rate,
  pretrain,
  depth,
  table2,
  table3,
  figure1,
  figure2,
  blog,
  bn,
  highway,
];
