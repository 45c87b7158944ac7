/**
 * Where numbers first were not finite: the message of a training that diverges.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  batchNorm,
  conv,
  dense,
  flatten,
  relu,
  residual,
  sequential,
} from "../../../src/nn/mod.ts";
import type { Layer } from "../../../src/nn/mod.ts";
import { type Optimizer, sgd, type SgdState } from "../../../src/optim/mod.ts";
import { equal, where } from "../../../src/ops/mod.ts";
import { key } from "../../../src/random.ts";
import { open, type Runtime } from "../../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../../src/tensor.ts";
import { DivergedError } from "../../../src/train/diverged_error.ts";
import { evaluate } from "../../../src/train/evaluate_source.ts";
import { fit } from "../../../src/train/fit.ts";
import type { FitOptions } from "../../../src/train/fit_options.ts";
import { entries, leaves, unflatten } from "../../../src/tree.ts";
import { forEachDevice } from "../../devices.ts";
import { SIZE, tinySplits } from "../fixtures.ts";

const { train, test } = tinySplits(48, 16);
const rule = (learningRate: number, momentum = 0.9) =>
  sgd({ learningRate, momentum }) as unknown as Optimizer<Params>;

const net = sequential(
  conv(3, 3, { padding: 1 }),
  batchNorm(),
  relu,
  residual(sequential(conv(3, 3, { padding: 1 }), relu)),
  flatten,
  dense(2),
) as unknown as Layer;
const params = net.init(key(3), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));

/** The parameters with others at a path. */
const changed = (path: string, change: (w: Float32Array) => void): Params =>
  unflatten<unknown, Tensor, Tensor>(
    params,
    entries<Tensor>(params).map(([at, w]) => {
      if (at !== path) return w;
      const data = new Float32Array(w.size).fill(0.5);
      change(data);
      return tensor(data, w.shape);
    }),
  ) as Params;

type Given = {
  readonly [K in keyof FitOptions<Params, Params>]?: FitOptions<Params, Params>[K] | undefined;
};

async function divergedAt(run: Runtime, over: Given): Promise<DivergedError> {
  const options = { net, params, optimizer: rule(0.01), train, test, batch: 8, epochs: 3, ...over };
  const work = async () => {
    const all = { progressEvery: Infinity, ...options } as FitOptions<Params, Params>;
    for await (const _ of fit(run, all)) continue;
  };
  return await assertRejects(work, DivergedError);
}

/** Whether weights evaluate to a finite loss. */
async function areGood(run: Runtime, { params, averages }: DivergedError): Promise<boolean> {
  for (const each of [params, ...averages ? [averages] : []]) {
    const { loss } = await evaluate(run, { net, params: each, test });
    if (!Number.isFinite(loss)) return false;
  }
  return true;
}

const scale = train.scale.slice();
scale[3] = NaN;

const CASES: Readonly<Record<string, readonly [Given, RegExp]>> = {
  "an image of NaN": [
    { train: { ...train, scale } },
    /^step \d \(epoch 1, batch \d\): the batch's images are not finite: 16 of (64|128) values are NaN$/,
  ],
  "a parameter of NaN": [
    { params: changed("[0].w", (w) => w[2] = NaN) },
    /^step 1 \(epoch 1, batch 1\): the parameter \[0\]\.w of \[0\] conv is not finite: 1 of 27 values is NaN$/,
  ],
  "weights whose output overflows": [
    { params: changed("[3][0][0].w", (w) => w.fill(2e38)) },
    /^step 1 \(epoch 1, batch 1\): the output of \[3\]\[0\]\[0\] conv \(conv2d\) is not finite: [\d, a-zNI]+; its input was finite in \[0, [\d.]+\]$/,
  ],
};

for (const [name, [over, expected]] of Object.entries(CASES)) {
  forEachDevice(`fit() says where ${name} was noticed`, async (run) => {
    for (const more of [{ averaging: 0.9, resident: true }, { accumulate: 2 }]) {
      const error = await divergedAt(run, { ...over, ...more });
      assert(expected.test(error.reason), `${JSON.stringify(more)}: ${error.reason}`);
      assert(error.message.startsWith(`fit: ${error.reason}. `), error.message);
    }
  });
}

forEachDevice("fit() says that a label on the device is no class", async (run) => {
  const labels = run.jit((x: Tensor) => x)(tensor(Int32Array.of(0, 1, 7, 0), [4]));
  const images = tensor(new Float32Array(4 * SIZE * SIZE).fill(0.5), [4, SIZE, SIZE, 1]);
  const error = await divergedAt(run, { train: [{ images, labels }], test: undefined });
  assertStringIncludes(error.reason, "the loss (");
  assertStringIncludes(error.reason, "so a label may be no class");
});

forEachDevice("fit() says that gradients' squares are too large", async (run) => {
  const linear = sequential(flatten, dense(2)) as unknown as Layer;
  const start = linear.init(key(1), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));
  const images = tensor(new Float32Array(4 * SIZE * SIZE).fill(1e20), [4, SIZE, SIZE, 1]);
  const batches = [{ images, labels: [0, 1, 0, 1] }];
  const over = {
    net: linear,
    params: start,
    train: batches,
    optimizer: rule(1e-30),
    test: undefined,
  };
  const { reason, found } = await divergedAt(run, over);
  assert(
    /the gradient of the parameter \[1\]\.w of \[1\] dense \(\w+\) is too large/.test(reason),
    reason,
  );
  assertEquals(found!.nan + found!.infinite, 0);
});

forEachDevice("fit() keeps the last weights with a finite loss, whatever the rate", async (run) => {
  for (const rate of [1e12, 1e20, 1e30]) {
    for (const more of rate === 1e20 ? [{ accumulate: 2 }, { averaging: 0.9 }] : [{}]) {
      const error = await divergedAt(run, { optimizer: rule(rate), epochs: 30, ...more });
      assert(await areGood(run, error), `${rate} ${JSON.stringify(more)}: ${error.message}`);
      assert(error.found !== undefined, error.message);
      assert(error.keptStep >= error.step - 1 && error.keptStep <= error.step, error.message);
    }
  }
});

/** SGD, but after step 5 every parameter is so large that losses overflow. */
function fatal(): Optimizer<Params> {
  const { init, step } = sgd({ learningRate: 0.01 });
  return {
    init,
    step: (params, grads, state) => {
      const [next, after] = step(params, grads, state as SgdState);
      const isBad = equal((state as SgdState).step, 5);
      const large = leaves<Tensor>(next).map((w) => where(isBad, 1e37, w));
      return [unflatten(next, large) as unknown as typeof next, after];
    },
  };
}

forEachDevice(
  "fit() keeps the weights of the step before the one that spoils them",
  async (run) => {
    const optimizer = fatal(), read = (tree: Params) => run.read(leaves<Tensor>(tree));
    for (const more of [{ averaging: 0.9 }, { accumulate: 2 }]) {
      const error = await divergedAt(run, { optimizer, ...more });
      assertEquals([error.step, error.keptStep], [6, 5], error.message);
      const until = {
        net,
        params,
        optimizer,
        train,
        batch: 8,
        epochs: 3,
        progressEvery: 0,
        ...more,
      };
      const controller = new AbortController();
      for await (const event of fit(run, { ...until, signal: controller.signal })) {
        if (event.step >= 5) controller.abort();
        if (event.kind !== "end") continue;
        assertEquals(event.step, 5);
        assertEquals(await read(error.params), await read(event.params));
        assertEquals(await read(error.averages ?? []), await read(event.averages ?? []));
      }
    }
  },
);

Deno.test("fit() says that batches that can be read only once cannot be replayed", async () => {
  await using run = await open({ device: "reference" });
  const images = tensor(new Float32Array(4 * SIZE * SIZE).fill(NaN), [4, SIZE, SIZE, 1]);
  function* once() {
    yield { images, labels: [0, 1, 0, 1] };
  }
  const error = await divergedAt(run, { train: once(), test: undefined, epochs: 1 });
  assertStringIncludes(error.reason, "cannot be replayed: its batches can be read only once");
});
