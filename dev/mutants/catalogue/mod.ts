/**
 * All planted faults, by room.
 *
 * @module
 */
import type { Fault } from "../fault.ts";
import { CPU } from "./cpu.ts";
import { DATA } from "./data.ts";
import { INIT } from "./init.ts";
import { NN } from "./nn.ts";
import { OPS } from "./ops.ts";
import { OPTIM_FAULTS } from "./optim.ts";
import { PAGES } from "./pages.ts";
import { PLAN_FAULTS } from "./plan.ts";
import { TASKS } from "./tasks.ts";
import { TRAIN } from "./train.ts";
import { WEBGPU } from "./webgpu.ts";
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
  ...CPU,
  ...WEBGPU,
  ...PLAN_FAULTS,
  ...TASKS,
  ...PAGES,
];
