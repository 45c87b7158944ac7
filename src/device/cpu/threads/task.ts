/**
 * What the threads run: programs, each a list of passes.
 *
 * @module
 */
import type { PassFunction } from "./control_block.ts";
import type { LoadedModule } from "./module_store.ts";

/** A pass of a program, and how much there is to do. */
export interface Task {
  /** The number of the step that it belongs to; those of one step follow one another. */
  readonly step: number;
  readonly units: number;
  /** Roughly, the elements touched and operations done by all units. */
  readonly work: number;
  readonly module: LoadedModule;
  /** The number of the pass in its module. */
  readonly pass: number;
  /** Where the addresses that it reads begin in the program's table, in bytes. */
  readonly row: number;
}

/** A loaded program. */
export interface LoadedProgram {
  readonly tasks: readonly Task[];
  readonly passes: readonly PassFunction[];
  /** Whether workers take part. */
  readonly isShared: boolean;
  /** The milliseconds that each task takes one thread that is not disturbed; infinity before it is seen. */
  readonly soloMs: Float64Array;
}
