/**
 * The results' folder of a grid whose runs several programs share, on one machine or on many.
 *
 * @module
 */
import type { Observer } from "../../run/events.ts";
import { lockNewFolder } from "../../run/lock.ts";
import { LockedError } from "../../run/owner.ts";
import type { GridEvent } from "../events.ts";
import { readWholeRecord } from "../read_record.ts";
import { type CellRecord, type ExperimentRecord, writeRecord } from "../record.ts";
import { writeResults } from "../results_csv.ts";

/** Seconds for which a program waits for others that write to the folder, each for moments. */
const PATIENCE = 600;

/** Milliseconds between two attempts, at least and at most. */
const PAUSE = [20, 300] as const;

const pause = () => {
  const [least, most] = PAUSE;
  return new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
};

/** Does something in a folder to which no other program writes meanwhile. */
export async function withFolder<R>(out: string, work: () => Promise<R>): Promise<R> {
  const until = performance.now() + 1000 * PATIENCE;
  for (;;) {
    try {
      using _lock = await lockNewFolder(out);
      return await work();
    } catch (error) {
      if (!(error instanceof LockedError) || performance.now() > until) throw error;
    }
    await pause();
  }
}

/** A record with the outcome of one run. */
const withCell = (record: ExperimentRecord, cell: CellRecord): ExperimentRecord => ({
  ...record,
  cells: record.cells.map((each) => each.run === cell.run ? cell : each),
});

/** The record that all programs share; each read before wrote what this one planned. */
export const sharedRecord = (out: string): Promise<ExperimentRecord> => readWholeRecord(out);

/** Adds each outcome to the files of results that all programs share. */
export const recordShard = (out: string): Observer<GridEvent> => async (event) => {
  if (event.kind !== "cell end") return;
  await withFolder(out, async () => {
    const record = withCell(await sharedRecord(out), event.cell);
    await writeRecord(out, record);
    await writeResults(out, record);
  });
};
