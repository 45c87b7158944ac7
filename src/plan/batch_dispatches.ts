/**
 * Batches independent dispatches of one kind. A dispatch may be delayed to join a later one, as long as
 * peak memory barely grows.
 *
 * @module
 */
import { bytesAlive, type Lifetime, lifetimes, type Touches } from "./lifetimes.ts";

/** A dispatch, by the values that it reads and writes. */
export interface Item extends Touches {
  /** Only items of one kind are batched; absent for an item that runs alone. */
  readonly kind?: string;
}

/** The most waiting groups: the time to add an item is proportional to their number. */
const MOST_WAITING = 128;

/** The fraction by which waiting may raise peak memory. */
const SLACK = 1 / 16;

/** Dispatches of one batch. */
interface Group {
  readonly kind: string | undefined;
  readonly members: number[];
  /** Groups that have to run before it. */
  readonly after: Set<Group>;
}

/** The earlier items that each item depends on. */
function dependencies(items: readonly Item[]): number[][] {
  const writer = new Map<number, number>(), readers = new Map<number, number[]>();
  return items.map(({ reads, writes }, i) => {
    const on = new Set<number>();
    for (const v of [...reads, ...writes]) if (writer.has(v)) on.add(writer.get(v)!);
    for (const v of writes) {
      for (const reader of readers.get(v) ?? []) on.add(reader);
      writer.set(v, i);
      readers.set(v, []);
    }
    for (const v of reads) {
      const list = readers.get(v);
      if (list) list.push(i);
      else readers.set(v, [i]);
    }
    on.delete(i);
    return [...on];
  });
}

/** The groups that wait for more members, and the batches that have run. */
class Batching {
  readonly done: number[][] = [];
  readonly #items: readonly Item[];
  readonly #bytes: readonly number[];
  readonly #fits: (members: readonly number[]) => boolean;
  readonly #lives: ReadonlyMap<number, Lifetime>;
  readonly #alive: Float64Array;
  /** The limit of bytes alive at once. */
  readonly #most: number;
  readonly #waiting = new Set<Group>();
  /** The group of each item. */
  readonly #groups: Group[] = [];
  /** An upper bound of the bytes that waiting groups keep alive. */
  #bound = 0;

  constructor(
    items: readonly Item[],
    bytes: readonly number[],
    fits: (members: readonly number[]) => boolean,
  ) {
    this.#items = items;
    this.#bytes = bytes;
    this.#fits = fits;
    this.#lives = lifetimes(items, bytes);
    this.#alive = bytesAlive(this.#lives.values(), items.length);
    this.#most = (1 + SLACK) * this.#alive.reduce((a, b) => Math.max(a, b), 0);
  }

  /** Adds an item to a waiting group of its kind, or to a new one; an item without a kind runs at once. */
  add(i: number, needs: readonly number[]) {
    const { kind } = this.#items[i]!;
    this.#makeRoom(i);
    const needed = new Set(needs.map((n) => this.#groups[n]!));
    if (kind === undefined) this.#run(needed);
    const before = this.#unfinished(needed);
    const group: Group = (kind === undefined ? undefined : this.#groupFor(i, kind, before)) ??
      { kind, members: [], after: new Set() };
    group.members.push(i);
    for (const each of before) group.after.add(each);
    this.#groups[i] = group;
    this.#waiting.add(group);
    this.#bound += this.#bytesRead([i]);
    if (kind === undefined) this.#run([group]);
    if (this.#waiting.size > MOST_WAITING) this.#run([...this.#waiting].slice(0, 1));
  }

  /** Runs all waiting groups. */
  finish() {
    this.#run(this.#waiting);
  }

  /** The first waiting group that an item can join. */
  #groupFor(i: number, kind: string, before: ReadonlySet<Group>): Group | undefined {
    return [...this.#waiting].find((group) =>
      group.kind === kind && !before.has(group) && this.#fits([...group.members, i])
    );
  }

  /** Groups that have not run, with those that have to run before them, in order. */
  #unfinished(groups: Iterable<Group>, found = new Set<Group>()): Set<Group> {
    for (const each of groups) {
      if (!this.#waiting.has(each) || found.has(each)) continue;
      this.#unfinished(each.after, found);
      found.add(each);
    }
    return found;
  }

  #run(groups: Iterable<Group>) {
    for (const each of this.#unfinished(groups)) {
      this.#waiting.delete(each);
      this.#bound -= this.#bytesRead(each.members);
      this.done.push(each.members);
    }
  }

  /** Runs groups until the bytes alive at an item are within the limit. */
  #makeRoom(i: number) {
    const alive = this.#alive[i]!;
    while (alive + this.#bound > this.#most) {
      const held = [...this.#waiting].map((group) => ({ group, size: this.#bytesHeld(group, i) }));
      if (alive + held.reduce((sum, { size }) => sum + size, 0) <= this.#most) return;
      this.#run([held.reduce((a, b) => b.size > a.size ? b : a).group]);
    }
  }

  /** The bytes that are alive at an item only because a group has not run. */
  #bytesHeld({ members }: Group, i: number): number {
    const isOver = (v: number) => (this.#lives.get(v)?.last ?? i) < i;
    const held = new Set(members.flatMap((m) => this.#items[m]!.reads.filter(isOver)));
    return [...held].reduce((sum, v) => sum + this.#bytes[v]!, 0);
  }

  #bytesRead(members: readonly number[]): number {
    return members.reduce(
      (sum, m) => this.#items[m]!.reads.reduce((all, v) => all + this.#bytes[v]!, sum),
      0,
    );
  }
}

/**
 * The batches of items, in execution order.
 *
 * @param items In a valid execution order.
 * @param bytes The bytes of each value that are freed after its last use; 0 for one that outlives the plan.
 * @param fits Whether items can run as one batch.
 */
export function batchDispatches(
  items: readonly Item[],
  bytes: readonly number[],
  fits: (members: readonly number[]) => boolean,
): number[][] {
  const batching = new Batching(items, bytes, fits);
  dependencies(items).forEach((needs, i) => batching.add(i, needs));
  batching.finish();
  return batching.done;
}
