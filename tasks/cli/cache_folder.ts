/**
 * The folder in which downloaded data is stored.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { fromCaller } from "./caller.ts";

/** What the folder depends on. */
export interface Platform {
  /** The operating system, as in `Deno.build.os`. */
  readonly os: string;
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
}

const HERE: Platform = { os: Deno.build.os, env: (name) => Deno.env.get(name) };

/** The user's folder for caches on this platform; undefined where the environment names none. */
function userCache({ os, env }: Platform): string | undefined {
  const home = env("HOME");
  if (os === "windows") return env("LOCALAPPDATA");
  if (os === "darwin") return home && `${home}/Library/Caches`;
  const xdg = env("XDG_CACHE_HOME");
  // The XDG specification has relative paths ignored.
  return xdg?.startsWith("/") ? xdg : home && `${home}/.cache`;
}

/**
 * The folder that GOODINIT_CACHE names, or `goodinit` in the user's cache: $XDG_CACHE_HOME or ~/.cache,
 * ~/Library/Caches on macOS, %LOCALAPPDATA% on Windows. Throws a DataError where the environment
 * names none.
 */
export function cacheFolder(platform: Platform = HERE): string {
  const own = platform.env("GOODINIT_CACHE"), cache = userCache(platform);
  if (own) return fromCaller(own);
  if (cache) return `${cache}/goodinit`;
  const name = platform.os === "windows" ? "LOCALAPPDATA" : "HOME";
  throw new DataError(
    `expected a folder to store data in, from the environment variable ${name} or GOODINIT_CACHE, found none`,
  );
}
