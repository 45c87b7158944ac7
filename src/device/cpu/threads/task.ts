/**
 * The programs that threads run: lists of tasks, each a pass.
 *
 * @module
 */
import type { PassFunction } from "./control_block.ts";
import type { LoadedModule } from "./module_store.ts";

/** A pass of a program, and its amount of work. */
export interface Task {
  /** The index of its step; the tasks of one step are consecutive. */
  readonly step: number;
  readonly units: number;
  /** Roughly, the elements and operations of all units. */
  readonly work: number;
  readonly module: LoadedModule;
  /** The number of the pass in its module. */
  readonly pass: number;
  /** The offset of its addresses in the program's address table, in bytes. */
  readonly row: number;
}

/** A loaded program. */
export interface LoadedProgram {
  readonly tasks: readonly Task[];
  readonly passes: readonly PassFunction[];
  /** Whether workers may run chunks of it. */
  readonly isShared: boolean;
  /**
   * The estimated milliseconds of each task on one undisturbed thread; infinity before the first
   * measurement.
   */
  readonly soloMs: Float64Array;
}
