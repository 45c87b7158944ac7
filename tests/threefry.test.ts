import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  bitsAt,
  foldKeyData,
  intAt,
  type KeyData,
  keyData,
  permutation,
  PURPOSE,
  splitKeyData,
  threefry,
} from "../src/threefry.ts";

// Threefry-2x32, 20 rounds, from the known-answer tests of Random123 (kat_vectors).
const KNOWN: readonly (readonly [key: KeyData, counter: KeyData, answer: KeyData])[] = [
  [[0, 0], [0, 0], [0x6b200159, 0x99ba4efe]],
  [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x1cb996fc, 0xbb002be7]],
  [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], [0xc4923a9c, 0x483df7a0]],
];

for (const [key, counter, answer] of KNOWN) {
  Deno.test(`threefry() of counter ${counter} under key ${key} is the known answer`, () => {
    assertEquals(threefry(key, ...counter), answer);
  });
}

Deno.test("keyData() returns the high and low 32 bits", () => {
  assertEquals(keyData(0), [0, 0]);
  assertEquals(keyData(2 ** 32 - 1), [0, 2 ** 32 - 1]);
  assertEquals(keyData(2 ** 32 + 5), [1, 5]);
  assertEquals(keyData(2 ** 53 - 1), [2 ** 21 - 1, 2 ** 32 - 1]);
});

for (const seed of [-1, 0.5, 2 ** 53, NaN, Infinity]) {
  Deno.test(`keyData() rejects ${seed}`, () => {
    assertThrows(() => keyData(seed), RangeError, `2^53 - 1, found ${seed}`);
  });
}

Deno.test("bitsAt(), splitKeyData() and foldKeyData() derive independent bits from one key", () => {
  const key: KeyData = [1, 2];
  assertEquals(bitsAt(key, 7), threefry(key, 7, PURPOSE.bits)[0]);
  assertEquals(splitKeyData(key, 7), threefry(key, 7, PURPOSE.split));
  assertEquals(foldKeyData(key, 7), threefry(key, 7, PURPOSE.fold));
  assertEquals(new Set(Object.values(PURPOSE)).size, 3);
});

Deno.test("intAt() is even over 0…n-1", () => {
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) counts[intAt([3, 4], i, 10)]!++;
  // Six standard deviations of a count: 6 · √(10,000 · 0.1 · 0.9) = 180.
  assert(counts.every((count) => Math.abs(count - 1000) < 180), String(counts));
});

Deno.test("permutation() contains each number once, in an order determined by the key", () => {
  const order = permutation(100, [1, 2]);
  assertEquals([...order].sort((a, b) => a - b), [...Array(100).keys()]);
  assertEquals(order, permutation(100, [1, 2]));
  assertNotEquals(order, permutation(100, [1, 3]));
  assertNotEquals([...order], [...Array(100).keys()]);
  assertEquals([...permutation(0, [0, 0]), ...permutation(1, [0, 0])], [0]);
});

Deno.test("permutation() shuffles evenly, the first element and those that stay in place included", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = permutation(3, keyData(seed)).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const found = [...counts.values()];
  assertEquals(found.length, 6);
  // Each of 6 orders 1000 times, with a standard deviation of 29.
  assert(found.every((count) => Math.abs(count - 1000) < 150), `${found}`);
});

Deno.test("permutation() draws every swap from a word of its own", () => {
  // Computed from Threefry in Python too.
  assertEquals([...permutation(12, keyData(5))], [11, 8, 4, 1, 0, 6, 2, 5, 10, 3, 7, 9]);
});
