/**
 * A computed tensor is a value, of which other runtimes can still be asked.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { valueAndGrad } from "../../src/grad.ts";
import { add, exp, mul, sum } from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import { open } from "../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";
import { assertClose, filled, forEachDevice, readOne } from "../devices.ts";

forEachDevice(
  "a tensor that one runtime computed, from others of its, another computes anew",
  async (run) => {
    await using other = await open({ device: "reference" });
    const x = normal(key(3), [5]), y = exp(mul(x, 0.5)), z = add(mul(y, y), x);
    const values = [await readOne(run, x), await readOne(run, y), await readOne(run, z)];
    for (const [i, tensor] of [x, y, z].entries()) {
      assertClose(await readOne(other, tensor), values[i]!, { relative: 1e-4 });
    }
    // By another way, too: z first, with nothing known of what it is made of.
    await using third = await open({ device: "cpu", threads: 1 });
    assertClose(await readOne(third, z), values[2]!, { relative: 1e-4 });
  },
);

forEachDevice("the graph of a loop's value ends", async (run) => {
  let x = add(tensor([1, 2]), 0);
  const sizes: number[] = [];
  for (let i = 0; i < 6000; i++) {
    x = add(mul(x, 0.5), 1);
    if (i % 2 === 0) await run.read(x);
    sizes.push(topological([x]).length);
  }
  assert(Math.max(...sizes) < 10_000, `${Math.max(...sizes)} nodes`);
  assertEquals(sizes.at(-2), 1, "expected a value without a graph");
  assertClose(await readOne(run, x), [2, 2]);
  await using other = await open({ device: "reference" });
  await assertRejects(() => other.read(x), Error, "another");
}, { devices: ["reference", "cpu"] });

forEachDevice("host data of earlier steps is not kept by a loop's value", async (run) => {
  let x = add(filled([256, 1024]), 0);
  const refs: WeakRef<Tensor>[] = [];
  for (let i = 0; i < 40; i++) {
    const batch = filled([256, 1024], i);
    refs.push(new WeakRef(batch));
    x = add(mul(x, 0.5), batch);
    await run.read(sum(x));
  }
  assertEquals(topological([x]).filter((node) => node.data).length < 20, true);
}, { devices: ["cpu"] });

forEachDevice(
  "reading inside a function that is differentiated changes no gradient",
  async (run) => {
    const reads: Promise<unknown>[] = [];
    const [value, gradient] = valueAndGrad((x: Tensor) => {
      const y = mul(x, x);
      reads.push(run.read(y));
      const z = mul(y, x);
      reads.push(run.read(z));
      return sum(z);
    })(tensor([1, 2, 3]));
    await Promise.all(reads);
    assertEquals((await readOne(run, value))[0], 36);
    assertEquals([...await readOne(run, gradient)], [3, 12, 27]);
  },
);

forEachDevice("parameters of which only the loss is read are computed once a step", async (run) => {
  const lossOf = (w: Tensor) => sum(mul(w, w));
  let w = add(tensor([1, -2]), 0), plans = 0;
  const losses: number[] = [];
  for (let i = 0; i < 40; i++) {
    const [loss, gradient] = valueAndGrad(lossOf)(w);
    w = add(w, mul(gradient, -0.1));
    losses.push((await readOne(run, loss))[0]!);
    if (i === 5) plans = run.memory().plans;
  }
  // 0.8² a step; and as the graphs are alike, there is no plan for every step.
  assertClose(losses, losses.map((_, i) => 5 * 0.64 ** i), { relative: 1e-4 });
  assertEquals(run.memory().plans, plans);
});
