/**
 * The parts of a batch whose gradients are accumulated, one by one.
 */
import { assert, assertEquals } from "@std/assert";
import { LOSSES } from "../../src/nn/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { tensor } from "../../src/tensor.ts";
import { partStep, withSums } from "../../src/train/accumulation.ts";
import { initialCarry } from "../../src/train/step.ts";
import { filled, forEachDevice } from "../devices.ts";
import { SIZE, tinyNet, tinyParams } from "./fixtures.ts";

/** The losses of four parts of the same images, at parameters that stay as they are. */
async function lossesOfEqualParts(run: Runtime, rate: number): Promise<number[]> {
  const net = tinyNet(rate), optimizer = sgd({ learningRate: 0.1 });
  const images = filled([3, SIZE, SIZE, 1]), labels = tensor([0, 1, 1], [3], "i32");
  const examples = { images, labels };
  const step = partStep({ net, loss: LOSSES.softmax, optimizer }, 5, () => examples, []);
  const parts = [0, 1, 2, 3].map((part) => ({
    inputs: {},
    first: tensor(Uint32Array.of(1), []),
    part: tensor(Uint32Array.of(part), []),
  }));
  const losses: number[] = [], start = withSums(initialCarry(tinyParams(net), optimizer, key(9)));
  let before = 0;
  for await (const [{ sums }] of run.fold(step, start, parts)) {
    const [sum] = await run.read(sums.value);
    losses.push(sum! - before);
    before = sum!;
  }
  return losses;
}

forEachDevice("each part of a batch has a dropout mask of its own", async (run) => {
  const alike = await lossesOfEqualParts(run, 0), masked = await lossesOfEqualParts(run, 0.5);
  const apart = (losses: readonly number[]) => Math.max(...losses) - Math.min(...losses);
  assertEquals([alike.length, masked.length], [4, 4]);
  assert(apart(alike) < 1e-5, `${alike}`);
  assert(apart(masked) > 1e-2, `${masked}`);
});
