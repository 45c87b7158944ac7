/**
 * Giving back what belongs to objects that nobody refers to any more.
 *
 * @module
 */
import type { Collector } from "./garbage_collector.ts";

/** Something that takes memory for as long as its owner is referred to. */
export interface Owned {
  /** How much memory. */
  readonly bytes: number;
  /** Whether it refers to other owners. */
  readonly holds?: boolean;
  /** Gives it back. */
  release(): void;
}

/** Bytes, and things, that may come to lie about before it is worth looking for those without owner. */
const LEAST = { bytes: 1 << 26, things: 1 << 16 };
/** Looking for them takes at most this fraction of the time… */
const SHARE = 1 / 50;
/** …unless there are this many times as many. */
const HURRY = 2;
/** Times that garbage is collected at most while what is released lets go of other things. */
const MOST_PASSES = 3;

/**
 * Owners of memory, and what they own. Newly owned things are kept with their owners, which costs least;
 * once they come to enough bytes, garbage is collected, and what turns out to have no owner is
 * released. Where nothing can be collected at once, finalizers do it when the event loop turns.
 */
export class Reclaimer {
  readonly #collector: Collector;
  readonly #least: number;
  readonly #young = new Map<Owned, object>();
  readonly #old = new Map<Owned, WeakRef<object>>();
  readonly #finalizers = new FinalizationRegistry<Owned>((owned) => {
    if (this.#remove(owned)) owned.release();
  });
  /** Notices that finalizers have run. */
  readonly #canaries = new FinalizationRegistry<number>((start) => {
    this.#isFlying = false;
    this.#looked(start);
  });
  #isFlying = false;
  /** Whether the collector is one that collects at once, as far as is known. */
  #isAble = true;
  #bytes = 0;
  #litter = 0;
  /** What was left after the last look. */
  #left = { bytes: 0, things: 0 };
  #last = { end: -Infinity, took: 0 };

  /** @param least Bytes that may come to lie about before they are looked for. */
  constructor(collector: Collector, least: number = LEAST.bytes) {
    this.#collector = collector;
    this.#least = least;
  }

  /** Bytes of all that is owned. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Releases a thing once nobody refers to its owner, which may be kept for a while. */
  own(owner: object, owned: Owned) {
    if (!this.#isAble) return this.follow(owner, owned);
    this.#bytes += owned.bytes;
    this.#young.set(owned, owner);
  }

  /** Releases a thing once nobody refers to its owner, which is not kept any longer than the job. */
  follow(owner: object, owned: Owned) {
    this.#bytes += owned.bytes;
    this.#old.set(owned, new WeakRef(owner));
    this.#finalizers.register(owner, owned, owned);
  }

  /** Leaves a thing to its owner; it is not released from here. */
  disown(owned: Owned) {
    this.#remove(owned);
  }

  /** Bytes that have come, or gone if less than 0, with things that are already owned. */
  count(bytes: number) {
    this.#bytes += bytes;
  }

  /** Bytes, about, that the engine has to collect by itself, and might not, since it does not see them. */
  litter(bytes: number) {
    this.#litter += bytes;
  }

  /** Whether so much has come that it is time to look for what has no owner. */
  get isDue(): boolean {
    const { bytes, things } = this.#left;
    const excess = Math.max(
      (this.#bytes + this.#litter - bytes) / Math.max(this.#least, bytes),
      (this.#young.size + this.#old.size - things) / Math.max(LEAST.things, things),
    );
    if (excess < 1) return false;
    const { end, took } = this.#last;
    return excess >= HURRY || performance.now() - end >= took / SHARE;
  }

  /** Collects garbage if it is time to, where that can be done at once. */
  tidy() {
    if (this.#isAble && this.isDue) this.sweep();
  }

  /** Lets finalizers run if it is time to, where nothing can be collected at once. */
  async turn(): Promise<void> {
    if (this.#isAble || !this.isDue) return;
    if (!this.#isFlying) this.#canaries.register({}, performance.now());
    this.#isFlying = true;
    await this.#collector.turn();
  }

  /** Collects garbage and releases what has no owner; returns how many bytes those were. */
  sweep(): number {
    const start = performance.now(), before = this.#bytes;
    for (let pass = 0; pass < MOST_PASSES && this.#pass(); pass++);
    if (this.#isAble) this.#looked(start);
    return before - this.#bytes;
  }

  /** Collects once; returns whether anything was released that may have let go of other owners. */
  #pass(): boolean {
    const young = new Set(this.#young.keys());
    for (const [owned, owner] of this.#young) this.#old.set(owned, new WeakRef(owner));
    this.#young.clear();
    this.#isAble = this.#collector.collect();
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

  #looked(start: number) {
    const end = performance.now();
    this.#last = { end, took: end - start };
    this.#litter = 0;
    this.#left = { bytes: this.#bytes, things: this.#young.size + this.#old.size };
  }

  #remove(owned: Owned): boolean {
    if (!this.#young.delete(owned)) {
      if (!this.#old.delete(owned)) return false;
      this.#finalizers.unregister(owned);
    }
    this.#bytes -= owned.bytes;
    return true;
  }
}
