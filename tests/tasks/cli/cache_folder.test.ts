import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../../src/data/mod.ts";
import { cacheFolder } from "../../../tasks/cli/cache_folder.ts";

const on = (os: string, variables: Record<string, string>) =>
  cacheFolder({ os, env: (name) => variables[name] });

Deno.test("cacheFolder() is the platform's cache folder", () => {
  assertEquals(on("linux", { HOME: "/home/a" }), "/home/a/.cache/goodinit");
  assertEquals(on("linux", { HOME: "/home/a", XDG_CACHE_HOME: "/big" }), "/big/goodinit");
  assertEquals(
    on("linux", { HOME: "/home/a", XDG_CACHE_HOME: "relative" }),
    "/home/a/.cache/goodinit",
  );
  assertEquals(on("darwin", { HOME: "/Users/a" }), "/Users/a/Library/Caches/goodinit");
  assertEquals(on("windows", { LOCALAPPDATA: "C:\\a" }), "C:\\a/goodinit");
});

Deno.test("cacheFolder() is GOODINIT_CACHE where that is set", () => {
  assertEquals(on("linux", { HOME: "/home/a", GOODINIT_CACHE: "data" }), "data");
});

Deno.test("cacheFolder() throws where the environment names none", () => {
  assertThrows(
    () => on("linux", {}),
    DataError,
    "from the environment variable HOME or GOODINIT_CACHE, found none",
  );
  assertThrows(() => on("windows", { HOME: "/home/a" }), DataError, "variable LOCALAPPDATA or");
});
