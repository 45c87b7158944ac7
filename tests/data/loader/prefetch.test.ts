import { assert, assertEquals } from "@std/assert";
import { startPrefetching } from "../../../src/data/loader/prefetch.ts";
import { trainingBatchMaker } from "../../../src/data/loader/training_sampler.ts";
import { prepareMnist } from "../../../src/data/preprocess.ts";
import { SLOTS } from "../../../src/data/loader/ring_buffer.ts";
import { pictures } from "../fixtures.ts";
import { countWorkers } from "./workers.ts";
import { pause } from "../../pause.ts";

const size = { height: 4, width: 4, channels: 1 };
const { train } = prepareMnist(pictures({ count: 40, ...size }), pictures({ count: 1, ...size }));

Deno.test("startPrefetching() starts another worker where one has left for want of work", async () => {
  using workers = countWorkers();
  using prefetcher = startPrefetching({ train, batch: 8, epochs: 1e6, key: [1, 2] }, 50)!;
  for (let n = 0, round = 1; round <= 3; round++) {
    // More than can lie there since the round before.
    for (let made = 0, tries = 0; made < 2 * SLOTS; tries++) {
      assert(tries < 4000, `round ${round}: ${made} batches made`);
      if (prefetcher.take(n++)) made++;
      else await pause(5);
    }
    assert(workers.started >= round, `round ${round}: ${workers.started} workers`);
    await pause(500);
  }
});

Deno.test("startPrefetching() makes in its worker what is made here, numbers to predict included", async () => {
  const labels = Float32Array.from({ length: 40 }, (_, i) => i + 0.25);
  const numbers = { ...train, dataset: { ...train.dataset, labels, classes: 1 } };
  for (const source of [train, numbers]) {
    const options = { train: source, batch: 8, epochs: 100, key: [1, 2] as const };
    const make = trainingBatchMaker(options);
    using prefetcher = startPrefetching(options)!;
    let compared = 0;
    for (let n = 0; n < 500 && compared < 3; n++) {
      const batch = prefetcher.take(n);
      if (batch) {
        assertEquals(batch, make(n));
        compared++;
      } else await pause(10);
    }
    assertEquals(compared, 3);
  }
});
