import { assert, assertEquals } from "@std/assert";
import { batchDispatches, type Item } from "../../src/plan/batch_dispatches.ts";

const item = (reads: number[], writes: number[], kind = "small"): Item => ({ reads, writes, kind });
const alone = (reads: number[], writes: number[]): Item => ({ reads, writes });
const any = () => true;
const upTo = (most: number) => (members: readonly number[]) => members.length <= most;

Deno.test("batchDispatches() merges independent items, in a valid order", () => {
  // Two chains of a large item, a small one after it, and a sum of both.
  const items = [
    alone([0], [1]),
    item([1], [2]),
    alone([0], [3]),
    item([3], [4]),
    item([2, 4], [5]),
  ];
  assertEquals(batchDispatches(items, [99, 1, 1, 1, 1, 1], any), [[0], [2], [1, 3], [4]]);
});

Deno.test("batchDispatches() merges items of one kind only, within limits", () => {
  const items = Array.from({ length: 6 }, (_, i) => item([0], [i + 1], i < 2 ? "a" : "b"));
  assertEquals(batchDispatches(items, new Array(7).fill(1), upTo(3)), [[0, 1], [2, 3, 4], [5]]);
});

Deno.test("batchDispatches() runs what is waited for before it", () => {
  const items = [item([0], [1]), item([0], [2]), alone([1], [3]), item([3], [4]), item([2], [5])];
  assertEquals(batchDispatches(items, new Array(6).fill(1), any), [[0, 1], [2], [3, 4]]);
});

Deno.test("batchDispatches() preserves the order of writes to the same value", () => {
  const items = [alone([], [1]), item([1], [2]), alone([1], [1]), item([1], [3])];
  assertEquals(batchDispatches(items, [0, 1, 1, 1], any), [[0], [1], [2], [3]]);
});

Deno.test("batchDispatches() does not wait where that would take more memory", () => {
  const items = [0, 2, 4].flatMap((v) => [alone([], [v]), item([v], [v + 1])]);
  assertEquals(batchDispatches(items, [100, 1, 100, 1, 100, 1], any), [[0], [1], [2], [3], [4], [
    5,
  ]]);
  // A value that lives all the time is so large that the others do not matter.
  const all = [alone([], [6]), ...items, alone([6], [7])];
  const order = [[0], [1], [3], [5], [7], [2, 4, 6]];
  assertEquals(batchDispatches(all, [1, 1, 1, 1, 1, 1, 100, 1], any), order);
});

Deno.test("batchDispatches() keeps all items, each after its dependencies, for random graphs", () => {
  let state = 7;
  const draw = (n: number) => (state = (state * 48271) % 2147483647) % n;
  for (let round = 0; round < 200; round++) {
    const items: Item[] = Array.from({ length: 30 }, (_, i) => {
      const reads = Array.from({ length: draw(4) }, () => draw(i + 1));
      const writes = [i + 1, ...(draw(5) === 0 ? [draw(i + 1)] : [])];
      return draw(3) ? item(reads, writes, "ab"[draw(2)]) : alone(reads, writes);
    });
    const groups = batchDispatches(items, items.concat(items).map(() => draw(1000)), upTo(5));
    const placeOf = new Map(groups.flatMap((members, at) => members.map((i) => [i, at])));
    assertEquals([...placeOf.keys()].sort((a, b) => a - b), items.map((_, i) => i));
    for (const members of groups) {
      assert(members.length <= 5 && new Set(members.map((i) => items[i]!.kind)).size === 1);
    }
    items.forEach((later, j) =>
      items.slice(0, j).forEach((earlier, i) => {
        const conflict = [...later.reads, ...later.writes].some((v) =>
          earlier.writes.includes(v)
        ) ||
          later.writes.some((v) => earlier.reads.includes(v));
        if (conflict) assert(placeOf.get(i)! < placeOf.get(j)!, `item ${j} before ${i}`);
      })
    );
  }
});

Deno.test("batchDispatches() handles long chains and many independent items", () => {
  const count = 20_000, many = Array.from({ length: count }, (_, i) => i);
  const chain = many.map((i) => ({ reads: [i], writes: [i + 1], kind: "a" }));
  const one = batchDispatches(chain, new Array(count + 1).fill(4), () => true);
  assertEquals(one.flat(), many);
  const crowd = many.map((i) => ({ reads: [0], writes: [i + 1], kind: "a" }));
  const rows = batchDispatches(
    crowd,
    new Array(count + 1).fill(0),
    (members) => members.length <= 8,
  );
  assertEquals(rows.length, count / 8);
  assertEquals(rows.flat().toSorted((a, b) => a - b), many);
});
