/**
 * Loops on a device: the carry is donated from step to step, outputs live for one step.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { add, mul, neg } from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { forEachDevice, onDevice, readOne } from "../devices.ts";

const f32 = (...values: number[]) => Float32Array.of(...values);

const counted = function* (n: number) {
  for (let i = 1; i <= n; i++) yield tensor([i]);
};

const running = (total: Tensor, x: Tensor) => {
  const next = add(total, x);
  return [next, mul(next, 10)] as const;
};

forEachDevice("fold() hands the carry on and yields each step's output", async (run) => {
  const seen: unknown[] = [];
  for await (const [carry, y] of run.fold(running, tensor([0]), counted(4))) {
    seen.push((await run.read([carry, y])).map(([v]) => v!));
  }
  assertEquals(seen, [[1, 10], [3, 30], [6, 60], [10, 100]]);
});

forEachDevice("fold() accepts asynchronous items, and no items", async (run) => {
  async function* later() {
    await Promise.resolve();
    yield tensor([5]);
  }
  const seen: number[] = [];
  for await (const [carry] of run.fold(running, tensor([1]), later())) {
    seen.push((await readOne(run, carry))[0]!);
  }
  for await (const _ of run.fold(running, tensor([1]), [])) seen.push(NaN);
  assertEquals(seen, [6]);
});

forEachDevice("fold() traces its step once", async (run) => {
  let traced = 0;
  const step = (total: Tensor, x: Tensor) => {
    traced++;
    return running(total, x);
  };
  for await (const _ of run.fold(step, onDevice(run, 0), counted(5)));
  assertEquals(traced, 1);
});

forEachDevice("fold() donates a carry that it has yielded to the next step", async (run) => {
  const carries: { readonly total: Tensor }[] = [];
  const step = (carry: { readonly total: Tensor }, x: Tensor) =>
    [{ total: add(carry.total, x) }, []] as const;
  for await (const [carry] of run.fold(step, { total: tensor([0]) }, counted(3))) {
    carries.push(carry);
  }
  const text = "carry 0.total (f32[1]) was donated to the next step of fold(step)";
  await assertRejects(() => run.read(carries[0]!), Error, text);
  await assertRejects(() => run.read(carries[1]!), Error, text);
  assertEquals(await readOne(run, carries[2]!.total), f32(6));
});

forEachDevice("fold() does not release its first carry", async (run) => {
  const first = onDevice(run, 5);
  for await (const _ of run.fold(running, first, counted(3)));
  assertEquals(await readOne(run, first), f32(5));
});

forEachDevice(
  "fold() releases an output after its step, and reading it then throws",
  async (run) => {
    const outputs: { readonly y: Tensor }[] = [];
    const step = (total: Tensor, x: Tensor) => [add(total, x), { y: neg(x) }] as const;
    for await (const [, output] of run.fold(step, tensor([0]), counted(2))) outputs.push(output);
    const text = "output.y (f32[1]) was released after its step of fold(step)";
    await assertRejects(() => run.read(outputs), Error, text);
  },
);

forEachDevice("fold() passes a part of the carry on that its step does not change", async (run) => {
  const step = (carry: readonly [Tensor, Tensor], x: Tensor) =>
    [[carry[0], add(carry[1], mul(carry[0], x))], carry[0]] as const;
  let last: readonly Tensor[] = [];
  for await (const [carry, y] of run.fold(step, [onDevice(run, 2), tensor([0])], counted(5))) {
    assertEquals(await readOne(run, y), f32(2));
    last = carry;
  }
  assertEquals(await run.read(last) as unknown, [f32(2), f32(30)]);
});

forEachDevice("fold() supports a carry whose parts are swapped", async (run) => {
  const step = ([a, b]: readonly [Tensor, Tensor], _: Tensor) => [[b, a], []] as const;
  const seen: unknown[] = [];
  for await (const [c] of run.fold(step, [onDevice(run, 1), onDevice(run, 2)], counted(3))) {
    seen.push(await run.read(c));
  }
  assertEquals(seen, [[f32(2), f32(1)], [f32(1), f32(2)], [f32(2), f32(1)]]);
});

forEachDevice("fold() can be left early, and its last carry read", async (run) => {
  let kept: Tensor | undefined;
  for await (const [carry] of run.fold(running, tensor([0]), counted(100))) {
    kept = carry;
    if ((await readOne(run, carry))[0]! >= 6) break;
  }
  assertEquals(await readOne(run, kept!), f32(6));
});
