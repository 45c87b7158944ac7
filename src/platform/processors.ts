/**
 * The processors of the machine.
 *
 * @module
 */
import { builtin } from "./builtin.ts";

interface OperatingSystem {
  availableParallelism?(): number;
}

/** How many threads the machine runs at once; 1 where the platform does not say. */
export const processorCount = (): number =>
  globalThis.navigator?.hardwareConcurrency ??
    builtin<OperatingSystem>("node:os")?.availableParallelism?.() ?? 1;
