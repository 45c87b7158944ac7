// A program that runs in Deno, Node and Bun, and prints the same numbers in each, as one line of JSON.
import * as g from "@goodinit/goodinit";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";

/** The bits of every tensor in a tree. */
const bits = async (run, tree) => {
  const hash = createHash("sha256");
  for (const leaf of g.tree.leaves(tree)) {
    const values = await run.read(leaf);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex").slice(0, 16);
};

const net = g.sequential(
  g.nn.conv(8, 3, { padding: 1, pieces: 2 }),
  g.nn.maxPool(2),
  g.nn.flatten,
  g.nn.dropout(0.2),
  g.nn.dense(10),
);
const pictures = (split, count) => g.data.procedural({ split, count, size: 16, channels: 1 });
const { train, test } = g.data.prepareMnist(pictures("train", 120), pictures("test", 40));

const initialize = (run) => {
  const [batch] = g.data.testBatches(train, { batch: 40 });
  const { images } = g.train.batchTensors(batch, train.dataset);
  const params = run.jit((key, x) => g.lsuv(net, net.init(key, x), x))(g.key(0), images);
  return { images, params };
};

/** Fits the net; returns the bits of the trained weights and the losses of the epochs. */
const fit = async (run, params, more) => {
  const optimizer = g.optim.adam({ learningRate: 0.01 }), losses = [];
  const settings = { net, params, optimizer, train, test, batch: 20, epochs: 2, ...more };
  for await (const event of g.fit(run, settings)) {
    if (event.kind === "epoch") losses.push([event.trainLoss, event.test.accuracy]);
    if (event.kind === "epoch" && event.epoch === more?.stopAfter) more.stop.abort();
    if (event.kind === "end") return { weights: await bits(run, event.params), losses };
  }
};

/** What a device computes: LSUV, training without interruption, and the same stopped and resumed. */
const onDevice = async (options) => {
  const run = await g.open(options), folder = await mkdtemp(`${tmpdir()}/goodinit-`);
  try {
    const { images, params } = initialize(run);
    const variance = [...await run.read(g.ops.concat(g.init.variances(net, params, images)))];
    const whole = await fit(run, params);
    const stop = new AbortController();
    await fit(run, params, {
      signal: stop.signal,
      stop,
      stopAfter: 1,
      checkpoint: { folder, seconds: 0 },
    });
    const files = await readdir(folder), resume = await g.train.findCheckpoint(folder);
    const resumed = await fit(run, params, { resume, prefetch: true });
    const file = `${folder}/net.safetensors`;
    await g.train.writeAtomically(file, await g.train.saveParams(run, params));
    const loaded = g.train.loadParams(new Uint8Array(await readFile(file)), params);
    return {
      lsuv: await bits(run, params),
      variance: variance.map((v) => v.toFixed(2)),
      loaded: await bits(run, loaded),
      whole,
      checkpoints: files.length > 0,
      resumed: resumed.weights,
    };
  } finally {
    await rm(folder, { recursive: true });
    await run[Symbol.asyncDispose]();
  }
};

/** Buffers and bytes after ten steps of an ordinary loop, and after thirty. */
const memory = async () => {
  const run = await g.open({ device: "cpu" }), counts = [];
  const { images, params } = initialize(run);
  const step = (p, x) => [g.tree.mapTree((w) => g.ops.mul(w, 0.99), p), g.ops.mean(net(p, x))];
  for await (const [, y] of run.fold(step, params, Array.from({ length: 30 }, () => images))) {
    await run.read(y);
    counts.push(run.memory());
  }
  await run[Symbol.asyncDispose]();
  return JSON.stringify(counts[9]) === JSON.stringify(counts[29]);
};

/** A data set read from gzipped files in MNIST's format. */
const files = async () => {
  const folder = await mkdtemp(`${tmpdir()}/goodinit-`);
  const header = (...sizes) => {
    const bytes = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
    bytes.setUint32(0, 0x800 + sizes.length);
    sizes.forEach((size, i) => bytes.setUint32(4 + 4 * i, size));
    return new Uint8Array(bytes.buffer);
  };
  const write = (name, sizes, content) =>
    writeFile(`${folder}/${name}.gz`, gzipSync(new Uint8Array([...header(...sizes), ...content])));
  await write("t10k-images-idx3-ubyte", [20, 28, 28], new Uint8Array(20 * 784).map((_, i) => i));
  await write("t10k-labels-idx1-ubyte", [20], new Uint8Array(20).map((_, i) => i % 10));
  const { count, images, labels } = await g.data.loadMnist(folder, { split: "test" });
  const absent = await g.data.loadMnist(`${folder}/none`, { split: "test" }).catch((e) => e.name);
  await rm(folder, { recursive: true });
  return { count, last: images[images.length - 1], labels: [...labels].join(""), absent };
};

/** A product that is shared with worker threads, and how many of these were started. */
const shared = async () => {
  const threads = process.getBuiltinModule("node:worker_threads");
  const [place, Started] = globalThis.Worker
    ? [globalThis, globalThis.Worker]
    : [threads, threads.Worker];
  let started = 0;
  place.Worker = class extends Started {
    constructor(...args) {
      super(...args);
      started++;
    }
  };
  const run = await g.open({ device: "cpu", threads: 2, native: false });
  const x = g.normal(g.key(1), [512, 512]), squared = run.jit((x) => g.ops.matmul(x, x));
  const values = await run.read(squared(x));
  await run[Symbol.asyncDispose]();
  place.Worker = Started;
  return { started, hash: createHash("sha256").update(values).digest("hex").slice(0, 16) };
};

// It is never closed: a program must end all the same.
const auto = await g.open();
const result = {
  shown: inspect(g.tensor([[1, 2], [3, 4.5]])),
  reference: await onDevice({ device: "reference" }),
  one: await onDevice({ device: "cpu", threads: 1, native: false }),
  two: await onDevice({ device: "cpu", threads: 2, native: false }),
  shared: await shared(),
  memory: await memory(),
  files: await files(),
};
const webgpu = await g.open({ device: "webgpu" }).then(() => "opened", ({ message }) => message);
const { device, description, reason } = auto;
console.log(JSON.stringify({ result, platform: { device, description, reason, webgpu } }));
