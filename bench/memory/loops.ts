/**
 * The loops whose memory is measured: a training step, run in the ways that programs do.
 *
 * @module
 */
import {
  key,
  nn,
  normal,
  open,
  ops,
  optim,
  type Params,
  type Runtime,
  sequential,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../mod.ts";

/** Ways to run a step repeatedly. */
export const LOOPS = ["compiled", "no pause", "lazy", "donating"] as const;

/** One of {@linkcode LOOPS}. */
export type Loop = (typeof LOOPS)[number];

/** The memory of a loop at one of its steps. */
export interface Point {
  readonly step: number;
  /** MiB allocated on the device. */
  readonly device: number;
  /** MiB of the process. */
  readonly process: number;
}

/** The measurements of a loop. */
export interface LoopResult {
  /** Milliseconds per step, without the first tenth of the steps. */
  readonly ms: number;
  readonly points: readonly Point[];
}

/** The size of a loop. */
export interface Size {
  readonly steps: number;
  /** Units of the hidden layer. */
  readonly units: number;
  readonly batch: number;
}

const mebibytes = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
/** Points of a line. */
const POINTS = 200;

/** Trains for some steps; momentum and all parameters are new tensors after each step. */
export async function runLoop(
  device: "cpu" | "webgpu",
  loop: Loop,
  { steps, units, batch }: Size,
): Promise<LoopResult> {
  await using run: Runtime = await open({ device });
  const net = sequential(nn.flatten, nn.dense(units), nn.relu, nn.dense(10));
  const optimizer = optim.sgd({ learningRate: 0.01, momentum: 0.9 });
  const images = normal(key(1), [batch, 28, 28, 1]);
  const labels = tensor(Int32Array.from({ length: batch }, (_, i) => i % 10));
  type Weights = Params & ReturnType<typeof net.init>;
  type Momentum = ReturnType<typeof optimizer.init>;
  const train = (weights: Weights, momentum: Momentum, x: Tensor, y: Tensor) => {
    const [loss, gradient] = valueAndGrad((p: Weights) =>
      ops.mean(nn.softmaxCrossEntropy(net(p, x), y))
    )(
      weights,
    );
    return [...optimizer.step(weights, gradient, momentum), loss] as const;
  };
  const step = loop === "lazy"
    ? train
    : run.jit(train, loop === "donating" ? { donate: [0, 1] } : {});
  let weights: Weights = net.init(key(0), images), momentum = optimizer.init(weights), loss: Tensor;
  const points: Point[] = [];
  let began = 0;
  for (let i = 0; i < steps; i++) {
    if (i === Math.floor(steps / 10)) began = performance.now();
    [weights, momentum, loss] = step(weights, momentum, images, labels);
    if (loop !== "no pause") await run.read(loss);
    if (i % Math.ceil(steps / POINTS) === 0 || i === steps - 1) {
      const { bytes } = run.memory();
      const process = Deno.memoryUsage().rss;
      points.push({ step: i + 1, device: mebibytes(bytes), process: mebibytes(process) });
    }
  }
  await run.read(loss!);
  return { ms: (performance.now() - began) / (steps - Math.floor(steps / 10)), points };
}
