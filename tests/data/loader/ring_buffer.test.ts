import { assert, assertEquals } from "@std/assert";
import { allocateRing, RingBuffer, SLOTS } from "../../../src/data/loader/ring_buffer.ts";

const sizes = { labels: 3, elements: 3 * 5 };

/** One ring as two threads see it. */
function bothSides() {
  const memory = allocateRing(sizes);
  return { user: new RingBuffer(memory, sizes), maker: new RingBuffer(memory, sizes) };
}

/** Makes batch `n` on one side, filled with its number. */
function make(ring: RingBuffer, n: number, elements = sizes.elements) {
  const { images, labels } = ring.buffers(n);
  images.fill(n);
  labels.fill(10 * n);
  ring.publish(n, {
    images: images.subarray(0, elements),
    labels,
    count: 2,
    epoch: 2 ** 31,
    index: 7,
  });
}

Deno.test("a ring returns a batch unchanged", () => {
  const { user, maker } = bothSides();
  assertEquals(maker.claimNext(9, 0), 0);
  make(maker, 0, 10);
  assert(!user.claim(0));
  assertEquals(user.waitFor(0, 0), {
    images: new Float32Array(10).fill(0),
    labels: new Int32Array(3),
    count: 2,
    epoch: 2 ** 31,
    index: 7,
  });
});

Deno.test("a ring's batches are each claimed by one side alone, in order", () => {
  const { user, maker } = bothSides(), claims: string[] = [];
  for (let n = 0; n < 12; n++) {
    user.release(n);
    if (n % 3 === 0) claims.push(`maker ${maker.claimNext(12, 0)}`);
    const mine = user.claim(n);
    if (mine) claims.push(`user ${n}`);
    assert(!user.claim(n) && !maker.claim(n));
  }
  assertEquals(
    claims,
    [0, 3, 6, 9].flatMap((n) => [`maker ${n}`, `user ${n + 1}`, `user ${n + 2}`]),
  );
});

Deno.test("a ring is never filled further ahead than it has slots", () => {
  const { user, maker } = bothSides();
  for (const using of [0, 1, 5]) {
    user.release(using);
    user.revive();
    let last: number | undefined;
    for (let n = maker.claimNext(100, 0); n !== undefined; n = maker.claimNext(100, 0)) {
      make(maker, last = n);
    }
    assertEquals(last, using + SLOTS - 1);
    for (let n = using; n < using + SLOTS; n++) {
      assertEquals(user.waitFor(n, 0)?.images[0], n);
    }
  }
  assertEquals(
    new Set(Array.from({ length: 9 }, (_, n) => user.buffers(n).images.byteOffset)).size,
    4,
  );
});

Deno.test("a ring ends at its last batch, and immediately when closed", () => {
  const { user, maker } = bothSides();
  assertEquals([0, 1, 2].map(() => maker.claimNext(2, 0)), [0, 1, undefined]);
  user.close();
  assertEquals(maker.claimNext(9, 1e6), undefined);
});

Deno.test("a ring records that its producer stopped because no slot was free, until it is resumed", () => {
  const { user, maker } = bothSides(), claim = () => maker.claimNext(99, 5);
  assert(!user.revive());
  for (let n = 0; n < SLOTS; n++) make(maker, claim()!);
  assertEquals(claim(), undefined);
  user.release(1);
  assertEquals([claim(), user.waitFor(1, 0)?.images[0]], [undefined, 1]);
  assert(user.revive() && !user.revive());
  assertEquals(claim(), SLOTS);
});

Deno.test("a ring stops waiting for a batch at its timeout, or if its producer failed", () => {
  const { user, maker } = bothSides();
  maker.claimNext(9, 0);
  const began = performance.now();
  assertEquals(user.waitFor(0, 30), undefined);
  assert(performance.now() - began >= 30);
  maker.fail();
  assertEquals(user.waitFor(0, 1e6), undefined);
  assertEquals(maker.claimNext(9, 0), undefined);
});

Deno.test("a ring still returns batches produced before its producer failed", () => {
  const { user, maker } = bothSides();
  maker.claimNext(9, 0);
  make(maker, 0);
  maker.fail();
  assertEquals(user.waitFor(0, 0)?.index, 7);
});
