/**
 * Threads: results do not depend on how many there are.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { grad, valueAndGrad } from "../../../src/grad.ts";
import { fitnet1 } from "../../../src/models/mod.ts";
import { softmaxCrossEntropy } from "../../../src/nn/mod.ts";
import { conv2d, exp, gather, matmul, maximum, mean, mul, sum } from "../../../src/ops/mod.ts";
import { key, normal } from "../../../src/random.ts";
import { open } from "../../../src/runtime/mod.ts";
import type { Data } from "../../../src/host_data.ts";
import { type Params, type Tensor, tensor } from "../../../src/tensor.ts";
import { leaves } from "../../../src/tree.ts";
import { filled } from "../../devices.ts";

const net = fitnet1({ dropout: 0 });
const images = filled([8, 32, 32, 3]), labels = tensor(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7));

/** Losses and gradients of a net, and a few results of other kinds. */
function everything(x: Tensor, y: Tensor): readonly Tensor[] {
  const params = net.init(key(1), x);
  const loss = (p: typeof params) => mean(softmaxCrossEntropy(net(p, x), y));
  const [value, gradient] = valueAndGrad(loss)(params);
  const big = normal(key(2), [300, 301]);
  const product = matmul(big, exp(mul(normal(key(3), [301, 203]), 0.1)));
  const depthwise = (w: Tensor) => conv2d(x, w, { groups: 3, padding: 1, stride: 2 });
  const taps = normal(key(4), [3, 3, 1, 6]),
    [dw] = grad(([w]: readonly Tensor[]) => sum(mul(depthwise(w!), depthwise(w!))))([taps]) as [
      Tensor,
    ];
  const rest = [
    depthwise(taps),
    dw,
    product,
    sum(big),
    sum(big, 0),
    maximum(big, 0),
    gather(big, y),
  ];
  return [value, ...leaves<Tensor>(gradient as Params), ...rest];
}

/** What a runtime of some threads computes the second time, when all its threads are there. */
async function resultOf(threads: number): Promise<{ bits: Uint32Array[]; description: string }> {
  await using run = await open({ device: "cpu", threads });
  const call = run.jit(everything);
  await run.read(call(images, labels));
  const read = await run.read(call(images, labels)) as readonly Data[];
  return { bits: read.map((x) => new Uint32Array(x.buffer)), description: run.description };
}

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("open() with 1, 2, 3 or 8 threads gives the same bits", options, async () => {
  const one = await resultOf(1);
  for (const threads of [2, 3, 8]) {
    const more = await resultOf(threads);
    assert(more.description.endsWith(`${threads} threads`), more.description);
    assertEquals(more.bits.length, one.bits.length);
    one.bits.forEach((bits, i) => {
      const different = bits.reduce((n, b, k) => b === more.bits[i]![k] ? n : n + 1, 0);
      assertEquals([threads, i, different], [threads, i, 0]);
    });
  }
});

Deno.test("threads see memory that grew after they started", options, async () => {
  await using run = await open({ device: "cpu", threads: 2 });
  let before = 0;
  for (const size of [64, 512, 1024, 2048]) {
    const call = run.jit((x: Tensor) => sum(matmul(x, x)));
    const [total] = await run.read([
      call(tensor(new Float32Array(size * size).fill(1), [size, size])),
    ]);
    assertEquals(total[0], size ** 3);
    assert(run.memory().bytes >= before);
    before = run.memory().bytes;
  }
});

Deno.test("open() rejects numbers of threads that are none", async () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    await assertRejects(
      () => open({ device: "cpu", threads }),
      RangeError,
      `open: expected threads to be an integer from 1 to 1024, found ${threads}`,
    );
  }
});
