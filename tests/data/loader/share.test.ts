import { assertEquals } from "@std/assert";
import { openLoader } from "../../../src/data/loader/loader.ts";
import { shareOf } from "../../../src/data/loader/share.ts";
import { prepareCifar, procedural } from "../../../src/data/mod.ts";
import { keyData } from "../../../src/random.ts";

Deno.test("shares of a batch follow each other and are as even as possible", () => {
  for (const [examples, size] of [[8, 1], [8, 2], [7, 3], [13, 5], [3, 3]] as const) {
    const shares = Array.from({ length: size }, (_, rank) => shareOf(examples, { rank, size }));
    let next = 0;
    for (const { first, count } of shares) {
      assertEquals(first, next);
      next += count;
    }
    assertEquals(next, examples);
    const counts = shares.map(({ count }) => count);
    assertEquals(Math.max(...counts) - Math.min(...counts) <= 1, true);
  }
});

const [train, test] = (["train", "test"] as const).map((split) =>
  procedural({ split, count: split === "train" ? 40 : 17, size: 16 })
) as [ReturnType<typeof procedural>, ReturnType<typeof procedural>];
const source = prepareCifar(train, test);

for (const prefetch of [false, true]) {
  Deno.test(`the shares of all processes are the whole batches${prefetch ? ", prefetched" : ""}`, () => {
    const options = { ...source, batch: 7, epochs: 2, key: keyData(3), augment: true };
    const batches = 2 * (5 + 3), size = 3;
    const load = (rank?: { rank: number; size: number }) => {
      using loader = openLoader({ ...options, rank }, prefetch);
      return Array.from(loader.take(batches), (batch) => ({
        ...batch,
        images: [...batch.images],
        labels: [...batch.labels],
      }));
    };
    const whole = load(), parts = [0, 1, 2].map((rank) => load({ rank, size }));
    whole.forEach(({ images, labels, count, index }, i) => {
      const shares = parts.map((part) => part[i]!);
      assertEquals(shares.flatMap((share) => share.images), images);
      assertEquals(shares.flatMap((share) => share.labels), labels);
      assertEquals(shares.reduce((sum, share) => sum + share.count, 0), count);
      assertEquals(shares.map((share) => share.index), [index, index, index]);
    });
  });
}
