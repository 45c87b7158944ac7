import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  companion,
  conv,
  dense,
  dropout,
  flatten,
  maxPool,
  relu,
  sequential,
  tanh,
} from "../../../src/nn/mod.ts";
import type { Layer } from "../../../src/nn/layer.ts";
import { add, cast, constant, mean, mul, softmax, sub, sum } from "../../../src/ops/mod.ts";
import { sgd } from "../../../src/optim/mod.ts";
import { key } from "../../../src/random.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../../src/tensor.ts";
import { entries, leaves } from "../../../src/tree.ts";
import { batchTensors } from "../../../src/train/input/batch_tensors.ts";
import { testBatches } from "../../../src/data/mod.ts";
import { distillation } from "../../../src/train/distillation.ts";
import { fit } from "../../../src/train/fit.ts";
import { autoencoderStages } from "../../../src/train/stages/autoencoder.ts";
import { hintStage } from "../../../src/train/stages/hint.ts";
import { pretrain, type PretrainOptions } from "../../../src/train/stages/pretrain.ts";
import { applyLayers, type Stage } from "../../../src/train/stages/stage.ts";
import { assertClose, forEachDevice } from "../../devices.ts";
import { SIZE, tinySplits } from "../fixtures.ts";

const { train } = tinySplits(64, 8);
const x = placeholder({ shape: [16, SIZE, SIZE, 1], dtype: "f32" });
const [batch] = [...testBatches(train, { batch: 16 })].map((b) => batchTensors(b, train.dataset));
const images = batch!.images;

const list = () =>
  sequential(
    conv(4, 3, { padding: 1 }),
    tanh,
    maxPool(2),
    conv(6, 2, { pieces: 2 }),
    dropout(0.2),
    flatten,
    dense(5),
    tanh,
    dense(2),
  );

type List = readonly Params[];

/** Runs stages to their end; returns the parameters and each stage's training loss by epoch. */
async function run_(
  run: Runtime,
  stages: readonly Stage<List>[],
  params: List,
  over: Partial<PretrainOptions<List, Params>> = {},
) {
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9 });
  const losses = new Map<string, number[]>();
  const all = pretrain(run, {
    stages,
    params,
    optimizer,
    train,
    batch: 16,
    epochs: 6,
    ...over,
  } as PretrainOptions<List, Params>);
  for (let next = await all.next();; next = await all.next()) {
    if (next.done) return { params: next.value, losses };
    const { stage, event } = next.value;
    if (event.kind === "epoch") losses.set(stage, [...losses.get(stage) ?? [], event.trainLoss]);
  }
}

const concrete = (run: Runtime, net: ReturnType<typeof list>, seed = 3): List =>
  run.jit(() => net.init(key(seed), x))() as List;

forEachDevice(
  "autoencoderStages() lower each layer's error of reconstruction, in turn",
  async (run) => {
    const net = list(), start = concrete(run, net);
    const stages = autoencoderStages<List>(net as never, x);
    assertEquals(stages.map(({ name }) => name), ["[0] conv", "[3] conv", "[6] dense"]);
    const { params, losses } = await run_(run, stages, start);
    for (const [stage, [first, ...others]] of losses) {
      assert(others.at(-1)! < 0.9 * first!, `${stage}: ${first} to ${others.at(-1)}`);
    }
    const before = entries<Tensor>(start), after = leaves<Tensor>(params!);
    const values = await run.read(before.map(([, w]) => w)), now = await run.read(after);
    for (const [i, [path]] of before.entries()) {
      const same = values[i]!.every((v, k) => v === now[i]![k]);
      assertEquals(same, path.startsWith("[8]"), path);
    }
  },
);

forEachDevice("an autoencoder's error is that of x and its own weights transposed", async (run) => {
  const net = sequential(flatten, dense(3), tanh, dense(2)), start = net.init(key(1), x);
  const [{ prepare }] = autoencoderStages<List>(net as never, x) as [Stage<List>];
  const { net: encoder, params } = prepare(start as never);
  const [error, w, b, pixels] = await run.read([
    encoder(params, images),
    start[1].w,
    start[1].b,
    images,
  ]);
  const inputs = SIZE * SIZE;
  const expected = Array.from({ length: 16 }, (_, n) => {
    const row = Array.from(pixels.slice(n * inputs, (n + 1) * inputs));
    const code = [0, 1, 2].map((j) =>
      Math.tanh(row.reduce((s, v, i) => s + v * w[i * 3 + j]!, b[j]!))
    );
    const back = row.map((v, i) => code.reduce((s, c, j) => s + c * w[i * 3 + j]!, 0) - v);
    return back.reduce((s, e) => s + e * e, 0) / inputs;
  });
  assertClose(error, expected, { relative: 1e-4 });
});

forEachDevice("an autoencoder's activation may be a list, or beside a companion", async (run) => {
  const plain = sequential(flatten, dense(3), tanh, dense(2));
  const nested = sequential(flatten, dense(3), companion(relu), sequential(tanh), dense(2));
  const error = (net: Layer) => {
    const [{ prepare }] = autoencoderStages<List>(net as never, x) as [Stage<List>];
    const { net: encoder, params } = prepare(net.init(key(1), x) as never);
    return encoder(params, images);
  };
  // Weights are drawn by place, so those of the layers before the activation are the same.
  const [found, expected] = await run.read([error(nested as Layer), error(plain as Layer)]);
  assertEquals(found, expected);
});

forEachDevice("pretrain() goes on where it was stopped, with the same bits", async (run) => {
  const folder = await Deno.makeTempDir();
  try {
    const net = list(), start = concrete(run, net);
    const stages = autoencoderStages<List>(net as never, x);
    const whole = await run_(run, stages, start);
    const stop = new AbortController();
    const saved = { checkpoint: { folder, everySteps: 5 }, progressEvery: 0 };
    const parts = pretrain(run, {
      ...saved,
      stages,
      params: start,
      optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
      train,
      batch: 16,
      epochs: 6,
      signal: stop.signal,
    });
    let result: List | undefined, epochs = 0;
    for (let next = await parts.next();; next = await parts.next()) {
      if (next.done) {
        result = next.value;
        break;
      }
      // Stops in the middle of the second layer.
      if (next.value.event.kind === "epoch" && ++epochs === 8) stop.abort();
    }
    assertEquals(result, undefined);
    const again = await run_(run, stages, start, saved);
    assert(!again.losses.has("[0] conv"), "the first layer is not trained again");
    const [a, b] = [leaves<Tensor>(whole.params!), leaves<Tensor>(again.params!)];
    assertEquals(await run.read(b), await run.read(a));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}, { devices: ["reference", "cpu"] });

const teacherNet = () => sequential(conv(5, 3, { pieces: 2 }), relu, flatten, dense(2));

forEachDevice(
  "hintStage() brings a regressor on the student's layers to the teacher's hint",
  async (run) => {
    const teacher = teacherNet(), student = list();
    const params = run.jit(() => teacher.init(key(7), x))() as List;
    const options = { layers: 2, teacher: { layers: teacher.layers, params }, teacherLayers: 2 };
    const stage = hintStage<List>(student as never, x, options);
    assertEquals(stage.name, "[0…1] toward the teacher's [1]");
    const start = concrete(run, student), task = stage.prepare(start);
    const { regressor } = task.params as unknown as { regressor: { w: Tensor } };
    assertEquals(regressor.w.shape, [3, 3, 4, 5]);
    const labels = batch!.labels, step = tensor(0, [], "i32"), sides = [] as const;
    const output = task.net(task.params, images);
    const hint = teacher.layers[1]([], teacher.layers[0](params[0] as never, images));
    const [found, a, b] = await run.read([
      task.objective({ output, images, labels, step, sides }),
      output,
      hint,
    ]);
    const per = a.length / 16, positions = 4;
    assertClose(
      found,
      Array.from({ length: 16 }, (_, n) => {
        const at = Array.from({ length: per }, (_, i) => n * per + i);
        return at.reduce((s, i) => s + (a[i]! - b[i]!) ** 2, 0) / 2 / positions;
      }),
      { relative: 1e-4 },
    );
    const { losses, params: after } = await run_(run, [stage], start);
    const [[first, ...others]] = [...losses.values()] as [number[]];
    assert(others.at(-1)! < 0.7 * first!, `${first} to ${others.at(-1)}`);
    const kept = leaves<Tensor>(after!.slice(2)), given = leaves<Tensor>(start.slice(2));
    assertEquals(kept, given);
  },
);

forEachDevice(
  "distillation() brings a student to its teacher where labels say nothing",
  async (run) => {
    const net = teacherNet(),
      [weights, start] = [7, 8].map((seed) => run.jit(() => net.init(key(seed), x))()) as [
        never,
        never,
      ];
    const logits = (images: Tensor) => mul(net(weights, images), 4);
    const gap = (p: Params) => {
      const d = sub(softmax(logits(images)), softmax(net(p as never, images)));
      return mean(mul(d, d));
    };
    const objective = distillation({
      teacher: logits,
      temperature: 2,
      weight: (step) => add(mul(cast(step, "f32"), 0.1), 1),
      loss: (output) => mul(sum(output, 1), 0),
    });
    const optimizer = sgd({ learningRate: 0.02, momentum: 0.9 });
    const options = { net, params: start, optimizer, train, batch: 16, epochs: 40, objective };
    const [before] = await run.read([gap(start)]);
    let end: Params | undefined;
    for await (const event of fit(run, options)) if (event.kind === "end") end = event.params;
    const [after] = await run.read([gap(end!)]);
    assert(after[0]! < 0.1 * before[0]!, `${before[0]} to ${after[0]}`);
  },
  { devices: ["reference", "cpu"] },
);

forEachDevice("layers of a stage draw a dropout mask each", async (run) => {
  const ones = constant(1, [4000]), twice = [dropout(0.5), dropout(0.5)];
  const [y] = await run.read([applyLayers(twice, [[], []], ones, key(0))]);
  const kept = Array.from(y).filter((v) => v !== 0).length / y.length;
  assert(Math.abs(kept - 0.25) < 0.03, `${kept}`);
}, { devices: ["reference"] });

Deno.test("stages and distillation reject what does not fit", () => {
  const net = sequential(flatten, dense(2));
  assertThrows(() => autoencoderStages(net, x), RangeError, "layers before its last one");
  assertThrows(() => distillation({ teacher: (x) => x, temperature: 0 }), RangeError, "above 0");
  const teacher = { layers: net.layers, params: net.init(key(0), x) };
  const stage = hintStage<List>(list() as never, x, { layers: 2, teacher, teacherLayers: 1 });
  const start = list().init(key(0), x) as never;
  assertThrows(() => stage.prepare(start), RangeError, "hints of images");
  for (
    const [counts, message] of [
      [{ layers: 0, teacherLayers: 1 }, "hintStage: expected layers from 1 to 9, found 0"],
      [{ layers: 2, teacherLayers: 3 }, "hintStage: expected teacherLayers from 1 to 2, found 3"],
    ] as const
  ) {
    const options = { teacher, ...counts };
    assertThrows(() => hintStage<List>(list() as never, x, options), RangeError, message);
  }
});
