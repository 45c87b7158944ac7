/**
 * What programs do for hours, as loops that are watched.
 *
 * @module
 */
import * as g from "../../mod.ts";

/** Called after each round, with the runtime that is open, if one is. */
export type Seen = (done: number, run?: g.Runtime) => void;

type DeviceName = "cpu" | "webgpu" | "reference";

/** A net of convolutions, pooling and dropout, and a step of its training. */
function training() {
  const net = g.sequential(
    g.nn.conv(8, 3, { padding: 1 }),
    g.nn.relu,
    g.nn.maxPool(2),
    g.nn.dropout(0.2),
    g.nn.flatten,
    g.nn.dense(10),
  );
  const images = g.normal(g.key(1), [4, 12, 12, 1]);
  const labels = g.tensor(Int32Array.from({ length: 4 }, (_, i) => i));
  const optimizer = g.optim.sgd({ learningRate: 0.01, momentum: 0.9 });
  return { net, images, labels, optimizer };
}

/** Steps of a training, with the loss read after each. */
const steps = (device: DeviceName) => async (count: number, seen: Seen): Promise<void> => {
  await using run = await g.open({ device, threads: 2 });
  const { net, images, labels, optimizer } = training(), params = net.init(g.key(0), images);
  type Carry = readonly [typeof params, ReturnType<typeof optimizer.init>];
  const step = ([params, state]: Carry, key: g.Key) => {
    const loss = (p: typeof params) =>
      g.ops.mean(g.nn.softmaxCrossEntropy(net(p, images, key), labels));
    const [value, gradient] = g.valueAndGrad(loss)(params);
    return [optimizer.step(params, gradient, state) as Carry, value] as const;
  };
  const keys = (function* () {
    for (let i = 0; i < count; i++) yield g.key(i);
  })();
  let done = 0;
  for await (const [, loss] of run.fold(step, [params, optimizer.init(params)] as Carry, keys)) {
    await run.read(loss);
    seen(++done, run);
  }
};

/** Lazy tensors that are computed and read one by one, and mostly forgotten, as in a REPL. */
async function reads(count: number, seen: Seen): Promise<void> {
  await using run = await g.open({ device: "cpu", threads: 2 });
  let x: g.Tensor = g.tensor(new Float32Array(64));
  for (let i = 0; i < count; i++) {
    x = g.ops.add(g.ops.mul(x, 0.5), g.normal(g.key(i), [64]));
    await run.read(i % 3 === 0 ? g.ops.mean(x) : x);
    seen(i + 1, run);
  }
}

/** One compiled function for arguments of ever new shapes. */
async function shapes(count: number, seen: Seen): Promise<void> {
  await using run = await g.open({ device: "cpu", threads: 2 });
  const f = run.jit((x: g.Tensor) => g.ops.sum(g.ops.mul(g.ops.softmax(x), x), [1]));
  for (let i = 0; i < count; i++) {
    await run.read(f(g.normal(g.key(i), [1 + i % 29, 2 + i])));
    seen(i + 1, run);
  }
}

/** Opening a device, computing, and closing it. */
const opens = (device: DeviceName) => async (count: number, seen: Seen): Promise<void> => {
  for (let i = 0; i < count; i++) {
    {
      await using run = await g.open({ device, threads: 2 });
      await run.read(g.ops.sum(g.normal(g.key(i), [100, 100])));
    }
    seen(i + 1);
  }
};

/** Trainings one after the other in one runtime, each with loaders and an evaluation. */
async function fits(count: number, seen: Seen): Promise<void> {
  await using run = await g.open({ device: "cpu", threads: 2 });
  const draw = (split: g.data.Split) => g.data.procedural({ split, count: 32 });
  const { train, test } = g.data.prepareCifar(draw("train"), draw("test"));
  for (let i = 0; i < count; i++) {
    const net = g.sequential(g.nn.conv(4, 3), g.nn.relu, g.nn.flatten, g.nn.dense(10));
    const images = g.normal(g.key(i), [8, 32, 32, 3]), params = net.init(g.key(i), images);
    const optimizer = g.optim.adam({ learningRate: 0.003 });
    const options = { net, params, optimizer, train, test, batch: 8, epochs: 1 };
    for await (const _ of g.fit(run, options)) { /* its events */ }
    seen(i + 1, run);
  }
}

/** A loop: its rounds at full length, and the device that must be there. */
export interface Loop {
  readonly rounds: number;
  /** What is repeated. */
  readonly what: string;
  readonly device: DeviceName;
  readonly repeat: (count: number, seen: Seen) => Promise<void>;
}

/** The loops that run in one process, by name. */
export const LOOPS: Readonly<Record<string, Loop>> = {
  "steps-cpu": { rounds: 200_000, what: "training steps", device: "cpu", repeat: steps("cpu") },
  "steps-webgpu": {
    rounds: 20_000,
    what: "training steps",
    device: "webgpu",
    repeat: steps("webgpu"),
  },
  reads: { rounds: 400_000, what: "lazy reads", device: "cpu", repeat: reads },
  shapes: { rounds: 1500, what: "shapes of one compiled function", device: "cpu", repeat: shapes },
  "opens-cpu": { rounds: 200, what: "opens and closes", device: "cpu", repeat: opens("cpu") },
  "opens-webgpu": {
    rounds: 200,
    what: "opens and closes",
    device: "webgpu",
    repeat: opens("webgpu"),
  },
  "opens-reference": {
    rounds: 200,
    what: "opens and closes",
    device: "reference",
    repeat: opens("reference"),
  },
  fits: { rounds: 1000, what: "trainings by fit", device: "cpu", repeat: fits },
};
