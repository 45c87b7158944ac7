/**
 * Training steps of TensorFlow.js 4.22.0 on WebGPU.
 *
 *     deno run -P=bench bench/peers/tfjs.ts '{"net":"fitnet1","batch":128,"seconds":3}'
 *
 * Its weight gradient of a convolution loops over all pixels of the batch. Mesa's llvmpipe ends loops after
 * 65,535 iterations: there losses agree at batch 32, and differ at batch 128.
 *
 * Its other backends cannot be compared: `wasm` has no weight gradient of a convolution, and `cpu` takes
 * minutes per step.
 *
 * @module
 */
import { BLOCKS, createStart, given, MOMENTUM, type Numbers, RATE, report } from "./work.ts";

/** The part of its tensors that is used here. */
interface Tensor {
  readonly rank: number;
  add(b: Tensor): Tensor;
  matMul(b: Tensor): Tensor;
  reshape(shape: number[]): Tensor;
  data(): Promise<Float32Array>;
  dispose(): void;
}

/** The part of the package that is used here. */
interface Tfjs {
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  ready(): Promise<void>;
  env(): { set(flag: string, value: number): void };
  tensor(data: Float32Array, shape: readonly number[]): Tensor;
  tensor1d(data: Int32Array, dtype: "int32"): Tensor;
  oneHot(labels: Tensor, depth: number): Tensor;
  variable(initial: Tensor): Tensor;
  split(x: Tensor, pieces: number, axis: number): Tensor[];
  maximum(a: Tensor, b: Tensor): Tensor;
  conv2d(x: Tensor, w: Tensor, stride: number, padding: "same"): Tensor;
  maxPool(x: Tensor, size: number, stride: number, padding: "valid"): Tensor;
  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  readonly train: {
    momentum(rate: number, momentum: number): {
      minimize(loss: () => Tensor, returnCost: true): Tensor;
    };
  };
}

// Names that Deno cannot resolve beforehand, so that type-checking this repository needs no registry.
const PACKAGES = [
  "npm:@tensorflow/tfjs@4.22.0",
  "npm:@tensorflow/tfjs-backend-webgpu@4.22.0",
] as const;
const tf: Tfjs = await import(PACKAGES[0]);
await import(PACKAGES[1]);
if (!await tf.setBackend("webgpu")) {
  throw new Error("tfjs: expected the backend webgpu, found none");
}
await tf.ready();
if (tf.getBackend() !== "webgpu") {
  throw new Error(`tfjs: expected webgpu, found ${tf.getBackend()}`);
}
// Its product a·bᵀ with the inner axis split over workgroups is wrong in this version, as the losses show:
// this setting avoids that path.
tf.env().set("WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL", 0.5);

const work = given(), start = createStart(work), blocks = BLOCKS[work.net];
if (!blocks) throw new Error(`tfjs: expected one of ${Object.keys(BLOCKS)}, found ${work.net}`);
const made = ({ data, shape }: Numbers) => tf.tensor(data, shape);
const params = start.params.map((each) => tf.variable(made(each)));
const images = made(start.images), labels = tf.oneHot(tf.tensor1d(start.labels, "int32"), 10);

const maxout = (x: Tensor, pieces: number) =>
  tf.split(x, pieces, x.rank - 1).reduce((a, b) => tf.maximum(a, b));

function loss(): Tensor {
  const next = params.values(), take = () => next.next().value!;
  let h = images;
  for (const [convolutions, pool] of blocks!) {
    for (let i = 0; i < convolutions; i++) {
      h = maxout(tf.conv2d(h, take(), 1, "same").add(take()), 2);
    }
    h = tf.maxPool(h, pool, pool, "valid");
  }
  h = maxout(h.reshape([work.batch, -1]).matMul(take()).add(take()), 5);
  return tf.losses.softmaxCrossEntropy(labels, h.matMul(take()).add(take()));
}

const optimizer = tf.train.momentum(RATE, MOMENTUM);
await report("tfjs 4.22.0", "webgpu", work, async (read) => {
  const cost = optimizer.minimize(loss, true);
  const [value = NaN] = read ? await cost.data() : [];
  cost.dispose();
  return value;
});
Deno.exit(0);
