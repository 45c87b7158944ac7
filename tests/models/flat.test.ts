/**
 * The first gradient on images with flat regions, where ReLUs, maxima over pieces and poolings meet exact
 * zeros and equal numbers: what fast kernels round must not decide which way gradients go.
 */
import { assert } from "@std/assert";
import { loadMnist } from "../../src/data/mnist/load_mnist.ts";
import { mean } from "../../src/ops/mod.ts";
import { valueAndGrad } from "../../src/grad.ts";
import { fitnet1, fitnetMnist } from "../../src/models/mod.ts";
import { type Layer, softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Data } from "../../src/host_data.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { leaves, unflatten } from "../../src/tree.ts";
import { folderWith } from "../data/folder.ts";
import { relative } from "../device/cpu/distance.ts";
import { assertClose, fill, forEachDevice, hash, runtimeOf } from "../devices.ts";
import { filled, samples } from "../golden/fill.ts";
import { goldenMnist } from "../golden/read.ts";

type Net = Layer<readonly Params[]>;

/** Loss and gradients, as numbers. */
async function first(run: Runtime, net: Net, params: Params, x: Tensor, labels: Tensor) {
  const call = run.jit((params: readonly Params[], x: Tensor, labels: Tensor) =>
    valueAndGrad((p: readonly Params[]) => mean(softmaxCrossEntropy(net(p, x), labels)))(params)
  );
  const [loss, gradients] = call(params as readonly Params[], x, labels);
  return await run.read([loss, ...leaves<Tensor>(gradients)]) as readonly Data[];
}

/** Parameters of a net with weights of variance 1 / fan-in; biases of zero unless a value is given. */
function paramsOf(net: Net, x: Tensor, bias: number): Params {
  const made = net.init(key(0), x);
  const values = leaves<Tensor>(made).map(({ shape, size }, i) => {
    const fanIn = shape.slice(0, -1).reduce((n, d) => n * d, 1), scale = Math.sqrt(3 / fanIn);
    return tensor(
      i % 2 ? new Float32Array(size).fill(bias) : fill(size, i, -scale, scale),
      shape,
    );
  });
  return unflatten<unknown, Tensor, Tensor>(made, values);
}

/** Strokes of gray on a background, as a pen makes them. */
function strokes(count: number, side: number, channels: number, background: number): Tensor {
  const data = new Float32Array(count * side * side * channels).fill(background);
  for (let n = 0; n < count; n++) {
    let y = side / 2, x = side / 2;
    for (let i = 0; i < 40; i++) {
      const within = (v: number) => Math.min(side - 6, Math.max(5, v));
      y = within(y + hash(2 * i, n) % 5 - 2);
      x = within(x + hash(2 * i + 1, n) % 5 - 2);
      for (let p = 0; p < 4; p++) {
        const at = (n * side + y + (p >> 1)) * side + x + (p & 1);
        for (let c = 0; c < channels; c++) data[at * channels + c] = (hash(at + c, n) % 256) / 255;
      }
    }
  }
  return tensor(data, [count, side, side, channels]);
}

const ACTIVATIONS = ["relu", "maxout"] as const;
const NETS: readonly (readonly [string, Net, images: Tensor, bias: number])[] = ACTIVATIONS.flatMap(
  (activation) => {
    const small = fitnetMnist({ activation, dropout: 0 }), large = fitnet1({ activation });
    return [
      [`FitNet-MNIST ${activation}, strokes on black`, small, strokes(6, 28, 1, 0), 0],
      [`FitNet-MNIST ${activation}, strokes on gray`, small, strokes(6, 28, 1, -0.7), 0.1],
      [`FitNet-1 ${activation}, strokes on black`, large, strokes(2, 32, 3, 0), 0],
    ] as const;
  },
);

for (const [name, net, images, bias] of NETS) {
  forEachDevice(`${name}: every gradient is within 1e-4 of float64`, async (run) => {
    const [count] = images.shape, params = paramsOf(net, images, bias);
    const labels = tensor(Int32Array.from({ length: count! }, (_, i) => i));
    const exact = await first(await runtimeOf("reference"), net, params, images, labels);
    const found = await first(run, net, params, images, labels);
    const apart = found.map((x, i) => relative(x, exact[i]!));
    assert(apart.every((d) => d <= 1e-4), `found ${apart.map((d) => d.toExponential(1))}`);
  }, { devices: ["cpu", "webgpu"] });
}

const folder = folderWith("train-images-idx3-ubyte.gz") ??
  folderWith("train-images-idx3-ubyte");
const golden = goldenMnist();

for (const { activation, loss, params } of folder ? golden.models : []) {
  forEachDevice(`FitNet-MNIST ${activation} on real digits: PyTorch's gradients`, async (run) => {
    const net = fitnetMnist({ activation, dropout: 0 }), { images, scale } = golden;
    const digits = await loadMnist(folder!, { split: "train" });
    const factor = Math.fround(scale);
    const x = tensor(
      Float32Array.from(
        images.flatMap((i) => [...digits.images.subarray(i * 784, (i + 1) * 784)]),
        (v) => factor * v,
      ),
      [images.length, 28, 28, 1],
    );
    const y = tensor(Int32Array.from(images, (i) => digits.labels[i]!));
    const given = unflatten<unknown, Tensor, Tensor>(
      net.init(key(0), x),
      params.map((p) => tensor(filled(p), p.shape)),
    ) as Params;
    const [value, ...gradients] = await first(run, net, given, x, y);
    assertClose(value!, [loss], { relative: 1e-6 }, "loss");
    params.forEach(({ name, gradL2, samples: expected }, i) => {
      const gradient = gradients[i]!;
      assertClose([Math.hypot(...gradient)], [gradL2], { relative: 1e-4, absolute: 0 }, name);
      const absolute = 1e-4 * gradL2 / Math.sqrt(gradient.length);
      assertClose(samples(gradient), expected, { relative: 1e-4, absolute }, name);
    });
    const exact = await first(await runtimeOf("reference"), net, given, x, y);
    gradients.forEach((x, i) => {
      const apart = relative(x, exact[i + 1]!);
      assert(apart <= 1e-4, `${params[i]!.name}: ${apart}`);
    });
  });
}
