/**
 * An experiment as a task: its description, and its own options.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import type { Table } from "../cli/option_table.ts";
import type { Description } from "./description.ts";

/** An experiment as a task. */
export interface Experiment {
  /** Such as `ablate:norm`. */
  readonly name: string;
  /** What it does, for its help. */
  readonly about: string;
  /** Options beside those of all experiments. */
  readonly options?: Table;
  /** The description, by the values of its own options. */
  describe(values: Readonly<Record<string, unknown>>): Description;
}

/** The command that runs an experiment: most have a task of the same name. */
export const experimentCommandLine = ({ name }: Experiment): string =>
  `deno task ${name in configuration.tasks ? name : `experiment ${name}`}`;
