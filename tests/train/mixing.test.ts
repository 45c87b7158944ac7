/**
 * Mixup, CutMix and smoothed labels.
 */
import { assert, assertEquals } from "@std/assert";
import {
  dense,
  dropout,
  flatten,
  type Layer,
  LOSSES,
  sequential,
  smoothLabels,
  trainingPass,
} from "../../src/nn/mod.ts";
import { add, mean, mul, sub } from "../../src/ops/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { foldIn, type Key, key, normal, split } from "../../src/random.ts";
import { open } from "../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { cutmix, type Mixing, mixup } from "../../src/train/mixing.ts";
import { differentiate } from "../../src/train/objective.ts";
import { initialCarry, trainStep } from "../../src/train/step.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";

const draws = async (alpha: number, count: number): Promise<number[]> => {
  await using run = await open({ device: "cpu", threads: 1 });
  const mix = mixup(alpha), pair = tensor([0, 1], [2, 1, 1, 1]), found: number[] = [];
  const step = (k: Key, i: Tensor) => [k, mix(pair, foldIn(k, i)).own] as const;
  const numbers = Array.from({ length: count }, (_, i) => tensor(Int32Array.of(i), []));
  for await (const [, own] of run.fold(step, key(7), numbers)) {
    found.push((await run.read(own))[0]!);
  }
  return found;
};

Deno.test("mixup() draws the larger part of a Beta distribution", async () => {
  for (const alpha of [0.1, 0.4, 1, 3, 50]) {
    const found = await draws(alpha, 800), variance = 1 / (4 * (2 * alpha + 1));
    assert(found.every((part) => part >= 0.5 && part <= 1), `${alpha}`);
    const around = found.reduce((sum, part) => sum + (part - 0.5) ** 2, 0) / found.length;
    assertClose([around], [variance], { relative: 0.12, absolute: 0 }, `alpha ${alpha}`);
  }
});

Deno.test("how images are mixed does not tell what dropout drops with the same key", async () => {
  await using run = await open({ device: "reference" });
  const ones = filled([2, 8, 8, 1], 0, 1, 1), drop = dropout(0.5), keys = split(key(11), 48);
  const cases = [[mixup(1), drop], [cutmix(1), sequential(drop)]] as [Mixing, Layer][];
  for (const [mix, net] of cases) {
    const params = net.init(key(0), ones);
    const draw = (k: Key) => [mix(ones, k).own, trainingPass(net, params, ones, k).output];
    const read = await Promise.all(keys.map((k) => run.read(draw(k))));
    const drawn = read.map(([own, seen]) => ({ own: own![0]!, isKept: seen![0]! > 0 }));
    const median = drawn.map(({ own }) => own).sort((a, b) => a - b)[24]!;
    const agree = drawn.filter(({ own, isKept }) => (own < median) === isKept).length;
    assert(agree > 10 && agree < 38, `${agree} of 48`);
  }
});

forEachDevice(
  "mixing is the same on every device, and pairs a batch from both ends",
  async (run) => {
    const images = normal(key(1), [5, 6, 7, 2]);
    for (const mix of [mixup(0.4), cutmix(1)]) {
      const f = run.jit((k: Key) => {
        const { images: mixed, own, partner } = mix(images, k);
        return [mixed, own, partner(tensor([0, 1, 2, 3, 4], [5], "i32")), images] as const;
      });
      const [mixed, [own], labels, before] = await run.read(f(key(3)));
      assertEquals([...labels!], [4, 3, 2, 1, 0]);
      await using oracle = await open({ device: "reference" });
      const [expected, [part]] = await oracle.read([
        mix(images, key(3)).images,
        mix(images, key(3)).own,
      ]);
      assertClose([own!], [part!], { relative: 1e-6, absolute: 0 });
      assertClose([...mixed!], [...expected!], { relative: 1e-5, absolute: 1e-6 });
      // The middle image is its own partner.
      const size = 6 * 7 * 2;
      assertClose([...mixed!.slice(2 * size, 3 * size)], [...before!.slice(2 * size, 3 * size)]);
    }
  },
);

Deno.test("cutmix() replaces one rectangle, whose area is the partner's part", async () => {
  await using run = await open({ device: "reference" });
  const rows = Array.from({ length: 2 * 9 * 11 }, (_, i) => i < 99 ? 0 : 1);
  const mix = cutmix(1), areas = new Set<number>();
  for (const k of split(key(5), 20)) {
    const { images, own } = mix(tensor(rows, [2, 9, 11, 1]), k);
    const [mixed, [part]] = await run.read([images, own]);
    const foreign: number[] = [...mixed!.slice(0, 99)],
      count = foreign.reduce((sum, x) => sum + x, 0);
    assertClose([1 - count / 99], [part!], { relative: 1e-6, absolute: 1e-6 });
    const at = [...foreign].flatMap((x, i) => x ? [[Math.floor(i / 11), i % 11] as const] : []);
    const [top, bottom] = [Math.min(...at.map(([r]) => r)), Math.max(...at.map(([r]) => r))];
    const [left, right] = [Math.min(...at.map(([, c]) => c)), Math.max(...at.map(([, c]) => c))];
    if (count > 0) assertEquals((bottom - top + 1) * (right - left + 1), count);
    areas.add(count);
  }
  assert(areas.size > 6);
});

const net = sequential(flatten, dense(3));
const images = normal(key(1), [6, 2, 2, 1]), labels = tensor([0, 1, 2, 1, 0, 2], [6], "i32");
const params = net.init(key(0), images);

forEachDevice("a step mixes the losses of both labels, and smooths labels", async (run) => {
  const mixing = mixup(1),
    labelSmoothing = 0.2,
    inputs = { images, labels, key: key(4), step: tensor(0, [], "i32") };
  const { value } = differentiate(
    { net, loss: LOSSES.softmax, mixing, labelSmoothing },
    params,
    inputs,
  );
  const { images: mixed, own, partner } = mixing(images, key(4)), logits = net(params, mixed);
  const losses = (of: typeof labels) => LOSSES.softmax(logits, smoothLabels(of, 3, labelSmoothing));
  const expected = mean(add(mul(losses(labels), own), mul(losses(partner(labels)), sub(1, own))));
  const [[found], [wanted]] = await run.read([value, expected]);
  assertClose([found!], [wanted!], { relative: 1e-6, absolute: 0 });
});

forEachDevice("a step draws another mixture each time", async (run) => {
  const step = trainStep({
    net,
    loss: LOSSES.softmax,
    optimizer: sgd({ learningRate: 1e-30 }),
    mixing: mixup(1),
  });
  const start = initialCarry(params, sgd({ learningRate: 1e-30 }), key(2)), losses: number[] = [];
  const batches = Array.from(
    { length: 3 },
    () => ({ images, labels, first: tensor(Uint32Array.of(1), []) }),
  );
  for await (const [{ metrics }] of run.fold(step, start, batches)) {
    losses.push((await run.read(metrics.loss))[0]!);
  }
  assertEquals(new Set(losses).size, 3);
});
