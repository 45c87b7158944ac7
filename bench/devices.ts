/**
 * Devices as a list on the command line.
 *
 * @module
 */
import { OptionError } from "../tasks/cli/mod.ts";

/** The devices that benchmarks compare. */
export const DEVICE_LIST = ["cpu", "webgpu"] as const;

type Device = (typeof DEVICE_LIST)[number];

const isDevice = (name: string): name is Device => DEVICE_LIST.some((each) => each === name);

/** The devices of a list such as `cpu,webgpu`. Throws an {@linkcode OptionError} on an unknown one. */
export const chooseDevices = (list: string): readonly Device[] =>
  list.split(",").map((part) => {
    const name = part.trim();
    if (isDevice(name)) return name;
    throw new OptionError(`--device: expected some of ${DEVICE_LIST.join(", ")}, found ${name}`);
  });
