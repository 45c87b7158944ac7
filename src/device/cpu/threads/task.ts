/**
 * The programs that threads run: lists of tasks, each a pass or several that run tile by tile.
 *
 * @module
 */
import type { Block } from "../arena.ts";
import type { PassFunction } from "./control_block.ts";
import type { LoadedModule } from "./module_store.ts";
import type { Tiles } from "./tiles.ts";

/** A pass of a program. */
export interface TaskPass {
  /** The index of its step. */
  readonly step: number;
  readonly module: LoadedModule;
  /** The number of the pass in its module. */
  readonly pass: number;
}

/** A pass of a program, or several that run in turn, tile by tile; and their amount of work. */
export interface Task {
  readonly passes: readonly [TaskPass, ...TaskPass[]];
  /** The units of one pass, or the tiles of several. */
  readonly units: number;
  /** Roughly, the elements and operations of all units. */
  readonly work: number;
  /** The offset of its addresses in the program's address table, in bytes. */
  readonly row: number;
  /** If given, how its passes run tile by tile. */
  readonly tiles?: Tiles;
}

/** A loaded program. */
export interface LoadedProgram {
  readonly tasks: readonly Task[];
  readonly runs: readonly PassFunction[];
  /** The work of all tasks. */
  readonly work: number;
  /** Whether workers may run chunks of it. */
  readonly isShared: boolean;
  /** For each task that runs tile by tile and may be shared, its description for workers. */
  readonly shared: readonly (Block | undefined)[];
  /**
   * The estimated milliseconds of each task on one undisturbed thread; infinity before the first
   * measurement.
   */
  readonly soloMs: Float64Array;
}
