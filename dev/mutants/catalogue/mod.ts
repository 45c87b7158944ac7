/**
 * All planted faults, by room.
 *
 * @module
 */
import type { Fault } from "../fault.ts";
import { DATA } from "./data.ts";
import { INIT } from "./init.ts";
import { NN } from "./nn.ts";
import { OPS } from "./ops.ts";
import { OPTIM_FAULTS } from "./optim.ts";
import { TRAIN } from "./train.ts";
import { VALUES } from "./values.ts";

/** All planted faults. */
export const FAULTS: readonly Fault[] = [
  ...VALUES,
  ...OPS,
  ...NN,
  ...INIT,
  ...OPTIM_FAULTS,
  ...DATA,
  ...TRAIN,
];
