/**
 * Comparing the runs of several programs: medians over the rounds, and whether losses agree.
 *
 * @module
 */
import { aligned } from "../../tasks/cli/mod.ts";
import { median, significant } from "../measure.ts";
import { digits } from "../table.ts";

/** One run of a program at one task. */
export interface PeerRow {
  readonly program: string;
  readonly round: number;
  readonly task: string;
  readonly imagesPerSecond?: number;
  readonly firstMs?: number;
  readonly peakMiB?: number;
  readonly losses?: readonly number[];
  /** Of a convolution, by direction. */
  readonly gflops?: Readonly<Record<string, number>>;
}

/** A program at a task, over all rounds. */
export interface Summary {
  readonly task: string;
  readonly program: string;
  readonly rounds: number;
  readonly imagesPerSecond?: number;
  readonly least?: number;
  readonly most?: number;
  readonly firstMs?: number;
  readonly peakMiB?: number;
  /** The largest relative difference of a loss from our first program's at the same step. */
  readonly lossDifference?: number;
  readonly gflops?: Readonly<Record<string, number>>;
}

/** The largest relative difference of the first losses that still counts as agreement. */
export const MAX_DIFFERENCE = 1e-4;
/** The same for programs that compute less precisely than in float32. */
const MAX_INEXACT = 1e-2;
/** How many losses are compared: the second depends on every gradient, and rounding errors grow after it. */
const COMPARED = 2;

/** The largest relative difference of the first losses. */
export function lossDifference(found: readonly number[], expected: readonly number[]): number {
  const pairs = found.slice(0, COMPARED).map((loss, i) => [loss, expected[i]] as const);
  return Math.max(
    ...pairs.filter(([, of]) => of !== undefined).map(([a, b]) => Math.abs(a / b! - 1)),
  );
}

/** Medians by task and program, in the order in which they first ran. */
export function summaries(rows: readonly PeerRow[]): Summary[] {
  const groups = Map.groupBy(rows, ({ task, program }) => `${task}\n${program}`);
  return [...groups.values()].map((group): Summary => {
    const { task, program } = group[0]!;
    const all = (key: "imagesPerSecond" | "firstMs" | "peakMiB") =>
      group.flatMap((row) => row[key] ?? []);
    const rates = all("imagesPerSecond");
    if (rates.length === 0) {
      const directions = Object.keys(group[0]!.gflops ?? {});
      const middle = (of: string) => median(group.map(({ gflops }) => gflops?.[of] ?? NaN));
      const gflops = Object.fromEntries(directions.map((each) => [each, middle(each)]));
      return { task, program, rounds: group.length, gflops };
    }
    const first = rows.find((row) => row.task === task && row.losses)!;
    const apart = group.map(({ losses = [] }) => lossDifference(losses, first.losses!));
    return {
      task,
      program,
      rounds: group.length,
      imagesPerSecond: median(rates),
      least: Math.min(...rates),
      most: Math.max(...rates),
      firstMs: median(all("firstMs")),
      peakMiB: median(all("peakMiB")),
      lossDifference: significant(Math.max(...apart), 2),
    };
  });
}

/** Whether a program computes less precisely than in float32, by its name. */
export const isInexact = (program: string): boolean => program.includes("TF32");

/** Whether a program's losses agree with ours as closely as its precision allows. */
const agrees = ({ program, lossDifference: d }: Summary): boolean =>
  d === undefined || d <= (isInexact(program) ? MAX_INEXACT : MAX_DIFFERENCE);

/** The programs whose losses differ from ours. */
export const disagreeing = (all: readonly Summary[]): readonly Summary[] =>
  all.filter((each) => !agrees(each));

/** The table of a task's programs. */
export function summaryTable(task: string, all: readonly Summary[]): string {
  const rows = all.filter((each) => each.task === task), { gflops } = rows[0]!;
  if (gflops) {
    const directions = Object.keys(gflops);
    return aligned([
      [`${task}, GFLOP/s`, ...directions],
      ...rows.map(({ program, gflops = {} }) => [
        program,
        ...directions.map((each) => digits(gflops[each]!)),
      ]),
    ]).join("\n");
  }
  return aligned([
    [task, "images/s", "range", "first step, s", "peak MiB", "loss difference"],
    ...rows.map((row) => [
      row.program,
      digits(row.imagesPerSecond!),
      `${digits(row.least!)}–${digits(row.most!)}`,
      digits(row.firstMs! / 1000),
      `${row.peakMiB ?? ""}`,
      agrees(row)
        ? row.lossDifference!.toExponential(1)
        : `DISAGREES: ${digits(row.lossDifference!)}`,
    ]),
  ]).join("\n");
}
