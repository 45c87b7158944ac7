/**
 * Short trainings of FitNets, whose weights are compared bit by bit between versions of the program.
 *
 * @module
 */
import {
  init,
  type Key,
  key,
  models,
  nn,
  normal,
  ops,
  optim,
  type Params,
  type Runtime,
  type Tensor,
  tensor,
  tree,
  valueAndGrad,
} from "../../mod.ts";

/** The FitNets of the registry, and how much of them is trained. */
export const NETS = {
  fitnet1: { batch: 4, size: [32, 32, 3], shrink: "1" },
  fitnet4: { batch: 2, size: [32, 32, 3], shrink: "4" },
  fitnetMnist: { batch: 4, size: [28, 28, 1], shrink: "1" },
  fitnetTeacher: { batch: 2, size: [32, 32, 3], shrink: "4" },
  fitResNet4: { batch: 2, size: [32, 32, 3], shrink: "4" },
} as const;

/** The steps after which weights are recorded: few, for the tests, and more. */
export const STEPS = [5, 50] as const;

/** The name of a net. */
export type NetName = keyof typeof NETS;

/** What weights came to. */
export interface Weights {
  /** The SHA-256 of their bits, in the order of their names. */
  readonly sha256: string;
  /** The first weight of some layers, and the loss of the last step. */
  readonly values: Readonly<Record<string, number>>;
}

/** How many layers are named with a weight. */
const SHOWN = 3;

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The hash of arrays, and a handful of their values. */
async function summarize(
  arrays: readonly (readonly [name: string, data: Float32Array])[],
  loss: number,
): Promise<Weights> {
  const all = new Uint8Array(arrays.reduce((sum, [, data]) => sum + data.byteLength, 0));
  let at = 0;
  for (const [, data] of arrays) {
    all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  const every = Math.ceil(arrays.length / SHOWN), shown = arrays.filter((_, i) => i % every === 0);
  return {
    sha256: hex(await crypto.subtle.digest("SHA-256", all)),
    values: { ...Object.fromEntries(shown.map(([name, data]) => [name, data[0]!])), loss },
  };
}

/**
 * Trains a net by steps of RMSprop on noise, from LSUV.
 *
 * @param steps After how many steps, in ascending order, its weights are looked at.
 * @returns What they came to, after each of these.
 */
export async function trainWeights(
  run: Runtime,
  name: NetName,
  steps: readonly number[] = STEPS,
): Promise<readonly Weights[]> {
  const { batch, size, shrink } = NETS[name], net = models.MODELS[name]({ shrink });
  const images = normal(key(1), [batch, ...size]);
  const labels = tensor(Int32Array.from({ length: batch }, (_, i) => i));
  const begin = run.jit((key: Key, x: Tensor) => init.lsuv(net, net.init(key, x), x));
  const params = begin(key(0), images) as Params;
  const optimizer = optim.rmsprop({ learningRate: 0.001 });
  type Carry = readonly [Params, ReturnType<typeof optimizer.init>];
  const step = ([params, state]: Carry, key: Key) => {
    const loss = (p: Params) =>
      ops.mean(nn.softmaxCrossEntropy(net(p as never, images, key), labels));
    const [value, gradient] = valueAndGrad(loss)(params);
    return [optimizer.step(params, gradient, state) as Carry, value] as const;
  };
  const keys = Array.from({ length: Math.max(...steps) }, (_, i) => key(2 + i));
  const found: Weights[] = [];
  let done = 0;
  for await (const [[weights], loss] of run.fold(step, [params, optimizer.init(params)], keys)) {
    if (steps.includes(++done)) found.push(await look(run, weights, loss));
  }
  return found;
}

/** What weights and the loss of a step came to. */
async function look(run: Runtime, weights: Params, loss: Tensor): Promise<Weights> {
  const named = tree.entries<Tensor>(weights), all: readonly Tensor[] = named.map(([, x]) => x);
  const [[value] = [], ...arrays] = await run.read([loss, ...all]) as unknown as Float32Array[];
  return await summarize(named.map(([path], i) => [path, arrays[i]!] as const), value!);
}
