/**
 * All planted faults, by room.
 *
 * @module
 */
import type { Fault } from "../fault.ts";
import { DATA } from "./data.ts";
import { VALUES } from "./values.ts";

/** All planted faults. */
export const FAULTS: readonly Fault[] = [...VALUES, ...DATA];
