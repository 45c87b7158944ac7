/**
 * An experiment as data: rows and columns of training runs, and the paper's numbers for them.
 *
 * @module
 */
import type { OptionValue } from "../cli/option_arguments.ts";
import type { TaskName } from "../run/settings.ts";
import type { Overhead } from "./findings/overhead.ts";
import type { Plateau } from "./findings/plateau.ts";
import type { Reach } from "./findings/reach.ts";
import type { Measure } from "./measure.ts";

/**
 * Options of a training task by name, as on its command line without the hyphens. What is in epochs there
 * may be given in shares of the epochs: `drop-shares` for `drop-at`, else with `-share` behind the name.
 * `recipeOptions` gives those of a net's own recipe.
 */
export type RunOptions = Readonly<Record<string, OptionValue>>;

/** The length of the runs: a few seconds, what suits a CPU or a GPU, or the paper's. */
export type Length = "quick" | "cpu" | "gpu" | "paper";

/** A row or a column. */
export interface Variant {
  readonly name: string;
  /** The options of its runs. */
  readonly options?: RunOptions;
  /** Further options at a length; the command line takes precedence. */
  readonly at?: { readonly [L in Length]?: RunOptions };
  /** The row whose run, of the same column and seed, is the teacher of this row's runs. */
  readonly teacher?: string;
  /**
   * The row whose runs, of the same column and seed, are tested again with this row's options of the net,
   * instead of training.
   */
  readonly retests?: string;
}

/** The paper's numbers by row and column, in the unit of the measure. */
export type PaperNumbers = Readonly<Record<string, Readonly<Record<string, number | "n/c">>>>;

/** Numbers by row, column and epoch. */
export type PaperByEpoch = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<number, number>>>>>
>;

/** An experiment. */
export interface Description {
  /** Such as `ablate:norm`. */
  readonly task: string;
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  readonly measure: Measure;
  /** The training task whose options its runs have. */
  readonly trains: TaskName;
  /** The options of every run. */
  readonly options: RunOptions;
  /** The options of each length. */
  readonly lengths: Readonly<Record<Length, RunOptions>>;
  readonly rows: readonly Variant[];
  readonly columns: readonly Variant[];
  /** Options of the runs of one row and column. */
  readonly special?: readonly {
    readonly row: string;
    readonly column: string;
    readonly options: RunOptions;
  }[];
  /** The paper's numbers in the unit of the measure. */
  readonly paper: PaperNumbers | null;
  /** What differs from the paper at any length, a sentence each. */
  readonly differs: readonly string[];
  /** The preprocessing of the images, if not the training task's. */
  readonly images?: "standardised";
  /** The rows and columns of --quick, if not all. */
  readonly quick?: { readonly rows?: readonly string[]; readonly columns?: readonly string[] };
  /** Whether the loss and accuracy on training images are part of the answer. */
  readonly training?: boolean;
  /** Whether the accuracy by epoch is part of the answer. */
  readonly curves?: boolean;
  /** Whether the accuracy by second is part of the answer. */
  readonly bySecond?: boolean;
  /** What is compared by the time of training. */
  readonly overhead?: Overhead;
  /** How long the loss of the runs, which record it by step, stays that of guessing. */
  readonly plateau?: Plateau;
  /** In how many steps the loss of the runs, which record it by step, reaches a bound. */
  readonly reach?: Reach;
  /** The paper's numbers by row, column and epoch. */
  readonly paperByEpoch?: PaperByEpoch;
}
