/**
 * The task of steps that run tile by tile: where in a thread's own memory it has its copy of the address
 * table and the values that exist only a tile at a time.
 *
 * @module
 */
import type { Entry } from "../address_table.ts";
import type { CompiledKernel } from "../compile.ts";
import type { Task, TaskPass } from "../threads/task.ts";
import type { KeptWord, TiledPass } from "../threads/tiles.ts";
import type { TiledSteps } from "./tiled_steps.ts";

/** A step as a program runs it. */
export interface ProgramStep {
  readonly kernel: CompiledKernel;
  /** The index of its first entry in the address table. */
  readonly entry: number;
  readonly work: number;
}

/** Bytes between values in a thread's own memory; vectors may be read beyond the end of one. */
const GAP = 64;

const aligned = (bytes: number): number => Math.ceil(bytes / GAP) * GAP;

/** The task, and the bytes of each thread's own memory that it needs. */
export function tiledTask(
  run: TiledSteps,
  steps: readonly ProgramStep[],
  entries: readonly Entry[],
): { readonly task: Task; readonly bytes: number } {
  const first = steps[run.steps[0]!.step]!.entry, end = lastEntry(run, steps, entries.length);
  const copy = aligned(Math.max(...run.steps.map(({ step }) => steps[step]!.kernel.local)));
  let bytes = aligned(copy + 4 * (end - first));
  const placed = new Map<number, { readonly at: number; readonly bytes: number }>();
  for (const [slot, each] of run.kept) {
    placed.set(slot, { at: bytes, bytes: each });
    bytes += aligned(each) + GAP;
  }
  const kept = entries.slice(first, end).flatMap((entry, word): KeptWord[] => {
    const place = "slot" in entry ? placed.get(entry.slot) : undefined;
    return place && "slot" in entry
      ? [{ word, at: place.at + entry.bytes, bytes: place.bytes }]
      : [];
  });
  const passes: TaskPass[] = [], tiled: TiledPass[] = [];
  run.steps.forEach(({ step, passes: count }, i) => {
    const { kernel, entry } = steps[step]!;
    kernel.passes.slice(0, count).forEach(({ pass, units }, k) => {
      passes.push({ step, module: kernel.module, pass });
      tiled.push({ row: 4 * (entry - first), each: run.units[i]![k]!, units });
    });
  });
  const task: Task = {
    passes: passes as [TaskPass, ...TaskPass[]],
    units: run.tiles,
    work: run.steps.reduce((sum, { step }) => sum + steps[step]!.work, 0),
    row: 4 * first,
    tiles: { passes: tiled, words: end - first, kept, copy },
  };
  return { task, bytes };
}

/** The end of the entries of a run's steps, which follow each other. */
function lastEntry(run: TiledSteps, steps: readonly ProgramStep[], length: number): number {
  const last = run.steps.at(-1)!.step;
  return steps[last + 1]?.entry ?? length;
}
