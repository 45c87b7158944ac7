import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Batch } from "../../../src/data/loader/collate.ts";
import { testBatches, trainBatches } from "../../../src/data/loader/batches.ts";
import type { LoaderOptions } from "../../../src/data/loader/training_sampler.ts";
import { type Loader, openLoader } from "../../../src/data/loader/loader.ts";
import { prepareCifar } from "../../../src/data/preprocess.ts";
import type { Prepared } from "../../../src/data/prepared.ts";
import { pictures } from "../fixtures.ts";
import { countWorkers, without } from "./workers.ts";
import { pause } from "../../pause.ts";

const splits = prepareCifar(
  pictures({ count: 90, height: 9, width: 7 }),
  pictures({ count: 21, height: 9, width: 7 }),
);
const options: LoaderOptions = { ...splits, batch: 16, epochs: 40, key: [3, 14], augment: true };
/** Windows of images that stand for whitened ones. */
function whitened(source: Prepared): Prepared {
  const { mean, dataset: { count } } = source;
  const images = Float32Array.from({ length: count * mean.length }, (_, i) => i / 3);
  return {
    ...source,
    window: { height: 5, width: 6 },
    whitened: { by: { mean, matrix: mean }, images },
  };
}
/** Batches of an epoch: 5 of training, 2 of testing. */
const EPOCH = 7;

/** What the options should give, batch by batch. */
function* expected({ train, test, batch, epochs, key, augment }: LoaderOptions): Generator<Batch> {
  for (let epoch = 0; epoch < epochs; epoch++) {
    yield* trainBatches(train, { batch, key, epoch, augment });
    if (test) yield* testBatches(test, { batch });
  }
}

const isShared = ({ images }: Batch) => (images.buffer as unknown) instanceof SharedArrayBuffer;

/** Takes so many batches that a worker has made, each compared with what it should be. */
async function compareShared(loader: Loader, of: LoaderOptions, wanted: number): Promise<void> {
  const should = expected(of);
  let shared = 0;
  for (const batch of loader.take(of.epochs * EPOCH)) {
    assertEquals(batch, should.next().value);
    if (isShared(batch)) shared++;
    else await pause(10);
    if (shared === wanted) return;
  }
  throw new Error(`expected ${wanted} batches of a worker, found ${shared}`);
}

Deno.test("openLoader() returns every batch of a training in order", () => {
  using loader = openLoader(options);
  const should = [...expected(options)];
  let n = 0;
  for (const batch of loader.take(should.length)) assertEquals(batch, should[n++]);
  assertEquals(n, options.epochs * EPOCH);
});

Deno.test("openLoader() returns the same batches where a worker prefetches them", async () => {
  const { test } = prepareCifar(pictures({ count: 1 }), pictures({ count: 21 }));
  const long = { ...options, epochs: 1000 };
  const white = { ...long, train: whitened(long.train), test: whitened(test) };
  const cases = [long, { ...long, augment: false, test: undefined }, { ...long, test }, white];
  for (const each of cases) {
    using loader = openLoader(each, true);
    await compareShared(loader, each, 60);
  }
});

Deno.test("openLoader() interleaves training and test batches", () => {
  using loader = openLoader(options, false);
  const training = loader.take(10), epochs: [number, number][] = [];
  const note = (batch: Batch | void) => batch && epochs.push([batch.epoch, batch.index]);
  for (let i = 0; i < 5; i++) note(training.next().value);
  for (const batch of loader.take(2)) note(batch);
  note(training.next().value);
  assertEquals(epochs, [[0, 0], [0, 1], [0, 2], [0, 3], [0, 4], [0, 0], [0, 1], [1, 0]]);
});

for (const prefetch of [false, true]) {
  Deno.test(`openLoader() uses the same few arrays all along, prefetch: ${prefetch}`, async () => {
    using loader = openLoader({ ...options, epochs: 300 }, prefetch);
    const arrays = new Set<string>();
    let n = 0;
    for (const batch of loader.take(300 * EPOCH)) {
      if (n++ < 20) await pause(prefetch ? 20 : 0);
      arrays.add(`${isShared(batch)} ${batch.images.byteOffset}`);
    }
    assert(arrays.size <= (prefetch ? 5 : 1), `${[...arrays]}`);
  });
}

Deno.test("openLoader() rethrows a worker's error when the batch is requested", async () => {
  const notAugmented = { ...options, train: { ...options.train, augmentation: undefined } };
  for (const prefetch of [false, true]) {
    using loader = openLoader(notAugmented, prefetch);
    await pause(prefetch ? 300 : 0);
    const take = () => loader.take(1).next();
    assertThrows(take, RangeError, "expected a source with an augmentation, found pictures");
  }
});

Deno.test("openLoader() starts a worker where there is enough work, and terminates it", () => {
  using workers = countWorkers();
  for (
    const [prefetch, epochs, started] of [[undefined, 40, 0], [undefined, 4e4, 1], [
      false,
      4e4,
      1,
    ]] as const
  ) {
    {
      using _ = openLoader({ ...options, epochs }, prefetch);
    }
    assertEquals([workers.started, workers.ended], [started, started]);
  }
});

for (const name of ["Worker", "SharedArrayBuffer"] as const) {
  Deno.test(`openLoader() does without a worker where there is no ${name}`, () => {
    using _ = without(name);
    using loader = openLoader(options, true);
    assertEquals([...loader.take(3)].length, 3);
  });
}

const permissions = { read: false } as const;
Deno.test("openLoader() does without a worker that may not be read", { permissions }, async () => {
  using workers = countWorkers();
  using loader = openLoader(options, true);
  const should = expected(options);
  for (const batch of loader.take(EPOCH)) assertEquals(batch, should.next().value);
  await pause(50);
  assertEquals(workers.started, 0);
});

Deno.test("openLoader() works without a worker that fails to start", async () => {
  using _ = countWorkers("data:text/javascript,throw new Error('no')");
  using loader = openLoader(options, true);
  const should = expected(options);
  for (const batch of loader.take(3 * EPOCH)) {
    assertEquals(batch, should.next().value);
    await pause(10);
  }
});
