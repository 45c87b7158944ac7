/**
 * Schedules steps in an order that keeps peak memory low.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
import { allStores, type Plan, readSlots, type Step, temporaryBytes } from "./plan.ts";

/** A ready step, and the bytes that it would free. */
interface Ready {
  readonly step: number;
  readonly gain: number;
}

/** A priority queue of ready steps: the one that frees most first, the earliest of equal ones. */
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

/** List scheduling: tracks which steps are ready and what each would free. */
class Scheduler {
  readonly #steps: readonly Step[];
  /** The slots that each step reads, and those that it stores. */
  readonly #reads: readonly (readonly number[])[];
  readonly #stores: readonly (readonly number[])[];
  /** The bytes of temporary slots. */
  readonly #bytes: readonly number[];
  /** By slot: the steps that read it, how many of them are left, and how many steps have yet to store it. */
  readonly #readers: readonly (readonly number[])[];
  readonly #readersLeft: number[];
  readonly #writersLeft = new Map<number, number>();
  /**
   * By step: how many slots that it reads are not stored yet, and the bytes that it frees minus those that
   * it stores.
   */
  readonly #missing: number[];
  readonly #gains: number[];
  readonly #done = new Set<number>();
  readonly #queue = new Queue();

  constructor(plan: Plan) {
    this.#steps = plan.steps;
    this.#bytes = temporaryBytes(plan);
    this.#reads = plan.steps.map(readSlots);
    this.#stores = plan.steps.map((step) => allStores(step).map(({ slot }) => slot));
    const readers = plan.slots.map(() => [] as number[]);
    this.#reads.forEach((slots, i) => slots.forEach((s) => readers[s]!.push(i)));
    this.#readers = readers;
    this.#readersLeft = readers.map((list) => list.length);
    for (const s of this.#stores.flat()) {
      this.#writersLeft.set(s, (this.#writersLeft.get(s) ?? 0) + 1);
    }
    this.#missing = this.#reads.map((slots) =>
      slots.filter((s) => this.#writersLeft.has(s)).length
    );
    this.#gains = plan.steps.map((_, i) => this.#gain(i));
  }

  order(): Step[] {
    const order: Step[] = [];
    this.#missing.forEach((count, i) => count === 0 && this.#offer(i));
    for (let best = this.#queue.pop(); best; best = this.#queue.pop()) {
      // A step whose gain has grown is queued again, before its old entry.
      if (this.#done.has(best.step)) continue;
      this.#run(best.step);
      order.push(this.#steps[best.step]!);
    }
    return order;
  }

  #offer(step: number) {
    this.#queue.push({ step, gain: this.#gains[step]! });
  }

  /** The bytes that a step would free now, minus those that it stores. */
  #gain(i: number): number {
    const freed = this.#reads[i]!.reduce(
      (sum, s) => this.#readersLeft[s] === 1 ? sum + this.#bytes[s]! : sum,
      0,
    );
    return freed - this.#stores[i]!.reduce((sum, s) => sum + this.#bytesStored(i, s), 0);
  }

  /** The bytes that a step stores in a slot. */
  #bytesStored(i: number, slot: number): number {
    const { region, spec } = this.#steps[i]!, all = this.#bytes[slot]!;
    return region ? Math.min(all, 4 * sizeOf(spec.shape)) : all;
  }

  #run(step: number) {
    this.#done.add(step);
    for (const s of this.#reads[step]!) this.#read(s);
    for (const s of this.#stores[step]!) this.#store(s);
  }

  /** Counts a reader as done; the last one left frees the slot. */
  #read(slot: number) {
    const left = --this.#readersLeft[slot]!;
    if (left !== 1 || this.#bytes[slot] === 0) return;
    const last = this.#readers[slot]!.find((i) => !this.#done.has(i))!;
    this.#gains[last]! += this.#bytes[slot]!;
    if (this.#missing[last] === 0) this.#offer(last);
  }

  /** Counts a writer as done; after the last one the slot is ready for its readers. */
  #store(slot: number) {
    const left = this.#writersLeft.get(slot)! - 1;
    this.#writersLeft.set(slot, left);
    if (left > 0) return;
    for (const i of this.#readers[slot]!) if (--this.#missing[i]! === 0) this.#offer(i);
  }
}

/**
 * The steps of a plan in an order that keeps few bytes alive: of the ready ones, always the one that frees
 * most. A weight's gradient is then computed as soon as its layer's cotangent is, while both are in the
 * cache, and no cotangent stays alive until the end of the backward pass.
 */
export const schedule = (plan: Plan): Step[] => new Scheduler(plan).order();
