/**
 * The speed of this library's programs relative to PyTorch's, by task.
 *
 * @module
 */
import { aligned } from "../../tasks/cli/mod.ts";
import { digits } from "../table.ts";
import type { Summary } from "./compare.ts";

/** Images per second of our programs over PyTorch's fastest, by program. */
export type Ratios = Readonly<Record<string, number>>;

/** The ratios of a task; empty where PyTorch or this library did not run. */
export function ratiosOf(task: string, all: readonly Summary[]): Ratios {
  const rows = all.filter((row) => row.task === task && row.imagesPerSecond !== undefined);
  const of = (name: string) => rows.filter(({ program }) => program.startsWith(name));
  const best = Math.max(...of("PyTorch").map(({ imagesPerSecond }) => imagesPerSecond!));
  if (best < 0) return {};
  return Object.fromEntries(
    of("goodinit").map(({ program, imagesPerSecond }) => [program, imagesPerSecond! / best]),
  );
}

/** The ratios of every task that has some. */
export const allRatios = (all: readonly Summary[]): Readonly<Record<string, Ratios>> =>
  Object.fromEntries(
    [...new Set(all.map(({ task }) => task))]
      .map((task) => [task, ratiosOf(task, all)] as const)
      .filter(([, ratios]) => Object.keys(ratios).length > 0),
  );

/** The table of all tasks' ratios; undefined where there are none. */
export function ratioTable(all: readonly Summary[]): string | undefined {
  const tasks = Object.entries(allRatios(all));
  if (tasks.length === 0) return undefined;
  const programs = [...new Set(tasks.flatMap(([, ratios]) => Object.keys(ratios)))];
  return aligned([
    ["ratio to PyTorch", ...programs],
    ...tasks.map(([task, ratios]) => [
      task,
      ...programs.map((each) => ratios[each] === undefined ? "" : digits(ratios[each])),
    ]),
  ]).join("\n");
}
