/**
 * A folder of results that several programs share, as they leave it at a moment.
 *
 * @module
 */
import { folderOf } from "../../data/fixtures.ts";
import { recordOf } from "../experiments/record.ts";

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A program by the number of its machine: 1 waits, 2 trains, 3 is silent and not registered, 4 is gone. */
const owner = (number: number, token: string) => ({
  process: 10 * number,
  host: `n${number}`,
  since: "2026-01-01T00:00:00.000Z",
  token,
  ...number === 3 ? {} : { job: `Slurm 71_${number}` },
});

/** Seconds since each program's last sign of life. */
const SINCE: Readonly<Record<number, number>> = { 1: 5, 2: 5, 3: 100, 4: 1000 };

/**
 * A folder whose first run is done, and whose others are locked by the second, third and fourth program.
 *
 * @param files What is in it beside.
 */
export async function sharedFolder(files: Readonly<Record<string, Uint8Array>> = {}) {
  const record = recordOf(), [done, ...open] = record.cells;
  const cells = [{ ...done!, status: "done", accuracy: 0.5 }, ...open];
  const locks = [
    ...[1, 2, 4].map((number) => [`shards/${number}-of-4-a/lock.json`, number] as const),
    ...open.map(({ run }, i) => [`${run}/lock.json`, i + 2] as const),
  ];
  const folder = await folderOf({
    "experiment.json": bytes({ ...record, cells }),
    ...Object.fromEntries(locks.map(([path, number]) => [path, bytes(owner(number, path))])),
    ...files,
  });
  for (const [path, number] of locks) {
    const then = Date.now() / 1000 - SINCE[number]!;
    await Deno.utime(`${folder.path}/${path}`, then, then);
  }
  return folder;
}
