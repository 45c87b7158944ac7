/**
 * The interface between the benchmark program and its suites.
 *
 * @module
 */
import type { OpenOptions } from "../src/device/open.ts";
import type { Peak } from "../src/device/profile.ts";
import type { Runtime } from "../src/runtime/mod.ts";
import type { Row } from "./result.ts";

/** Options with which a suite opens the device, beside those of the command line. */
export interface Opening {
  /** Whether kernels are timed. */
  readonly profile?: boolean;
  /** With `cpu`: the convolution algorithm. */
  readonly winograd?: "off" | "F2" | "F4";
}

/** What a suite measures with. */
export interface Bench {
  /** Whether to measure small sizes only. */
  readonly quick: boolean;
  /** Milliseconds for each measurement. */
  readonly budget: number;
  /** The device's peak. */
  readonly most: Peak;
  /** The device, opened with `profile`. */
  readonly run: Runtime;
  /** Options with which another process opens the same device. */
  readonly options: OpenOptions;
  /** Whether tables of kernels are asked for. */
  readonly profile: boolean;
  /** Prints text beside the rows. */
  print(text: string): void;
  /** Opens the device again. */
  open(opening?: Opening): Promise<Runtime>;
}

/** A suite of benchmarks, measured as its rows are iterated. */
export type Suite = (bench: Bench) => AsyncIterable<Row>;
