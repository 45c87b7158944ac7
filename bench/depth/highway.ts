/**
 * Highway MLPs of 100 to 1,000 layers: what each phase up to the first training steps takes.
 *
 * @module
 */
import { lsuvWithReport } from "../../src/init/mod.ts";
import { highwayMlp } from "../../src/models/mod.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { key, normal } from "../../src/random.ts";
import { open } from "../../src/runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { initialCarry, trainStep } from "../../src/train/mod.ts";
import { leaves } from "../../src/tree.ts";
import { asyncMilliseconds, milliseconds, processMemory, type Row } from "./rows.ts";

const BATCH = 64;

/** Milliseconds of each phase, compiling included, and the memory at the end. */
export async function highways(
  device: "cpu" | "webgpu",
  depths: readonly number[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const depth of depths) {
    await using run = await open({ device });
    const x = normal(key(1), [BATCH, 28, 28, 1]), row: Row = { device, layers: depth };
    let net!: ReturnType<typeof highwayMlp>, params!: readonly Params[];
    row["describe, ms"] = milliseconds(() => net = highwayMlp({ depth }));
    row["init, ms"] = await asyncMilliseconds(async () => {
      params = run.jit((k: Tensor) => net.init(k, x))(key(0));
      await run.read(leaves<Tensor>(params).slice(-1));
    });
    row["lsuv, ms"] = await asyncMilliseconds(async () => {
      const lsuv = run.jit((p: readonly Params[], x: Tensor) => lsuvWithReport(net, p, x)[1]);
      await run.read(lsuv(params, x));
    });
    const optimizer = sgd({ learningRate: 0.01 });
    const step = run.jit(trainStep({ net, loss: LOSSES.softmax, optimizer }));
    const labels = tensor(Int32Array.from({ length: BATCH }, (_, i) => i % 10));
    let carry = initialCarry(params, optimizer, key(0));
    const take = () =>
      asyncMilliseconds(async () => {
        [carry] = step(carry, { images: x, labels, first: tensor(1, [], "u32") });
        await run.read([carry.metrics.loss]);
      });
    row["first step, ms"] = await take();
    const later = [await take(), await take(), await take()];
    rows.push({ ...row, "then, ms": Math.min(...later), ...processMemory() });
  }
  return rows;
}
