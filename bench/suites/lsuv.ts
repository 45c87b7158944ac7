/**
 * The cost of LSUV on one fixed batch, in seconds and in forward passes of the same net on the same batch.
 *
 * @module
 */
import { lsuv } from "../../src/init/mod.ts";
import {
  type Activation,
  ACTIVATIONS,
  fitnet1,
  fitnet4,
  fitnetMnist,
} from "../../src/models/mod.ts";
import { sum } from "../../src/ops/mod.ts";
import { type Key, key, normal } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { repeat, significant } from "../measure.ts";
import { roundedMs, type Row } from "../result.ts";
import { inputsFor } from "../nets/mod.ts";
import type { Bench } from "../suite.ts";

const MODELS = { fitnet1, fitnet4, fitnetMnist } as const;
type ModelName = keyof typeof MODELS;
const NAMES = Object.keys(MODELS) as readonly ModelName[];

/** Times a forward pass, and the whole initialization. */
async function measureNet(
  run: Runtime,
  name: ModelName,
  activation: Activation,
  size: number,
  ms: number,
) {
  const net = MODELS[name]({ activation, dropout: 0 }), images = inputsFor(name, size);
  const x = run.jit((k: Key) => normal(k, images.shape))(key(1));
  const params = run.jit((k: Key, x: Tensor) => net.init(k, x))(key(0), x);
  const forward = run.jit((p: readonly Params[], x: Tensor) => sum(net(p, x)));
  const scaled = run.jit((p: readonly Params[], x: Tensor) => lsuv(net, p, x));
  // One number of the result depends on every layer's scale: the classifier comes last.
  const last = run.jit((p: readonly Params[]) => sum((p.at(-1) as { w: Tensor }).w));
  const pass = await repeat(async () => (await run.read(forward(params, x)))[0]!, ms);
  const whole = await repeat(async () => (await run.read(last(scaled(params, x))))[0]!, ms);
  return {
    suite: "LSUV",
    name: `${name} ${activation}, batch ${size}`,
    ms: roundedMs(whole.ms),
    forwardPasses: significant(whole.ms.median / pass.ms.median),
  };
}

/** Each net with each activation. */
export async function* lsuvCost({ quick, budget, open }: Bench): AsyncGenerator<Row> {
  for (const name of quick ? NAMES.slice(-1) : NAMES) {
    await using run = await open();
    for (const activation of quick ? ACTIVATIONS.slice(0, 1) : ACTIVATIONS) {
      yield await measureNet(run, name, activation, quick ? 8 : 32, budget);
    }
  }
}
