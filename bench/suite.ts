/**
 * What a suite of benchmarks is given.
 *
 * @module
 */
import type { OpenOptions } from "../src/device/open.ts";
import type { Peak } from "../src/device/profile.ts";
import type { Runtime } from "../src/runtime/mod.ts";
import type { Row } from "./result.ts";

/** How a suite opens the device: what differs from the command line. */
export interface Opening {
  /** Whether kernels are timed. */
  readonly profile?: boolean;
  /** With `cpu`: which of the algorithms for convolutions. */
  readonly winograd?: "off" | "F2" | "F4";
}

/** A benchmark that runs. */
export interface Bench {
  /** Whether only small work is measured. */
  readonly quick: boolean;
  /** Milliseconds for each measurement. */
  readonly budget: number;
  /** The most that the device can do. */
  readonly most: Peak;
  /** The device, its kernels timed. */
  readonly run: Runtime;
  /** What another process opens the same device with. */
  readonly options: OpenOptions;
  /** Whether tables of kernels are asked for. */
  readonly profile: boolean;
  /** Prints something beside the rows. */
  tell(text: string): void;
  /** Opens the device once more. */
  open(opening?: Opening): Promise<Runtime>;
}

/** A list of benchmarks, measured as it is walked through. */
export type Suite = (bench: Bench) => AsyncIterable<Row>;
