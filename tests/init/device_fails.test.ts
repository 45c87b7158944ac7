/**
 * A GPU that is lost in the middle of an initialization, of a measurement or of a program's own loop: one line
 * says so, and the next device opens.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { prepareMnist, testBatches } from "../../src/data/mod.ts";
import { DeviceError } from "../../src/device/device_error.ts";
import { valueAndGrad } from "../../src/grad.ts";
import { lsuv, lsuvFromBatches } from "../../src/init/mod.ts";
import { conv, dense, flatten, LOSSES, relu, sequential } from "../../src/nn/mod.ts";
import { mean, sub } from "../../src/ops/mod.ts";
import { type Schedule, sgd } from "../../src/optim/mod.ts";
import { type Key, key, normal } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { mapTree } from "../../src/tree.ts";
import { evaluator, rateRange } from "../../src/train/mod.ts";
import { withWebGpu } from "../devices.ts";
import { openWithGpu } from "../device/webgpu/open_with_gpu.ts";
import { halves, SIZE } from "../train/fixtures.ts";

const net = sequential(conv(3, 3), relu, flatten, dense(4), dense(2));
const images = normal(key(1), [8, SIZE, SIZE, 1]), params = net.init(key(0), images);
const { train, test } = prepareMnist(halves(40), halves(40, 1));
const optimizer = (learningRate: Schedule) => sgd({ learningRate });

/** Calls `harm` before a runtime's nth read. */
const atRead = (run: Runtime, at: number, harm: () => void): Runtime => {
  let reads = 0;
  return new Proxy(run, {
    get(_, name) {
      if (name === "read" && ++reads === at) harm();
      const value = run[name as keyof Runtime] as unknown;
      return typeof value === "function" ? value.bind(run) : value;
    },
  });
};

type Work = (run: Runtime, harm: () => void) => Promise<unknown>;

const WORK: Readonly<Record<string, Work>> = {
  "lsuv() before it is read": (run, harm) => {
    const scaled = lsuv(net, params, images);
    harm();
    return run.read(scaled);
  },
  "lsuv() compiled": (run, harm) => {
    const scaled = run.jit((k: Key, x: Tensor) => lsuv(net, net.init(k, x), x))(key(0), images);
    harm();
    return run.read(scaled);
  },
  "lsuvFromBatches()": (run, harm) => {
    let drawn = 0;
    const next = () => normal(key(drawn++), [8, SIZE, SIZE, 1]);
    return lsuvFromBatches(atRead(run, 3, harm), net, params, next);
  },
  "lsuvFromBatches() on one batch": (run, harm) =>
    lsuvFromBatches(atRead(run, 2, harm), net, params, () => images, { fresh: false }),
  "evaluator()": (run, harm) => {
    function* batches() {
      let count = 0;
      for (const batch of testBatches(test, { batch: 8 })) {
        if (++count === 3) harm();
        yield batch;
      }
    }
    return evaluator(run, net, LOSSES.softmax, test.dataset)(params, batches());
  },
  "rateRange()": (run, harm) =>
    rateRange(atRead(run, 3, harm), { net, params, optimizer, train, batch: 8, steps: 10 }),
  "a loop of valueAndGrad()": async (run, harm) => {
    const step = run.jit((p: typeof params) => {
      const [value, grads] = valueAndGrad((p: typeof params) => mean(net(p, images)))(p);
      return [mapTree<Tensor, Tensor, typeof p>(sub, p, grads), value] as const;
    });
    let now = params;
    for (let i = 0; i < 10; i++) {
      const [next, value] = step(now);
      if (i === 5) harm();
      await run.read(value);
      now = next as unknown as typeof params;
    }
  },
};

for (const [what, work] of Object.entries(WORK)) {
  withWebGpu(`${what} on a GPU that is lost says so in one line`, async () => {
    const [run, gpu] = await openWithGpu();
    let harmed = false;
    const harm = () => {
      harmed = true;
      gpu.destroy();
    };
    const { message } = await assertRejects(() => work(run, harm), DeviceError);
    assert(harmed);
    assertEquals(message.replace(/: [^:]*$/, ""), "webgpu: the device was lost (destroyed)");
    assert(!message.includes("\n"), message);
    await run[Symbol.asyncDispose]();
    await using next = await open({ device: "webgpu" });
    assertEquals([...await next.read(sub(tensor([3]), 1))], [2]);
  });
}
