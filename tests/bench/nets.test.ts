/**
 * The nets that benchmarks train, and the layers that the library lacks.
 */
import { assert, assertEquals } from "@std/assert";
import { transformerBlock } from "../../bench/layers/attention.ts";
import { inputsFor, type NetName, NETS, startOf } from "../../bench/nets/mod.ts";
import { fullWork, TASKS } from "../../bench/peers/programs.ts";
import { createTraining, stepper } from "../../bench/step.ts";
import { key, nn, open, ops, placeholder, type Tensor, tree } from "../../mod.ts";

const NAMES = Object.keys(NETS) as NetName[];

Deno.test("every net gives logits, and every parameter has a start of its shape", () => {
  for (const name of NAMES) {
    const { create, input, gain } = NETS[name], net = create();
    const params = net.init(key(0), inputsFor(name, 2));
    const y = net(params, placeholder({ shape: [2, ...input], dtype: "f32" }));
    assertEquals(
      y.shape,
      [2, NETS[name].input[0]! > 200 && name !== "perceptron" ? 1000 : 10],
      name,
    );
    const starts = startOf(params, gain), leaves = tree.leaves<Tensor>(params);
    assertEquals(starts.map(({ shape }) => shape), leaves.map(({ shape }) => shape));
    const weights = starts.filter((start) => "scale" in start);
    assert(weights.every(({ shape, scale }) => shape.length > 1 && scale > 0), name);
  }
});

Deno.test("startOf() is random for weights, 1 for factors, and tells what is learned", () => {
  const params = nn.batchNorm().init(key(0), { shape: [2, 3], dtype: "f32" });
  assertEquals(startOf([{ w: ops.constant(5, [3, 2, 4]) }, params], 2), [
    { shape: [3, 2, 4], scale: 1 },
    { shape: [3], value: 1 },
    { shape: [3], value: 0 },
    { shape: [3], value: 0, learned: true },
    { shape: [3], value: 1, learned: true },
  ]);
});

Deno.test("torch_nets.py has every net, and every net a task with all that it needs", async () => {
  const path = new URL("../../bench/peers/torch_nets.py", import.meta.url);
  const [, table] = (await Deno.readTextFile(path)).split("NETS = {");
  const tasks = TASKS.map(({ work }) => work.net);
  for (const name of NAMES) {
    assert(table!.includes(`"${name}"`) && tasks.includes(name), name);
  }
  const { input, starts } = fullWork(TASKS.find(({ name }) => name === "perceptron-128")!);
  assertEquals([input, (starts as unknown[]).length], [[784], 6]);
});

Deno.test("a transformer block trains", async () => {
  await using run = await open({ device: "reference" });
  const block = transformerBlock(12, 2, 16), pooled = ops.mean;
  const net = Object.assign(
    (params: Parameters<typeof block>[0], x: Tensor) => pooled(block(params, x), 1),
    { kind: "test", init: block.init },
  );
  const step = stepper(run, createTraining(net, { shape: [3, 5, 12], dtype: "f32" }));
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push((await run.read(await step()))[0]!);
  assert(losses.every(Number.isFinite) && losses[2]! < losses[0]!, `${losses}`);
});
