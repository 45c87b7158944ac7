/**
 * Buffers: no two values that are alive at once share one, whatever their sizes.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { assignBuffers } from "../../src/plan/buffer_assignment.ts";
import { bytesAlive } from "../../src/plan/lifetimes.ts";
import { hash } from "../devices.ts";

Deno.test("a step does not store its result in what it reads", () => {
  const { bufferOf } = assignBuffers([
    { bytes: 100, first: 0, last: 1 },
    { bytes: 100, first: 1, last: 2 },
  ]);
  assertNotEquals(bufferOf[0], bufferOf[1]);
});

Deno.test("values that are alive at once are apart, and buffers are as large as their values", () => {
  for (let seed = 0; seed < 40; seed++) {
    const values = Array.from({ length: 30 }, (_, i) => {
      const first = hash(3 * i, seed) % 40;
      return {
        bytes: 1 + hash(3 * i + 1, seed) % 5,
        first,
        last: first + hash(3 * i + 2, seed) % 8,
      };
    });
    const { sizes, bufferOf } = assignBuffers(values);
    values.forEach((a, i) => {
      assert(sizes[bufferOf[i]!]! >= a.bytes);
      values.slice(0, i).forEach((b, j) => {
        const meet = a.first <= b.last && b.first <= a.last;
        assert(!meet || bufferOf[i] !== bufferOf[j], `seed ${seed}: ${i} and ${j}`);
      });
    });
  }
});

Deno.test("bytesAlive() counts a value from its first step to its last", () => {
  const lives = [{ bytes: 3, first: 0, last: 2 }, { bytes: 5, first: 2, last: 2 }];
  assertEquals([...bytesAlive(lives, 4)], [3, 3, 8, 0, 0]);
});
