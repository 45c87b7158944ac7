import { assertEquals } from "@std/assert";
import { LruCache } from "../../src/memory/lru_cache.ts";

Deno.test("LruCache creates a value once and evicts the least recently used one", () => {
  const made: string[] = [], dropped: string[] = [];
  const cache = new LruCache<string>(2, (value) => dropped.push(value));
  const get = (name: string) =>
    cache.get(name, () => {
      made.push(name);
      return name.toUpperCase();
    });
  assertEquals(["a", "b", "a", "c", "a", "b"].map(get), ["A", "B", "A", "C", "A", "B"]);
  assertEquals(made, ["a", "b", "c", "b"]);
  assertEquals(dropped, ["B", "C"]);
  assertEquals(cache.size, 2);
});

Deno.test("LruCache caches nothing where creating a value throws", () => {
  const cache = new LruCache<number>(2, () => {});
  try {
    cache.get("a", () => {
      throw new Error("no");
    });
  } catch { /* expected */ }
  assertEquals([cache.size, cache.get("a", () => 1)], [0, 1]);
});
