import { assertEquals } from "@std/assert";
import {
  countBatches,
  type LoaderOptions,
  remainingBatches,
  trainingBatchMaker,
} from "../../../src/data/loader/training_sampler.ts";
import { openLoader } from "../../../src/data/loader/loader.ts";
import { prepareCifar } from "../../../src/data/preprocess.ts";
import { pictures } from "../fixtures.ts";

const splits = prepareCifar(
  pictures({ count: 20, height: 5, width: 4 }),
  pictures({ count: 9, height: 5, width: 4 }),
);
const options: LoaderOptions = { ...splits, batch: 6, epochs: 3, key: [1, 2], augment: true };

Deno.test("training resumed at any step gets the same batches as uninterrupted training", () => {
  assertEquals([countBatches(options), remainingBatches(options)], [
    { train: 3, test: 2 },
    15,
  ]);
  const whole = trainingBatchMaker(options), all = Array.from({ length: 15 }, (_, i) => whole(i));
  for (let from = 0; from <= 15; from++) {
    const rest = { ...options, from };
    assertEquals(remainingBatches(rest), 15 - from);
    using loader = openLoader(rest, false);
    let at = from;
    for (const batch of loader.take(15 - from)) assertEquals(batch, all[at++], `from ${from}`);
    assertEquals(at, 15);
  }
});
