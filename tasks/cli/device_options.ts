/**
 * The options that choose the device.
 *
 * @module
 */
import { MOST_THREADS } from "../../src/device/cpu/threads/most_threads.ts";
import { DEVICES } from "../../src/device/open.ts";
import type { Table } from "./option_table.ts";

/** Which device computes, on how many threads. */
export const DEVICE_OPTIONS = {
  device: {
    kind: "choice",
    choices: DEVICES,
    default: "auto",
    help:
      "The device. auto is webgpu with a hardware GPU, else cpu; reference is exact and very slow.",
  },
  threads: {
    kind: "integer",
    from: 1,
    to: MOST_THREADS,
    help: "With --device cpu: how many threads compute; results do not depend on it.",
    otherwise: "as many as there are processors",
  },
} as const satisfies Table;
