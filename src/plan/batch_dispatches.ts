/**
 * Which of a list of dispatches run as one: those of a kind that do not need one another. To meet, they
 * wait for each other, but not so long that what they read would take much more memory.
 *
 * @module
 */
import { bytesAlive, type Lifetime, lifetimes, type Touches } from "./lifetimes.ts";

/** A dispatch by the values that it touches. */
export interface Item extends Touches {
  /** Only items of one kind run as one; absent for an item that stays alone. */
  readonly kind?: string;
}

/** The most groups that wait: what is found out for an item takes time in proportion to their number. */
const MOST_WAITING = 128;

/** By how much waiting may raise the most memory that is busy at once. */
const SLACK = 1 / 16;

/** Dispatches that run as one. */
interface Group {
  readonly kind: string | undefined;
  readonly members: number[];
  /** Groups that have to run before. */
  readonly after: Set<Group>;
}

/** For each item: the earlier ones that it has to come after. */
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

/** Groups that wait for more members, and those that have run. */
class Batching {
  readonly done: number[][] = [];
  readonly #items: readonly Item[];
  readonly #bytes: readonly number[];
  readonly #fits: (members: readonly number[]) => boolean;
  readonly #lives: ReadonlyMap<number, Lifetime>;
  readonly #alive: Float64Array;
  /** The most bytes that may be busy at once. */
  readonly #most: number;
  readonly #waiting = new Set<Group>();
  /** By item. */
  readonly #groups: Group[] = [];
  /** No less than the bytes that all groups that wait hold. */
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

  /** Lets an item wait in a group of its kind or one of its own; one without a kind runs at once. */
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

  /** Runs all that wait still. */
  finish() {
    this.#run(this.#waiting);
  }

  /** The first group that waits and that an item can join. */
  #groupFor(i: number, kind: string, before: ReadonlySet<Group>): Group | undefined {
    return [...this.#waiting].find((group) =>
      group.kind === kind && !before.has(group) && this.#fits([...group.members, i])
    );
  }

  /** Groups, and all that have to run before them, of those that have not run; in order. */
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

  /** Runs groups until what they hold leaves room for what is alive at an item. */
  #makeRoom(i: number) {
    const alive = this.#alive[i]!;
    while (alive + this.#bound > this.#most) {
      const held = [...this.#waiting].map((group) => ({ group, size: this.#bytesHeld(group, i) }));
      if (alive + held.reduce((sum, { size }) => sum + size, 0) <= this.#most) return;
      this.#run([held.reduce((a, b) => b.size > a.size ? b : a).group]);
    }
  }

  /** Bytes that would be free before an item if a group had run. */
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
 * The items in a new order, those that run as one together.
 *
 * @param items In an order in which they could run.
 * @param bytes For each value, what is free again after its last use; 0 for one that stays.
 * @param fits Whether some items can run as one.
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
