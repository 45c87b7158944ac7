import { assertEquals } from "@std/assert";
import { startHelper } from "../../src/data/helper.ts";
import { prepareMnist } from "../../src/data/preprocess.ts";
import { pictures } from "./fixtures.ts";
import { countWorkers } from "./workers.ts";

const size = { height: 4, width: 4, channels: 1 };
const { train } = prepareMnist(pictures({ count: 40, ...size }), pictures({ count: 1, ...size }));

Deno.test("startHelper() starts another thread where one has left for want of work", async () => {
  using workers = countWorkers();
  const course = { train, batch: 8, epochs: 1e6, key: [1, 2] as const };
  using helper = startHelper(course, 20)!;
  let n = 0;
  for (const started of [1, 2, 3]) {
    // Until this thread has made a batch, and been idle thereafter.
    for (const late = Date.now() + 20_000; !helper.take(n++) && Date.now() < late;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assertEquals(workers.started, started);
    await new Promise((resolve) => setTimeout(resolve, 500));
    helper.take(n++);
  }
});
