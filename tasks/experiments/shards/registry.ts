/**
 * Which programs share a grid's runs, as files beside the runs: each holds a folder of its own locked while it
 * lives, so that its file is renewed and tells whether it is gone.
 *
 * @module
 */
import { lockNewFolder } from "../../run/lock.ts";
import { type Owner, readOwner } from "../../run/owner.ts";
import type { Shard } from "./scheduler.ts";

/** The folder of the shards in a folder of results. */
const shardsIn = (out: string): string => `${out}/shards`;

/** A program that shares a grid's runs, as its file says. */
export interface FoundShard {
  readonly shard: Shard;
  readonly owner: Owner;
  /** When it last renewed its file, by the clock of the machine whose disk that is on. */
  readonly renewed: number;
}

/** Registers this program as a shard until disposed of. */
export async function registerShard(
  out: string,
  { index, count }: Shard,
): Promise<AsyncDisposable> {
  // Of its own name, so that one which is started again waits for none that is gone.
  const folder = `${shardsIn(out)}/${index}-of-${count}-${crypto.randomUUID().slice(0, 8)}`;
  const lock = await lockNewFolder(folder);
  return {
    [Symbol.asyncDispose]: async () => {
      lock[Symbol.dispose]();
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      // Not while others are in it.
      await Deno.remove(shardsIn(out)).catch(() => {});
    },
  };
}

/** Removes what all shards have left, once no run is left to them. */
export const removeShards = (out: string): Promise<void> =>
  Deno.remove(shardsIn(out), { recursive: true }).catch(() => {});

/** The names of the folders of shards. */
async function namesIn(out: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(shardsIn(out)))).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** The shard that a folder's name says. */
function shardOf(name: string): Shard | undefined {
  const [, index, count] = /^(\d+)-of-(\d+)-/.exec(name)?.map(Number) ?? [];
  return index && count ? { index, count } : undefined;
}

/** The shards that share a folder of results, by their numbers. */
export async function readShards(out: string): Promise<readonly FoundShard[]> {
  const all = await Promise.all((await namesIn(out)).map(async (name) => {
    const shard = shardOf(name), found = await readOwner(`${shardsIn(out)}/${name}`);
    return shard && found ? [{ shard, ...found }] : [];
  }));
  return all.flat().sort((a, b) => a.shard.index - b.shard.index);
}
