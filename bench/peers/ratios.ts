/**
 * The speed of this library's programs relative to PyTorch's, by task.
 *
 * @module
 */
import { aligned } from "../../tasks/cli/mod.ts";
import { digits } from "../table.ts";
import { isInexact, type Summary } from "./compare.ts";

/** Images per second of our programs over PyTorch's fastest, by program. */
export type Ratios = Readonly<Record<string, number>>;

/**
 * The ratios of a task; empty where PyTorch or this library did not run. Programs on a GPU are compared with
 * PyTorch on the GPU if it ran there. PyTorch in TF32, which computes less precisely, is not compared with.
 */
export function ratiosOf(task: string, all: readonly Summary[]): Ratios {
  const rows = all.filter((row) => row.task === task && row.imagesPerSecond !== undefined);
  const of = (name: string) => rows.filter(({ program }) => program.startsWith(name));
  const fastest = (name: string) =>
    Math.max(
      ...of(`PyTorch ${name}`).filter(({ program }) => !isInexact(program))
        .map(({ imagesPerSecond }) => imagesPerSecond!),
    );
  const onCpu = fastest("cpu"), onGpu = fastest("cuda");
  const ratios = of("goodinit").map(({ program, imagesPerSecond }) => {
    const best = program.includes("webgpu") && onGpu > 0 ? onGpu : onCpu;
    return [program, imagesPerSecond! / best] as const;
  });
  return Object.fromEntries(ratios.filter(([, ratio]) => ratio > 0));
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
