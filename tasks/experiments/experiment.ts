/**
 * What makes an experiment a task: its description, and options of its own.
 *
 * @module
 */
import type { Table } from "../cli/options.ts";
import type { Description } from "./description.ts";

/** An experiment as a task. */
export interface Experiment {
  /** Such as `ablate:norm`. */
  readonly name: string;
  /** What it does, for its help. */
  readonly about: string;
  /** Options beside those that all experiments have. */
  readonly options?: Table;
  /** The description, by the values of its own options. */
  describe(values: Readonly<Record<string, unknown>>): Description;
}
