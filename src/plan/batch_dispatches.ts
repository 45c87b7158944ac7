/**
 * Which of a list of dispatches run as one: those of a kind that do not need one another. To meet, they
 * wait for each other, but not so long that what they read would take much more memory.
 *
 * @module
 */
import { bytesAlive, lifetimes, type Touches } from "./lifetimes.ts";

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
  const needs = dependencies(items), lives = lifetimes(items, bytes);
  const alive = bytesAlive(lives.values(), items.length);
  const most = (1 + SLACK) * alive.reduce((a, b) => Math.max(a, b), 0);
  const waiting = new Set<Group>(), done: number[][] = [], groupOf: Group[] = [];
  const before = (groups: Iterable<Group>, found = new Set<Group>()): Set<Group> => {
    for (const each of groups) {
      if (!waiting.has(each) || found.has(each)) continue;
      before(each.after, found);
      found.add(each);
    }
    return found;
  };
  const run = (groups: Iterable<Group>) => {
    for (const each of before(groups)) {
      waiting.delete(each);
      bound -= readBy(each.members);
      done.push(each.members);
    }
  };
  /** Bytes that would be free before item i if a group had run. */
  const heldBy = ({ members }: Group, i: number) => {
    const held = new Set(
      members.flatMap((m) => items[m]!.reads.filter((v) => (lives.get(v)?.last ?? i) < i)),
    );
    return [...held].reduce((sum, v) => sum + bytes[v]!, 0);
  };
  /** No less than what all groups that wait hold. */
  let bound = 0;
  const readBy = (members: readonly number[]) =>
    members.reduce((sum, m) => items[m]!.reads.reduce((all, v) => all + bytes[v]!, sum), 0);
  const makeRoom = (i: number) => {
    while (alive[i]! + bound > most) {
      const held = [...waiting].map((each) => ({ each, size: heldBy(each, i) }));
      if (alive[i]! + held.reduce((sum, { size }) => sum + size, 0) <= most) return;
      run([held.reduce((a, b) => b.size > a.size ? b : a).each]);
    }
  };
  items.forEach(({ kind }, i) => {
    makeRoom(i);
    const first = new Set(needs[i]!.map((n) => groupOf[n]!));
    if (kind === undefined) run(first);
    const open = before(first);
    const host = kind === undefined
      ? undefined
      : [...waiting].find((each) =>
        each.kind === kind && !open.has(each) && fits([...each.members, i])
      );
    const own: Group = host ?? { kind, members: [], after: new Set() };
    own.members.push(i);
    for (const each of open) own.after.add(each);
    groupOf[i] = own;
    waiting.add(own);
    bound += readBy([i]);
    if (kind === undefined) run([own]);
    if (waiting.size > MOST_WAITING) run([...waiting].slice(0, 1));
  });
  run(waiting);
  return done;
}
