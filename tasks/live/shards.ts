/**
 * The programs that share a grid's runs, as the live page shows them, from the files by which they lock.
 *
 * @module
 */
import { readShards } from "../experiments/shards/registry.ts";
import { ABANDONED, type Owner, readOwner, RENEWED } from "../run/owner.ts";
import { Signs } from "./signs.ts";
import type { ShardState, ShardView } from "./view.ts";

/** A run that a program has locked, and how long ago that renewed its file, in milliseconds. */
export interface LockedRun {
  readonly run: string;
  readonly owner: Owner;
  readonly since: number;
}

/** Milliseconds without a sign of life after which a program is shown as silent, and after which as gone. */
const SILENT = 3000 * RENEWED, GONE = 1000 * ABANDONED;

/** Whether a program is taken for gone. */
export const isGone = ({ since }: Pick<LockedRun, "since">): boolean => since >= GONE;

const keyOf = ({ host, process }: Owner): string => `${host} ${process}`;

const tokenOf = ({ token, host, process, since }: Owner): string =>
  token ?? `${host} ${process} ${since}`;

function stateOf(since: number, runs: readonly unknown[]): ShardState {
  if (since >= GONE) return "gone";
  if (since >= SILENT) return "silent";
  return runs.length > 0 ? "training" : "waiting";
}

/** A shard, by the runs that its program has locked. */
function shardView(
  name: string | null,
  owner: Owner,
  since: number,
  runs: readonly LockedRun[],
): ShardView {
  const { job = null, host, process } = owner;
  const first = runs.map((each) => Date.parse(each.owner.since)).sort((a, b) => a - b)[0];
  return {
    name,
    job,
    host,
    process,
    state: stateOf(since, runs),
    runs: runs.map(({ run }) => run),
    began: first ?? Date.parse(owner.since),
    silent: since >= SILENT ? Math.round(since / 1000) : 0,
  };
}

/** Looks at the locks in a folder of results from time to time. */
export class ShardWatch {
  readonly #out: string;
  readonly #signs = new Signs();
  /** The locks of the last look: one that stands for moments only is no training. */
  #before: ReadonlySet<string> = new Set();

  constructor(out: string) {
    this.#out = out;
  }

  /** Those of some runs that are locked, for longer than a moment. */
  async lockedRuns(runs: readonly string[]): Promise<readonly LockedRun[]> {
    const found = (await Promise.all(runs.map(async (run) => {
      const lock = await readOwner(`${this.#out}/${run}`);
      if (!lock) return [];
      const { owner, renewed } = lock, key = tokenOf(owner);
      return [{ run, owner, since: this.#signs.since(key, renewed) }];
    }))).flat();
    const before = this.#before;
    this.#before = new Set(found.map(({ owner }) => tokenOf(owner)));
    return found.filter(({ owner }) => before.has(tokenOf(owner)));
  }

  /** All programs: the registered shards, and others that have locked a run. */
  async shards(locked: readonly LockedRun[]): Promise<readonly ShardView[]> {
    const registered = await readShards(this.#out);
    const views = registered.map(({ shard: { index, count }, owner, renewed }) => {
      const since = this.#signs.since(tokenOf(owner), renewed);
      const own = locked.filter((each) => keyOf(each.owner) === keyOf(owner));
      return { index, view: shardView(`${index} of ${count}`, owner, since, own) };
    });
    const lives = new Set(
      views.filter(({ view }) => view.state !== "gone").map(({ index }) => index),
    );
    const known = new Set(registered.map(({ owner }) => keyOf(owner)));
    const others = Map.groupBy(
      locked.filter(({ owner }) => !known.has(keyOf(owner))),
      ({ owner }) => keyOf(owner),
    );
    return [
      // One that is gone is shown until it has been started again.
      ...views.filter(({ index, view }) => view.state !== "gone" || !lives.has(index))
        .map(({ view }) => view),
      ...[...others.values()].map((own) =>
        shardView(null, own[0]!.owner, Math.min(...own.map(({ since }) => since)), own)
      ),
    ];
  }
}
