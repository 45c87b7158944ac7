/**
 * Outputs that lie one after another in memory, and where in a program they are final.
 *
 * @module
 */
import { ARRAYS, type Data } from "../../host_data.ts";
import { allStores, type Plan, readSlots } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";
import type { Spec } from "../../spec.ts";
import type { RunObserver } from "../device.ts";
import type { Arena, Block } from "./arena.ts";
import type { Task } from "./threads/task.ts";

/** Parts of a plan's outputs. */
export interface OutputParts {
  /** The outputs of each part, by index. */
  readonly outputs: readonly (readonly number[])[];
  /** For each part, the task after which it and those before it are final; -1 for one that none touches. */
  readonly ends: readonly number[];
}

/** Called after each task, with its index. */
export type AfterTask = (task: number) => void;

/**
 * Finds where parts are final: after the last task that writes or reads one of their slots.
 *
 * @param slots The slot of each output.
 */
export function outputParts(
  { steps }: Plan,
  tasks: readonly Task[],
  slots: readonly number[],
  outputs: readonly (readonly number[])[],
): OutputParts {
  const last = new Map<number, number>();
  tasks.forEach(({ passes }, task) => {
    for (const { step } of passes) {
      for (const { slot } of allStores(steps[step]!)) last.set(slot, task);
      for (const slot of readSlots(steps[step]!)) last.set(slot, task);
    }
  });
  let end = -1;
  const ends = outputs.map((part) =>
    end = Math.max(end, ...part.map((i) => last.get(slots[i]!) ?? -1))
  );
  return { outputs, ends };
}

/** The elements of blocks, if these lie one after another and have one element type. */
export function viewTogether(
  { memory }: Arena,
  blocks: readonly Block[],
  specs: readonly Spec[],
): Data | undefined {
  const [first] = blocks, last = blocks.at(-1);
  if (!first || !last) return undefined;
  const { dtype } = specs[0]!;
  const isTogether = blocks.every((block, i) => {
    const before = blocks[i - 1];
    return specs[i]!.dtype === dtype &&
      (!before || block.address === before.address + before.bytes);
  });
  if (!isTogether) return undefined;
  const length = (last.address - first.address) / 4 + sizeOf(specs.at(-1)!.shape);
  return new ARRAYS[dtype](memory.buffer as ArrayBuffer, first.address, length);
}

/** Calls an observer after each task; `elements` are those of a part. */
export function observeRun(
  { ends }: OutputParts,
  observer: RunObserver,
  elements: (part: number) => Data,
): AfterTask {
  let next = 0;
  return (task) => {
    for (; next < ends.length && ends[next]! <= task; next++) observer.final(next, elements(next));
    observer.between();
  };
}
