/**
 * Training the runs of a grid that other programs do not train.
 *
 * @module
 */
import { TaskError } from "../../cli/task_error.ts";
import type { Observer } from "../../run/events.ts";
import { lockNewFolder } from "../../run/lock.ts";
import { isAlive, LockedError } from "../../run/owner.ts";
import type { PlannedCell } from "../cells.ts";
import { readEnding } from "../ending.ts";
import type { GridEvent } from "../events.ts";
import { type Grid, serialize, toTrain, withOutcome, withRunners } from "../grid.ts";
import { hasEnded } from "../outcome.ts";
import type { CellRunner } from "../worker_pool.ts";
import type { Shard } from "./scheduler.ts";

/** Milliseconds between two looks at a run that another program trains. */
const LOOK = 2000;

/** Indices of runs in the order in which a shard tries them: its own first, then those of the next shards. */
export function shardOrder(indices: readonly number[], { index, count }: Shard): readonly number[] {
  const distance = (i: number) => (i % count - (index - 1) + count) % count;
  return indices.toSorted((a, b) => distance(a) - distance(b) || a - b);
}

/** Whether a run is over; one whose manifest is damaged is not, and says so where it is trained. */
async function isOver(out: string, run: string): Promise<boolean> {
  try {
    const manifest = await readEnding(`${out}/${run}`);
    return manifest !== undefined && hasEnded(manifest);
  } catch (error) {
    if (error instanceof TaskError) return false;
    throw error;
  }
}

/** Whether another program trains a run. */
async function isTaken(out: string, run: string): Promise<boolean> {
  try {
    using _lock = await lockNewFolder(`${out}/${run}`);
    return false;
  } catch (error) {
    if (error instanceof LockedError) return true;
    throw error;
  }
}

/** The runs of a grid, as one program sees them in one pass. */
class SharedGrid {
  readonly #grid: Grid;
  readonly #emit: (event: GridEvent) => Promise<void>;
  /** Runs that this program has begun or looked at. */
  readonly #begun = new Set<number>();
  /** Runs that this program has trained, found over, or failed to train. */
  ended = 0;
  /** Those that it failed to train, which it does not try again. */
  readonly failed = new Set<number>();

  constructor(grid: Grid, emit: (event: GridEvent) => Promise<void>) {
    this.#grid = grid;
    this.#emit = emit;
  }

  /** Trains a run, unless another program does or it was begun in this pass; true if it is over then. */
  async train(index: number, run: CellRunner): Promise<boolean> {
    const { cells, record, signal, out } = this.#grid, planned = cells[index]!;
    if (signal.aborted || this.#begun.has(index)) return false;
    this.#begun.add(index);
    if (planned.after) await this.#await(planned.after, run);
    if (signal.aborted || await isTaken(out, planned.run)) return false;
    const cell = record.cells[index]!, over = await isOver(out, planned.run);
    if (!over) await this.#emit({ kind: "cell start", index, cell });
    const outcome = await run(planned, (event) => this.#emit({ kind: "run", cell, event }));
    if (outcome.status === "pending") return false;
    const after = withOutcome(record, index, outcome);
    await this.#emit({ kind: "cell end", index, cell: after.cells[index]!, record: after });
    this.ended++;
    if (outcome.status === "failed") this.failed.add(index);
    return true;
  }

  /** Returns once a run is over, or was tried here; trains it if nobody does. */
  async #await(name: string, run: CellRunner): Promise<void> {
    const { cells, out, signal } = this.#grid;
    const index = cells.findIndex((cell: PlannedCell) => cell.run === name);
    while (!signal.aborted && !await isOver(out, name)) {
      if (!await isTaken(out, name) && (this.#begun.has(index) || await this.train(index, run))) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }
}

/** Those of some runs that are neither over nor given up. */
async function leftOf(
  { out, record }: Grid,
  indices: readonly number[],
  failed: ReadonlySet<number>,
): Promise<readonly number[]> {
  const over = await Promise.all(indices.map((index) => isOver(out, record.cells[index]!.run)));
  return indices.filter((index, i) => !over[i] && !failed.has(index));
}

/**
 * Whether the programs that have some runs all live. Looks at each until it has given a sign of life, or has
 * given none for so long that it is gone.
 */
async function allLive({ out, record, signal }: Grid, indices: readonly number[]) {
  const lives = indices.map((index) => isAlive(`${out}/${record.cells[index]!.run}`, signal));
  return (await Promise.all(lives)).every((lives) => lives);
}

/**
 * Trains the runs that are open and that no other program trains, those of its own share first; again those
 * whose program was ended meanwhile. Runs that are left at the end are of programs that live.
 *
 * @param observer Receives all events except the end, one at a time.
 */
export async function runShard(
  grid: Grid,
  shard: Shard,
  observer: Observer<GridEvent>,
): Promise<void> {
  const { out, record, signal } = grid, emit = serialize(observer);
  await emit({ kind: "start", folder: out, record, open: toTrain(grid) });
  // What another program had taken may be free in the next pass, if that program was killed.
  for (let left = toTrain(grid); left.length > 0 && !signal.aborted;) {
    const shared = new SharedGrid(grid, emit);
    await withRunners(grid, async (run) => {
      for (const index of shardOrder(left, shard)) await shared.train(index, run);
    });
    left = await leftOf(grid, left, shared.failed);
    if (shared.ended === 0 && await allLive(grid, left)) return;
  }
}
