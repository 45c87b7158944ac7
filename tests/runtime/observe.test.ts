import { assert, assertEquals, assertThrows } from "@std/assert";
import type { RunObserver } from "../../src/device/device.ts";
import type { Data } from "../../src/host_data.ts";
import { key, normal } from "../../src/random.ts";
import { add, cast, matmul, mul, sum } from "../../src/ops/mod.ts";
import { open } from "../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { forEachDevice } from "../devices.ts";

/** An observer that keeps what it is told. */
function recorder() {
  const events: string[] = [], lent: Data[] = [];
  const observer: RunObserver = {
    final(part, elements) {
      events.push(`final ${part}`);
      lent[part] = elements;
    },
    between: () => void events.push("between"),
  };
  return { events, lent, observer };
}

/** Two parts, the first of which is ready before the last product, and read by it. */
const parts = (x: Tensor) => {
  const y = matmul(x, x), z = matmul(y, x);
  return [[y, sum(y)], [matmul(z, y)]] as const;
};

for (const threads of [1, 2, 3]) {
  Deno.test(`an observer gets each part once, where it is, of ${threads} threads`, async () => {
    await using run = await open({ device: "cpu", threads });
    const x = normal(key(0), [13, 13]), { events, lent, observer } = recorder();
    const [[y, total], [last]] = run.jit(parts, { observe: observer })(x);
    assertEquals(events.filter((e) => e !== "between"), ["final 0", "final 1"]);
    assert(events.filter((e) => e === "between").length >= 3);
    const [plain] = await Promise.all([run.read(run.jit(parts)(x))]);
    assertEquals(lent[0]!.length, 176 + 1);
    assertEquals(lent[0]!.subarray(0, 169), plain[0][0]);
    assertEquals(lent[0]!.at(-1), plain[0][1][0]);
    assertEquals(lent[1], plain[1][0]);
    // It is the memory of the tensors themselves.
    lent[0]!.fill(5);
    lent[1]!.fill(6);
    const [a, b, c] = await run.read([y, total, last]);
    assertEquals([new Set(a), new Set(b), new Set(c)], [new Set([5]), new Set([5]), new Set([6])]);
  });
}

Deno.test("a part is final only once nothing that is computed reads it any more", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  const x = normal(key(1), [7, 7]);
  const [, [expected]] = await run.read(run.jit(parts)(x));
  const spoil: RunObserver = {
    final: (part, all) => void (part === 0 && all.fill(NaN)),
    between() {},
  };
  const [, [last]] = run.jit(parts, { observe: spoil })(x);
  assertEquals(await run.read(last), expected);
});

Deno.test("an input that is also a part is copied; a repeated run has memory of its own", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  const { lent, observer } = recorder();
  const same = run.jit((x: Tensor) => [x, mul(x, 2)], { observe: observer });
  const x = run.jit((x: Tensor) => add(x, 1))(tensor([1, 2]));
  const [first, second] = [same(x), same(x)];
  lent[0]!.fill(0);
  assertEquals([...await run.read(x)], [2, 3]);
  assertEquals([...await run.read(first[0]!)], [2, 3]);
  assertEquals([...await run.read(second[0]!)], [0, 0]);
});

Deno.test("a profile counts an observer's time to no kernel", async () => {
  await using run = await open({ device: "cpu", threads: 1, profile: true });
  const wait = () => {
    for (const end = performance.now() + 20; performance.now() < end;) { /* Busy. */ }
  };
  const x = normal(key(0), [5, 5]);
  await run.read(run.jit(parts, { observe: { final() {}, between: wait } })(x));
  const { kernels, ms } = await run.profile();
  assert(ms > 50 && kernels.every((kernel) => kernel.ms < 15), JSON.stringify(kernels));
});

forEachDevice("a function with observe returns what it returns without", async (run) => {
  const x = normal(key(2), [5, 5]), { observer } = recorder();
  const found = await run.read(run.jit(parts, { observe: observer })(x));
  assertEquals(found, await run.read(run.jit(parts)(x)));
});

forEachDevice("a function with observe returns an array of one element type", (run) => {
  const { observer } = recorder(), x = tensor([1]);
  assertThrows(
    () => run.jit((x: Tensor) => ({ y: mul(x, 2) }), { observe: observer })(x),
    TypeError,
    "expected a function with observe to return an array of trees of one element type, found no array",
  );
  assertThrows(
    () => run.jit((x: Tensor) => [mul(x, 2), cast(x, "i32")], { observe: observer })(x),
    TypeError,
    "found f32 and i32",
  );
  return Promise.resolve();
});
