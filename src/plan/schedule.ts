/**
 * The order of steps.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
import { allStores, type Plan, readSlots, type Step } from "./plan.ts";

/** A step that is ready, by what it would free. */
interface Ready {
  readonly step: number;
  readonly gain: number;
}

/** Of ready steps the one that frees most first, the earliest of equal ones. */
class Queue {
  readonly #heap: Ready[] = [];

  push(item: Ready) {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): Ready | undefined {
    const heap = this.#heap, top = heap[0], last = heap.pop();
    if (heap.length === 0 || !last) return top;
    heap[0] = last;
    for (let at = 0;;) {
      let best = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(heap[child]!, heap[best]!)) best = child;
      }
      if (best === at) return top;
      this.#swap(at, best);
      at = best;
    }
  }

  #swap(a: number, b: number) {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}

const isBefore = (a: Ready, b: Ready) => a.gain > b.gain || (a.gain === b.gain && a.step < b.step);

/**
 * The steps of a plan in an order that keeps few values alive: of those that are ready, the one that
 * frees most next. So a weight's gradient is taken as soon as its layer's cotangent is there, while
 * both lie in the cache, and no cotangent waits for the end of the backward pass.
 */
export function schedule(plan: Plan): Step[] {
  const bytes = plan.slots.map((s) => s.kind === "temporary" ? sizeOf(s.shape) : 0);
  const reads = plan.steps.map(readSlots);
  const readers = plan.slots.map(() => [] as number[]);
  reads.forEach((slots, i) => slots.forEach((s) => readers[s]!.push(i)));
  const left = readers.map((list) => list.length);
  const stored = plan.steps.map((step) => allStores(step).map(({ slot }) => slot));
  const writers = new Map<number, number>();
  for (const s of stored.flat()) writers.set(s, (writers.get(s) ?? 0) + 1);
  const missing = reads.map((slots) => slots.filter((s) => writers.has(s)).length);
  /** What a step stores of a slot. */
  const part = ({ region, spec }: Step, slot: number) =>
    region ? Math.min(bytes[slot]!, sizeOf(spec.shape)) : bytes[slot]!;
  const gains = reads.map((slots, i) =>
    slots.reduce((sum, s) => left[s] === 1 ? sum + bytes[s]! : sum, 0) -
    stored[i]!.reduce((sum, s) => sum + part(plan.steps[i]!, s), 0)
  );
  const done = new Set<number>(), queue = new Queue();
  const offer = (step: number) => queue.push({ step, gain: gains[step]! });
  missing.forEach((count, i) => count === 0 && offer(i));
  const order: Step[] = [];
  for (let best = queue.pop(); best; best = queue.pop()) {
    const { step } = best;
    // One whose gain has grown since stands before this in the queue again.
    if (done.has(step)) continue;
    done.add(step);
    order.push(plan.steps[step]!);
    for (const s of reads[step]!) {
      if (--left[s]! !== 1 || bytes[s] === 0) continue;
      const last = readers[s]!.find((i) => !done.has(i))!;
      gains[last]! += bytes[s]!;
      if (missing[last] === 0) offer(last);
    }
    for (const s of stored[step]!) {
      const others = writers.get(s)! - 1;
      writers.set(s, others);
      if (others > 0) continue;
      for (const i of readers[s]!) if (--missing[i]! === 0) offer(i);
    }
  }
  return order;
}
