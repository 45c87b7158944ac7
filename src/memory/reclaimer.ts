/**
 * Releases the memory of objects that have become unreachable.
 *
 * @module
 */
import type { Collector } from "./garbage_collector.ts";

/** Memory that lives as long as its owner is reachable. */
export interface Owned {
  /** Its size in bytes. */
  readonly bytes: number;
  /** Whether it keeps other owners reachable. */
  readonly holds?: boolean;
  /** Its index among the new entries of its {@linkcode Reclaimer}, which sets it; -1 if it is old. */
  place?: number;
  /** Frees it. */
  release(): void;
}

/** How much must be owned, in bytes and in number, before a collection is worth its time. */
const THRESHOLD = { bytes: 1 << 26, count: 1 << 13 };
/** Collections take at most this fraction of the time… */
const TIME_SHARE = 1 / 50;
/** …unless this many times a threshold is reached. */
const OVERDUE = { bytes: 2, count: 4 };
/** The most collections in a row, while releasing makes further owners unreachable. */
const MOST_PASSES = 3;

/**
 * Owners and the memory that they own. New entries hold their owners strongly, which is cheapest; once they
 * add up to enough bytes, they become weak, garbage is collected, and memory whose owner is gone is
 * released. Where the engine cannot collect synchronously, finalizers release it from the event loop.
 */
export class Reclaimer {
  readonly #collector: Collector;
  readonly #threshold: number;
  readonly #young: Owned[] = [];
  /** The owners of the new entries. */
  readonly #owners: object[] = [];
  readonly #old = new Map<Owned, WeakRef<object>>();
  readonly #finalizers = new FinalizationRegistry<Owned>((owned) => {
    if (this.#remove(owned)) owned.release();
  });
  /** Its callback shows that finalizers have run. */
  readonly #canaries = new FinalizationRegistry<number>((start) => {
    this.#isCanaryAlive = false;
    this.#recordCollection(start);
  });
  #isCanaryAlive = false;
  /** Whether the collector collects synchronously, as far as is known. */
  #isSynchronous = true;
  #bytes = 0;
  #untracked = 0;
  /** What was owned after the last collection. */
  #left = { bytes: 0, count: 0 };
  #last = { end: -Infinity, took: 0 };

  /** @param threshold Bytes that must be owned before garbage is collected. */
  constructor(collector: Collector, threshold: number = THRESHOLD.bytes) {
    this.#collector = collector;
    this.#threshold = threshold;
  }

  /** All bytes owned. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Releases memory once its owner is unreachable; the owner may be kept alive until the next collection. */
  own(owner: object, owned: Owned) {
    if (!this.#isSynchronous) return this.follow(owner, owned);
    this.#bytes += owned.bytes;
    owned.place = this.#young.push(owned) - 1;
    this.#owners.push(owner);
  }

  /** Releases memory once its owner is unreachable, without keeping the owner alive. */
  follow(owner: object, owned: Owned) {
    this.#bytes += owned.bytes;
    this.#old.set(owned, new WeakRef(owner));
    this.#finalizers.register(owner, owned, owned);
  }

  /** Forgets memory that its owner releases itself. */
  forget(owned: Owned) {
    this.#remove(owned);
  }

  /** Adjusts the bytes of memory that is already owned, down if negative. */
  count(bytes: number) {
    this.#bytes += bytes;
  }

  /** Counts bytes, about, that only the engine can collect, and of whose size it does not know. */
  countUntracked(bytes: number) {
    this.#untracked += bytes;
  }

  /** Whether enough has been added since the last collection for another one. */
  get isDue(): boolean {
    const { bytes, count } = this.#left;
    const owned = this.#young.length + this.#old.size;
    const excess = {
      bytes: (this.#bytes + this.#untracked - bytes) / Math.max(this.#threshold, bytes),
      count: (owned - count) / Math.max(THRESHOLD.count, count),
    };
    if (excess.bytes < 1 && excess.count < 1) return false;
    if (excess.bytes >= OVERDUE.bytes || excess.count >= OVERDUE.count) return true;
    const { end, took } = this.#last;
    return performance.now() - end >= took / TIME_SHARE;
  }

  /** Collects if it is due, where the engine can collect synchronously. */
  collectIfDue() {
    if (this.#isSynchronous && this.isDue) this.collect();
  }

  /** Yields to finalizers if a collection is due, where the engine cannot collect synchronously. */
  async turn(): Promise<void> {
    if (this.#isSynchronous || !this.isDue) return;
    if (!this.#isCanaryAlive) this.#canaries.register({}, performance.now());
    this.#isCanaryAlive = true;
    await this.#collector.turn();
  }

  /** Collects garbage and releases memory without an owner; returns how many bytes that freed. */
  collect(): number {
    const start = performance.now(), before = this.#bytes;
    for (let pass = 0; pass < MOST_PASSES && this.#pass(); pass++);
    if (this.#isSynchronous) this.#recordCollection(start);
    return before - this.#bytes;
  }

  /** Collects once; returns whether something was released that kept other owners reachable. */
  #pass(): boolean {
    const young = new Set(this.#young);
    this.#young.forEach((owned, i) => {
      owned.place = -1;
      this.#old.set(owned, new WeakRef(this.#owners[i]!));
    });
    this.#young.length = this.#owners.length = 0;
    this.#isSynchronous = this.#collector.collect();
    const gone: Owned[] = [];
    for (const [owned, ref] of this.#old) {
      const owner = ref.deref();
      if (!owner) gone.push(owned);
      else if (young.has(owned)) this.#finalizers.register(owner, owned, owned);
    }
    for (const owned of gone) {
      this.#remove(owned);
      owned.release();
    }
    return gone.some(({ holds }) => holds);
  }

  #recordCollection(start: number) {
    const end = performance.now();
    this.#last = { end, took: end - start };
    this.#untracked = 0;
    this.#left = { bytes: this.#bytes, count: this.#young.length + this.#old.size };
  }

  #remove(owned: Owned): boolean {
    if (!this.#removeYoung(owned)) {
      if (!this.#old.delete(owned)) return false;
      this.#finalizers.unregister(owned);
    }
    this.#bytes -= owned.bytes;
    return true;
  }

  /** Removes a new entry, whose place the last one takes. */
  #removeYoung(owned: Owned): boolean {
    const { place = -1 } = owned;
    if (place < 0) return false;
    const last = this.#young.pop()!, owner = this.#owners.pop()!;
    if (last !== owned) {
      this.#young[place] = last;
      this.#owners[place] = owner;
      last.place = place;
    }
    owned.place = -1;
    return true;
  }
}
