import { assert, assertEquals } from "@std/assert";
import { type Collector, engineCollector } from "../../src/memory/garbage_collector.ts";
import { type Owned, Reclaimer } from "../../src/memory/reclaimer.ts";

const owned = (bytes: number, released: string[], name: string): Owned => ({
  bytes,
  release: () => void released.push(name),
});

Deno.test("Collector.collect() reports collected objects in the middle of a job", () => {
  const refs = Array.from({ length: 100 }, () => new WeakRef({}));
  const kept = [refs[7]!.deref()];
  assert(engineCollector().collect());
  const alive = refs.filter((ref) => ref.deref());
  assert(alive.includes(refs[7]!) && alive.length < 10, `${alive.length} of 100, ${kept.length}`);
});

Deno.test("Reclaimer.collect() releases resources whose owner was collected, and no others", () => {
  const released: string[] = [], reclaimer = new Reclaimer(engineCollector());
  const kept = [{}, {}];
  reclaimer.own(kept[0]!, owned(1, released, "kept"));
  reclaimer.follow(kept[1]!, owned(2, released, "followed"));
  for (let i = 0; i < 50; i++) reclaimer.own({}, owned(100, released, "lost"));
  for (let i = 0; i < 50; i++) reclaimer.follow({}, owned(100, released, "lost"));
  const bytes = reclaimer.collect();
  assertEquals([...new Set(released)], ["lost"]);
  assert(bytes >= 9000, `${bytes}`);
  assertEquals(reclaimer.bytes, 10_003 - bytes);
  assertEquals(kept.length, 2);
});

Deno.test("Reclaimer.collect() continues where a released object was the last owner of others", () => {
  const released: string[] = [], reclaimer = new Reclaimer(engineCollector());
  for (let i = 0; i < 50; i++) {
    const holder = { inner: {} as object | undefined };
    reclaimer.own(holder.inner!, owned(1, released, "inner"));
    const release = () => void (holder.inner = undefined);
    reclaimer.own({}, { bytes: 1, holds: true, release });
  }
  reclaimer.collect();
  assert(released.length > 40, `${released.length} of 50`);
});

Deno.test("Reclaimer.forget() stops tracking a resource", () => {
  const released: string[] = [], reclaimer = new Reclaimer(engineCollector());
  const thing = owned(5, released, "thing");
  reclaimer.own({}, thing);
  reclaimer.forget(thing);
  reclaimer.collect();
  assertEquals([released, reclaimer.bytes], [[], 0]);
});

Deno.test("Reclaimer.collectIfDue() collects only above its threshold", () => {
  let times = 0;
  const collector: Collector = {
    collect: () => ++times > 0,
    turn: () => Promise.reject(new Error("no")),
  };
  const reclaimer = new Reclaimer(collector, 1000), owners: object[] = [];
  const looks = [300, 300, 300, 300, 300, 300].map((bytes) => {
    owners.push({});
    reclaimer.own(owners.at(-1)!, owned(bytes, [], ""));
    reclaimer.collectIfDue();
    return times;
  });
  // At 1,200; again where as many have come, or twice as many at once.
  assertEquals(looks, [0, 0, 0, 1, 1, 1]);
  reclaimer.own({}, owned(2000, [], ""));
  reclaimer.collectIfDue();
  assertEquals(times, 2);
});

Deno.test("Reclaimer.turn() runs finalizers where collection is not synchronous", async () => {
  const released: string[] = [], here = engineCollector();
  const reclaimer = new Reclaimer({ collect: () => false, turn: here.turn }, 1000);
  const kept = {};
  reclaimer.own(kept, owned(10, released, "kept"));
  const end = performance.now() + 30_000;
  while (released.length < 500 && performance.now() < end) {
    reclaimer.own({}, owned(100, released, "lost"));
    reclaimer.collectIfDue();
    await reclaimer.turn();
  }
  assert(released.length >= 500, `${released.length} released`);
  assertEquals([...new Set(released)], ["lost"]);
  assertEquals(typeof kept, "object");
});

Deno.test("Reclaimer.forget() leaves all others owned, in whatever order", () => {
  const released: string[] = [], reclaimer = new Reclaimer(engineCollector());
  const all = Array.from({ length: 20 }, (_, i) => owned(2 ** i, released, `${i}`));
  for (const each of all) reclaimer.own({}, each);
  for (const i of [19, 0, 7, 7, 18, 1, 12]) reclaimer.forget(all[i]!);
  const left = [19, 0, 7, 18, 1, 12].reduce((sum, i) => sum - 2 ** i, 2 ** 20 - 1);
  assertEquals(reclaimer.bytes, left);
  reclaimer.own({}, all[7]!);
  assertEquals(reclaimer.bytes, left + 2 ** 7);
  reclaimer.collect();
  assert(released.length > 5 && !released.includes("19") && !released.includes("0"));
  assertEquals(new Set(released).size, released.length);
});
