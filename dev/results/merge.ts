/**
 * Adding the runs of an experiment to its record.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import type { StoredCell, StoredRecord } from "../../tasks/experiments/read_record.ts";

const SAME = ["task", "title", "measure", "dataset", "device"] as const;

const union = <X>(a: readonly X[] = [], b: readonly X[] = []): readonly X[] => [
  ...new Set([...a, ...b]),
];

const keyOf = ({ row, column, seed }: StoredCell): string => JSON.stringify([row, column, seed]);

/**
 * The record with the runs of the same experiment that it lacks and that have begun; those that it has are kept.
 * Throws a {@linkcode TaskError} where they are of different experiments, or the rows or columns are others.
 */
export function mergeRecords(kept: StoredRecord, added: StoredRecord): StoredRecord {
  for (const field of SAME) {
    const [here, there] = [kept, added].map((each) => JSON.stringify(each[field]));
    if (here !== there) {
      throw new TaskError(
        `--merge: expected the record's ${field}, ${here}, found ${there}`,
      );
    }
  }
  for (const field of ["rows", "columns"] as const) {
    const other = added[field].find((name) => !kept[field].includes(name));
    if (other !== undefined) {
      throw new TaskError(
        `--merge: expected some of the record's ${field}, ${
          kept[field].join("; ")
        }, found ${other}`,
      );
    }
  }
  const known = new Set(kept.cells.map(keyOf));
  const more = added.cells.filter((cell) => cell.status !== "pending" && !known.has(keyOf(cell)));
  return {
    ...kept,
    seeds: union(kept.seeds, added.seeds).toSorted((a, b) => a - b),
    scaled: union(kept.scaled, added.scaled),
    command: union(kept.command?.split("\n"), added.command?.split("\n")).join("\n"),
    cells: [...kept.cells, ...more],
  };
}
