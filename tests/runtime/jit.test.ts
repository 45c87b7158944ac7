/**
 * What a runtime promises: caches of plans, donation, errors that name what went wrong.
 */
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { add, matmul, mul, neg, reshape, sub, sum } from "../../src/ops/mod.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import type { Data } from "../../src/host_data.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { filled, forEachDevice, onDevice, readOne } from "../devices.ts";

const f32 = (...values: number[]) => Float32Array.of(...values);
const plansOf = (run: Runtime) => run.memory().plans;

forEachDevice("jit() traces once for each signature", async (run) => {
  let traced = 0;
  const call = run.jit((x: Tensor, tree: { readonly y: Tensor }) => {
    traced++;
    return add(x, tree.y);
  });
  for (const n of [1, 2, 3]) {
    const y = call(tensor([n, n]), { y: tensor([1, 2]) });
    assertEquals(await readOne(run, y), f32(n + 1, n + 2));
  }
  assertEquals(traced, 1);
  call(tensor([1, 2, 3]), { y: tensor(1) });
  assertEquals(traced, 2);
  call(tensor([1], [1], "i32"), { y: tensor([1], [1], "i32") });
  assertEquals(traced, 3);
  assertEquals(await readOne(run, call(tensor([5, 6]), { y: tensor([7, 8]) })), f32(12, 14));
  assertEquals(traced, 3);
});

forEachDevice("jit() distinguishes trees of different structure", async (run) => {
  const call = run.jit((tree: Tensor | readonly Tensor[]) =>
    Array.isArray(tree) ? neg(tree[0]) : add(tree as Tensor, 1)
  );
  assertEquals(await readOne(run, call(tensor([1]))), f32(2));
  assertEquals(await readOne(run, call([tensor([1])])), f32(-1));
});

forEachDevice(
  "jit() keeps a bounded number of plans, and makes those anew that it dropped",
  async (run) => {
    const call = run.jit((x: Tensor) => mul(x, 2));
    const shapes = (from: number) => {
      for (let n = from; n < from + 100; n++) call(filled([n]));
      return plansOf(run);
    };
    const first = shapes(1);
    assert(first < 100, `expected less than 100 plans, found ${first}`);
    assertEquals(shapes(101), first);
    assertEquals(await readOne(run, call(tensor([3]))), f32(6));
    assertEquals(plansOf(run), first);
  },
);

forEachDevice("read() caches a bounded number of plans for lazy values", async (run) => {
  for (let n = 0; n < 100; n++) assertEquals(await readOne(run, add(tensor([1]), n)), f32(1 + n));
  assert(plansOf(run) < 100, `expected less than 100 plans, found ${plansOf(run)}`);
});

Deno.test("read() builds one plan for lazy values that differ in data only", async () => {
  await using fresh = await open({ device: "reference" });
  assertEquals(await readOne(fresh, sub(tensor([1, 2]), 41)), f32(-40, -39));
  assertEquals(await readOne(fresh, sub(tensor([50, 51]), 41)), f32(9, 10));
  assertEquals(plansOf(fresh), 1);
});

forEachDevice("read() returns host data, lazy values and stored ones, in one tree", async (run) => {
  const host = tensor([[1, 2]], [1, 2], "i32"), lazy = mul(host, 3);
  const tree = { host, list: [lazy, onDevice(run, 4)], empty: [] };
  const read = await run.read(tree);
  assertEquals(read as unknown, {
    host: Int32Array.of(1, 2),
    list: [Int32Array.of(3, 6), f32(4)],
    empty: [],
  });
  assertEquals(await readOne(run, lazy), Int32Array.of(3, 6));
});

forEachDevice("read() returns a copy of host data", async (run) => {
  const data = f32(1, 2), read = await readOne(run, tensor(data));
  read[0] = 9;
  assertEquals(data, f32(1, 2));
});

forEachDevice("read() supports concurrent reads", async (run) => {
  const xs = [1, 2, 3, 4].map((n) => onDevice(run, n));
  const read = await Promise.all(xs.map((x) => readOne(run, x)));
  assertEquals(read, [f32(1), f32(2), f32(3), f32(4)]);
});

forEachDevice("jit() computes lazy arguments and keeps their values", async (run) => {
  const call = run.jit((x: Tensor) => add(x, 1));
  const lazy = mul(tensor([1, 2]), 10);
  assertEquals(await readOne(run, call(lazy)), f32(11, 21));
  assertEquals(await readOne(run, lazy), f32(10, 20));
  assertEquals(await readOne(run, neg(lazy)), f32(-10, -20));
});

forEachDevice("jit() returns new results from each call", async (run) => {
  const call = run.jit((x: Tensor) => [add(x, 1), matmul(x, x)] as const);
  const a = call(filled([5, 5], 1)), b = call(filled([5, 5], 2)), c = call(filled([5, 5], 1));
  const [ra, rb, rc] = await run.read([a, b, c]) as unknown as Float32Array[][];
  assertEquals(ra, rc);
  assert(ra![1]!.some((v, i) => v !== rb![1]![i]), "expected another product of another argument");
});

forEachDevice("jit() accepts the results of a call as arguments of the next", async (run) => {
  const call = run.jit((x: Tensor) => mul(add(x, 1), 2));
  let x = tensor([0, 1]);
  for (let i = 0; i < 5; i++) x = call(x);
  assertEquals(await readOne(run, x), f32(62, 94));
});

forEachDevice("jit() inside jit is part of the outer plan", async (run) => {
  let traced = 0;
  const inner = run.jit((x: Tensor) => {
    traced++;
    return mul(x, 2);
  });
  const outer = run.jit((x: Tensor) => add(inner(x), inner(add(x, 1))));
  assertEquals(await readOne(run, outer(tensor([1, 2]))), f32(6, 10));
  assertEquals(await readOne(run, outer(tensor([3, 4]))), f32(14, 18));
  assertEquals(traced, 2);
});

forEachDevice("jit() captures host data, lazy values and stored ones", async (run) => {
  const host = tensor([1, 2]), lazy = mul(host, 10), held = onDevice(run, 100, 200);
  const call = run.jit((x: Tensor) => add(add(x, host), add(lazy, held)));
  assertEquals(await readOne(run, call(tensor([1000, 2000]))), f32(1111, 2222));
  assertEquals(await readOne(run, call(tensor([0, 0]))), f32(111, 222));
});

forEachDevice("jit() returns its argument, and one result twice, as tensors apart", async (run) => {
  const call = run.jit((x: Tensor) => {
    const y = neg(x);
    return { x, y, again: y, list: [x] };
  });
  for (const x of [tensor([1, 2]), onDevice(run, 1, 2)]) {
    const out = call(x);
    assertEquals(new Set([x, out.x, out.y, out.again, out.list[0]]).size, 5);
    assertEquals(await run.read(out) as unknown, {
      x: f32(1, 2),
      y: f32(-1, -2),
      again: f32(-1, -2),
      list: [f32(1, 2)],
    });
  }
});

forEachDevice("jit() returns captured tensors and constants as results", async (run) => {
  const host = tensor([7]), held = onDevice(run, 8);
  const call = run.jit((_: Tensor) => [host, held, tensor([9])] as const);
  assertEquals(await run.read(call(tensor(0))) as unknown, [f32(7), f32(8), f32(9)]);
  assertEquals(await run.read([host, held]) as unknown, [f32(7), f32(8)]);
});

forEachDevice("jit() accepts one tensor for two arguments", async (run) => {
  const call = run.jit((x: Tensor, y: Tensor) => [sub(x, y), x, y] as const);
  const x = onDevice(run, 3);
  assertEquals(await run.read(call(x, x)) as unknown, [f32(0), f32(3), f32(3)]);
});

forEachDevice("jit() supports functions without arguments and results", (run) => {
  assertEquals(run.jit(() => [])(), []);
});

forEachDevice("a donated tensor throws when it is read, and is named", async (run) => {
  const step = (state: { readonly w: Tensor }, by: Tensor) => ({ w: add(state.w, by) });
  const call = run.jit(step, { donate: [0] });
  const state = { w: onDevice(run, 1, 2) }, by = onDevice(run, 10, 10);
  const next = call(state, by);
  const text = "argument 0.w (f32[2]) was donated to step";
  await assertRejects(() => run.read(state), Error, text);
  await assertRejects(() => run.read(neg(state.w)), Error, text);
  assertThrows(() => call(state, by), Error, text);
  assertThrows(() => run.jit(() => neg(state.w))(), Error, text);
  assertEquals(await run.read([next.w, by]) as unknown, [f32(11, 12), f32(10, 10)]);
});

forEachDevice("donated memory is used again by the results", async (run) => {
  const call = run.jit((x: Tensor) => add(x, 1), { donate: [0] });
  let x = call(call(onDevice(run, ...new Array<number>(1000).fill(0))));
  await readOne(run, x);
  const before = run.memory();
  for (let i = 0; i < 20; i++) x = call(x);
  assertEquals((await readOne(run, x))[999], 22);
  assert(run.memory().buffers <= before.buffers, "expected no more buffers after 20 donations");
  assert(run.memory().bytes <= before.bytes, "expected no more bytes after 20 donations");
});

forEachDevice(
  "a donated argument that is passed through stays alive as the result",
  async (run) => {
    const call = run.jit((x: Tensor, y: Tensor) => [x, add(x, y)] as const, { donate: [0] });
    const x = onDevice(run, 1);
    const [same, more] = call(x, tensor([5]));
    assertEquals(await run.read([same, more]) as unknown, [f32(1), f32(6)]);
    await assertRejects(() => run.read(x), Error, "was donated");
    const [again] = call(same, tensor([5]));
    assertEquals(await readOne(run, again), f32(1));
  },
);

forEachDevice("a donated tensor given twice and returned twice is there twice", async (run) => {
  const call = run.jit((x: Tensor, y: Tensor) => [y, x, x] as const, { donate: [0, 1] });
  const x = onDevice(run, 4), out = call(x, x);
  assertEquals(await run.read(out) as unknown, [f32(4), f32(4), f32(4)]);
  await assertRejects(() => run.read(x), Error, "was donated");
  // Were two of them one, the memory of the first would be used again under the second.
  const next = run.jit((x: Tensor) => add(x, 1), { donate: [0] });
  const kept = [next(out[0]), next(onDevice(run, 7)), out[1], out[2]];
  assertEquals(await run.read(kept) as unknown, [f32(5), f32(8), f32(4), f32(4)]);
});

forEachDevice("host data that is donated can still be read", async (run) => {
  const call = run.jit((x: Tensor) => neg(x), { donate: [0] });
  const x = tensor([1, 2]);
  assertEquals(await readOne(run, call(x)), f32(-1, -2));
  assertEquals(await readOne(run, x), f32(1, 2));
});

forEachDevice("a tensor that leaks out of a trace is distinguished from a value", async (run) => {
  let leaked: Tensor | undefined;
  run.jit((x: Tensor) => {
    leaked = mul(x, 2);
    return x;
  })(tensor([1, 2]));
  const text =
    "depends on a placeholder, f32[2]: a tensor made while jit traced a function was used outside";
  await assertRejects(() => run.read(leaked!), Error, text);
  assertThrows(() => run.jit((x: Tensor) => x)(leaked!), Error, text);
  const taker = (x: Tensor) => add(x, leaked!);
  assertThrows(
    () => run.jit(taker)(tensor([1, 2])),
    Error,
    "jit: taker depends on a placeholder, f32[2], that is not its argument: a tensor made while another " +
      "function was traced has leaked into it",
  );
});

forEachDevice("a placeholder has no value", async (run) => {
  await assertRejects(
    () => run.read(placeholder({ shape: [3], dtype: "i32" })),
    Error,
    "placeholder, i32[3]",
  );
});

forEachDevice("a function that throws while traced leaves the runtime usable", async (run) => {
  const call = run.jit((x: Tensor) => reshape(x, [7]));
  const before = plansOf(run);
  assertThrows(() => call(tensor([1, 2])), RangeError, "reshape: expected a shape of 2 elements");
  assertEquals(plansOf(run), before);
  assertEquals(await readOne(run, run.jit((x: Tensor) => neg(x))(tensor([1]))), f32(-1));
});

forEachDevice("jit() rejects a result or an argument that is no tree of tensors", (run) => {
  // deno-lint-ignore no-explicit-any
  const wrong = (result: unknown) => run.jit((_: Tensor) => result as any);
  const x = tensor([1]);
  assertThrows(() => wrong(5)(x), TypeError, "expected a tensor, or an array or record of them");
  assertThrows(() => wrong({ loss: [x, 2.5] })(x), TypeError, "tree loss[1]: expected a tensor");
  assertThrows(() => wrong(undefined)(x), TypeError, "found undefined");
  assertThrows(() => wrong(Promise.resolve(x))(x), TypeError, "expected a tensor");
  assertThrows(
    () => run.jit((x: Tensor) => x)(3 as unknown as Tensor),
    TypeError,
    "tree argument 0: expected a tensor, or an array or record of them, found 3",
  );
});

forEachDevice("a tensor of another runtime is rejected", async (run) => {
  await using other = await open({ device: "reference" });
  const foreign = onDevice(other, 1, 2);
  const text = "expected a tensor of this runtime, found f32[2] of another";
  await assertRejects(() => run.read(foreign), Error, text);
  await assertRejects(() => run.read(neg(foreign)), Error, text);
  assertThrows(() => run.jit((x: Tensor) => x)(foreign), Error, text);
  assertThrows(() => run.jit((x: Tensor) => add(x, foreign))(tensor([1, 2])), Error);
});

forEachDevice("explain() names the kernels, their sizes and costs, and keeps no plan", (run) => {
  const f = (x: Tensor, w: Tensor, b: Tensor) => [sum(add(matmul(x, w), b), 0)];
  const before = plansOf(run);
  const text = run.explain(f, filled([65, 33]), filled([33, 9]), filled([9]));
  assertMatch(text, /matmul/);
  assertMatch(text, /sum/);
  assertMatch(text, /65, 9\]/);
  if (run.device !== "reference") assertMatch(text, /\b38610 flops/);
  assertEquals(plansOf(run), before);
});

Deno.test("open() rejects an unknown device and names the known ones", async () => {
  await assertRejects(
    () => open({ device: "abacus" as "webgpu" }),
    RangeError,
    "open: expected a device of auto, webgpu, cpu, reference, found abacus",
  );
});

forEachDevice("a runtime reports its device and options", (run) => {
  assert(["webgpu", "cpu", "reference"].includes(run.device));
  assert(run.description.length > 0);
});

forEachDevice(
  "read() keeps what it reads although a later call takes the memory over",
  async (run) => {
    const double = run.jit((x: Tensor) => mul(x, 2), { donate: [0] });
    const a = run.jit((x: Tensor) => add(x, 0.5))(filled([64], 3));
    const expected = (await run.read(run.jit((x: Tensor) => add(x, 0))(a))) as Data;
    const pending = run.read(a);
    let b = double(a);
    for (let i = 0; i < 5; i++) b = double(b);
    assertEquals(await pending as Data, expected);
  },
);
