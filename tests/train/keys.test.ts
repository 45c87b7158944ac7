import { assertEquals, assertThrows } from "@std/assert";
import { runKeys } from "../../src/train/keys.ts";

Deno.test("runKeys() gives different keys for every purpose and seed, the same each time", () => {
  const words = (seed: number) => {
    const { weights, dropout, batches, calibration } = runKeys(seed);
    return [[...weights.data!], [...dropout.data!], [...batches], [...calibration]];
  };
  assertEquals(words(7), words(7));
  const all = [...words(0), ...words(1)].map(String);
  assertEquals(new Set(all).size, 8);
  assertThrows(() => runKeys(-1), RangeError, "seed");
});
