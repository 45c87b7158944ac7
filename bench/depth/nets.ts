/**
 * Deep nets, long sequences and long sums: the time to compile and to run, and how much is compiled.
 *
 * @module
 */
import { valueAndGrad } from "../../src/grad.ts";
import { dense, relu, sequential } from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { leaves, unflatten } from "../../src/tree.ts";
import { asyncMilliseconds, processMemory, type Row } from "./rows.ts";

type Device = "reference" | "cpu" | "webgpu";

/** A function that takes a step of gradient descent. */
const descentStep =
  <P extends Params>(loss: (params: P, x: Tensor) => Tensor) => (params: P, x: Tensor) => {
    const [value, gradient] = valueAndGrad(loss)(params, x);
    const gradients = leaves<Tensor>(gradient);
    const next = leaves<Tensor>(params).map((p, i) => ops.sub(p, ops.mul(gradients[i]!, 0.01)));
    return [unflatten<unknown, Tensor, Tensor>(params, next) as P, value] as const;
  };

/** How many kernels a function becomes, and how many different ones are compiled. */
function compiled<A extends readonly Params[]>(
  run: Runtime,
  f: (...args: A) => Params,
  ...args: A
): Row {
  const found = /(\d+) (?:passes|dispatches) of (\d+) /.exec(run.explain(f, ...args));
  return found ? { kernels: Number(found[1]), compiled: Number(found[2]) } : {};
}

/** Milliseconds of two calls of a function, the first of which compiles. */
async function twice(run: Runtime, f: () => Tensor): Promise<Row> {
  const call = () => asyncMilliseconds(async () => await run.read(f()));
  return { "first, ms": await call(), "then, ms": await call() };
}

/** Nets of dense layers: orthonormal weights, and a training step. */
export async function layers(device: Device, depths: readonly number[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const depth of depths) {
    await using run = await open({ device });
    const width = 32, x = tensor(new Float32Array(16 * width).fill(0.5), [16, width]);
    const net = sequential(...Array.from({ length: depth }, () => [dense(width), relu]).flat());
    const params = net.init(key(0), x) as unknown as readonly Params[];
    const all = leaves<Tensor>(params);
    const init = await asyncMilliseconds(async () => await run.read(all));
    const step = descentStep((p: readonly Params[], x: Tensor) => {
      const y = net(p as never, x);
      return ops.mean(ops.mul(y, y));
    });
    const jitted = run.jit(step);
    rows.push({
      device,
      layers: depth,
      "init, ms": init,
      ...await twice(run, () => jitted(params, x)[1]),
      ...compiled(run, step, params, x),
      ...processMemory(),
    });
  }
  return rows;
}

type Weights = { readonly x: Tensor; readonly h: Tensor; readonly b: Tensor };

/** The outputs of an LSTM of 16 units, one time step after another: x [batch, steps, 16]. */
function lstm({ x: wx, h: wh, b }: Weights, x: Tensor): Tensor {
  const [batch, steps, size] = x.shape as [number, number, number], outputs: Tensor[] = [];
  let h: Tensor = ops.constant(0, [batch, size]), c = h;
  for (let t = 0; t < steps; t++) {
    const own = ops.reshape(ops.slice(x, [0, t], [batch, t + 1]), [batch, size]);
    const all = ops.add(ops.add(ops.matmul(own, wx), ops.matmul(h, wh)), b);
    const [i, f, g, o] = [0, 1, 2, 3].map((k) =>
      ops.slice(all, [0, k * size], [batch, (k + 1) * size])
    ) as [Tensor, Tensor, Tensor, Tensor];
    c = ops.add(ops.mul(ops.sigmoid(f), c), ops.mul(ops.sigmoid(i), ops.tanh(g)));
    outputs.push(h = ops.mul(ops.sigmoid(o), ops.tanh(c)));
  }
  return ops.stack(outputs, 1);
}

/** Two LSTMs, one over the outputs of the other, unrolled. */
export async function sequences(device: Device, lengths: readonly number[]): Promise<Row[]> {
  const rows: Row[] = [], size = 16;
  for (const length of lengths) {
    await using run = await open({ device });
    const weight = (seed: number, ...shape: number[]) => ops.mul(normal(key(seed), shape), 0.2);
    const one = (seed: number): Weights => ({
      x: weight(seed, size, 4 * size),
      h: weight(seed + 1, size, 4 * size),
      b: weight(seed + 2, 4 * size),
    });
    const params = [one(0), one(3)], x = weight(9, 8, length, size);
    const step = descentStep((p: readonly Weights[], x: Tensor) => {
      const y = lstm(p[1]!, lstm(p[0]!, x));
      return ops.mean(ops.mul(y, y));
    });
    const jitted = run.jit(step);
    await run.read([...leaves<Tensor>(params), x]);
    rows.push({
      device,
      steps: length,
      ...await twice(run, () => jitted(params, x)[1]),
      ...compiled(run, step, params, x),
      ...processMemory(),
    });
  }
  return rows;
}

/** Sums of lazy numbers. */
export async function totals(device: Device, counts: readonly number[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of counts) {
    await using run = await open({ device });
    const total = () => {
      let sum: Tensor = ops.constant(0);
      for (let i = 0; i < count; i++) sum = ops.add(sum, ops.mul(tensor(i), 0.5));
      return sum;
    };
    rows.push({ device, terms: count, ...await twice(run, total) });
  }
  return rows;
}
