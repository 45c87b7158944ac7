import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  bitsAt,
  foldWords,
  intAt,
  permutation,
  PURPOSE,
  seedWords,
  splitWords,
  threefry,
  type Words,
} from "../src/threefry.ts";

// Threefry-2x32, 20 rounds, from the known-answer tests of Random123 (kat_vectors).
const KNOWN: readonly (readonly [key: Words, counter: Words, answer: Words])[] = [
  [[0, 0], [0, 0], [0x6b200159, 0x99ba4efe]],
  [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x1cb996fc, 0xbb002be7]],
  [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], [0xc4923a9c, 0x483df7a0]],
];

for (const [key, counter, answer] of KNOWN) {
  Deno.test(`threefry() of counter ${counter} under key ${key} is the known answer`, () => {
    assertEquals(threefry(key, ...counter), answer);
  });
}

Deno.test("seedWords() gives the high and low 32 bits", () => {
  assertEquals(seedWords(0), [0, 0]);
  assertEquals(seedWords(2 ** 32 - 1), [0, 2 ** 32 - 1]);
  assertEquals(seedWords(2 ** 32 + 5), [1, 5]);
  assertEquals(seedWords(2 ** 53 - 1), [2 ** 21 - 1, 2 ** 32 - 1]);
});

for (const seed of [-1, 0.5, 2 ** 53, NaN, Infinity]) {
  Deno.test(`seedWords() rejects ${seed}`, () => {
    assertThrows(() => seedWords(seed), RangeError, `2^53 - 1, found ${seed}`);
  });
}

Deno.test("bitsAt(), splitWords() and foldWords() use one key for purposes of their own", () => {
  const key: Words = [1, 2];
  assertEquals(bitsAt(key, 7), threefry(key, 7, PURPOSE.bits)[0]);
  assertEquals(splitWords(key, 7), threefry(key, 7, PURPOSE.split));
  assertEquals(foldWords(key, 7), threefry(key, 7, PURPOSE.fold));
  assertEquals(new Set(Object.values(PURPOSE)).size, 3);
});

Deno.test("intAt() is even over 0…n-1", () => {
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) counts[intAt([3, 4], i, 10)]!++;
  // Six standard deviations of a count: 6 · √(10,000 · 0.1 · 0.9) = 180.
  assert(counts.every((count) => Math.abs(count - 1000) < 180), String(counts));
});

Deno.test("permutation() holds each number once, in an order that the key decides", () => {
  const order = permutation(100, [1, 2]);
  assertEquals([...order].sort((a, b) => a - b), [...Array(100).keys()]);
  assertEquals(order, permutation(100, [1, 2]));
  assertNotEquals(order, permutation(100, [1, 3]));
  assertNotEquals([...order], [...Array(100).keys()]);
  assertEquals([...permutation(0, [0, 0]), ...permutation(1, [0, 0])], [0]);
});
