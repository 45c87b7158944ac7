import { assertEquals } from "@std/assert";
import { batchesOf, type Course, lengthOf, makerOf } from "../../../src/data/loader/sampler.ts";
import { openFeed } from "../../../src/data/loader/loader.ts";
import { prepareCifar } from "../../../src/data/preprocess.ts";
import { pictures } from "../fixtures.ts";

const splits = prepareCifar(
  pictures({ count: 20, height: 5, width: 4 }),
  pictures({ count: 9, height: 5, width: 4 }),
);
const course: Course = { ...splits, batch: 6, epochs: 3, key: [1, 2], augment: true };

Deno.test("a course from any place on gives the batches that the whole one has there", () => {
  assertEquals([batchesOf(course), lengthOf(course)], [{ training: 3, testing: 2 }, 15]);
  const whole = makerOf(course), all = Array.from({ length: 15 }, (_, i) => whole(i));
  for (let from = 0; from <= 15; from++) {
    const rest = { ...course, from };
    assertEquals(lengthOf(rest), 15 - from);
    using feed = openFeed(rest, false);
    let at = from;
    for (const batch of feed.take(15 - from)) assertEquals(batch, all[at++], `from ${from}`);
    assertEquals(at, 15);
  }
});
