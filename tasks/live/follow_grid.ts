/**
 * Showing the runs of a grid that other programs train, from the folder that all of them share.
 *
 * @module
 */
import { isOpen } from "../experiments/outcome.ts";
import { readWholeRecord } from "../experiments/read_record.ts";
import type { CellRecord, ExperimentRecord } from "../experiments/record.ts";
import { RUN_FILES } from "../run/files.ts";
import type { Emit } from "./events.ts";
import { cellName, cellView, emitFor, emitGrid } from "./observe_grid.ts";
import { replayRun } from "./observe_run.ts";
import { isGone, type LockedRun, ShardWatch } from "./shards.ts";
import type { CellView } from "./view.ts";

/** Milliseconds between looks at the folder. */
const LOOK = 2000;

/** The time of the last change of a file; 0 if there is none. */
export const changed = (file: string): Promise<number> =>
  Deno.stat(file).then(({ mtime }) => mtime?.getTime() ?? 0, () => 0);

/** A run by its record and its lock. */
function viewOf(cell: CellRecord, lock: LockedRun | undefined): CellView {
  const view = cellView(cell);
  if (!isOpen(cell) || !lock) return view;
  const { owner: { host, process, job } } = lock;
  const by = `${job ?? `process ${process}`} on ${host}`;
  return isGone(lock)
    ? { ...view, message: `left by ${by}, which is gone` }
    : { ...view, status: "running", message: `by ${by}` };
}

/** What looks at a folder from time to time. */
export interface Follower {
  /** Looks once, and emits what has changed. */
  look(): Promise<void>;
}

/** How a grid is followed. */
export interface FollowOptions {
  /** Whether this program trains a run, and shows it itself; none if left out. */
  readonly isOwn?: (run: string) => boolean;
  /** Whether a record is that of a grid which is over, so that the page says so; never if left out. */
  readonly isOver?: (record: ExperimentRecord) => boolean;
}

/** Follows a grid. */
export class GridFollower implements Follower {
  readonly #out: string;
  readonly #emit: Emit;
  readonly #isOwn: (run: string) => boolean;
  readonly #isOver: (record: ExperimentRecord) => boolean;
  readonly #watch: ShardWatch;
  /** What was last emitted, by run, and of the shards. */
  readonly #cells = new Map<string, string>();
  readonly #files = new Map<string, number>();
  #shards = "";
  #grid = "";
  #ended = false;

  constructor(
    out: string,
    emit: Emit,
    { isOwn = () => false, isOver = () => false }: FollowOptions = {},
  ) {
    this.#out = out;
    this.#emit = emit;
    this.#isOwn = isOwn;
    this.#isOver = isOver;
    this.#watch = new ShardWatch(out);
  }

  /** Looks at the folder once, and emits what has changed. */
  async look(): Promise<void> {
    const record = await readWholeRecord(this.#out);
    this.#emitGrid(record);
    const open = record.cells.filter(isOpen).map(({ run }) => run);
    const locked = await this.#watch.lockedRuns(open);
    await this.#emitCells(record, new Map(locked.map((each) => [each.run, each])));
    const shards = await this.#watch.shards(locked), text = JSON.stringify(shards);
    if (text !== this.#shards) this.#emit({ kind: "shards", shards });
    this.#shards = text;
    const ended = this.#isOver(record);
    if (ended && !this.#ended) this.#emit({ kind: "end", status: "finished" });
    this.#ended = ended;
  }

  /** The grid itself, where it is new or has other runs than before. */
  #emitGrid(record: ExperimentRecord): void {
    const key = JSON.stringify(record.cells.map(({ run }) => run));
    if (key === this.#grid) return;
    this.#grid = key;
    this.#cells.clear();
    this.#shards = "";
    emitGrid(this.#emit, record);
    const began = Date.parse(record.startedAt ?? "");
    if (began) this.#emit({ kind: "session", facts: { began } });
  }

  async #emitCells(
    { cells }: ExperimentRecord,
    locks: ReadonlyMap<string, LockedRun>,
  ): Promise<void> {
    for (const [index, cell] of cells.entries()) {
      if (this.#isOwn(cell.run)) continue;
      const view = viewOf(cell, locks.get(cell.run)), text = JSON.stringify(view);
      if (text !== this.#cells.get(cell.run)) this.#emit({ kind: "cell", index, cell: view });
      this.#cells.set(cell.run, text);
      // Whatever cannot be read of one run hides no other.
      if (view.status !== "pending") await this.#emitRun(cell).catch(() => {});
    }
  }

  /** The curves of a run, where its files have changed. */
  async #emitRun(cell: CellRecord): Promise<void> {
    const folder = `${this.#out}/${cell.run}`;
    const time = await changed(`${folder}/${RUN_FILES.epochs}`) +
      await changed(`${folder}/${RUN_FILES.manifest}`);
    if (time === 0 || time === this.#files.get(cell.run)) return;
    this.#files.set(cell.run, time);
    const described = { name: cellName(cell), settings: cell.settings, isElsewhere: true };
    await replayRun(emitFor(this.#emit, cell), { ...described, folder });
  }
}

/** Looks at a folder until disposed of. A look that fails, as while a file is replaced, is repeated. */
export function follow(follower: Follower): AsyncDisposable {
  const ended = Promise.withResolvers<void>();
  let isOver = false, timer: ReturnType<typeof setTimeout> | undefined;
  const pause = () =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LOOK);
      ended.promise.then(resolve);
    });
  const looking = (async () => {
    while (!isOver) {
      await follower.look().catch(() => {});
      await pause();
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      clearTimeout(timer);
      ended.resolve();
      await looking;
    },
  };
}
