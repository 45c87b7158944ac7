import { assert } from "@std/assert";
import { startPrefetching } from "../../../src/data/loader/prefetch.ts";
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
