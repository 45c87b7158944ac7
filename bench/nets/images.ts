/**
 * Nets of images, as their papers describe them, without dropout.
 *
 * @module
 */
import * as g from "../../mod.ts";
import { batchNorm } from "../layers/norm.ts";

const { conv, dense, flatten, globalAvgPool, maxPool, avgPool, relu } = g.nn;
const lrn = g.nn.lrn({ alpha: 1e-4 });

type Options = Parameters<typeof conv>[2];

/** A convolution, then ReLU. */
const convRelu = (channels: number, size: number, options: Options = {}): readonly g.Layer[] => [
  conv(channels, size, options) as g.Layer,
  relu,
];

/** A convolution without biases, then batch normalization. */
const convNorm = (channels: number, size: number, options: Options = {}): readonly g.Layer[] => [
  conv(channels, size, { ...options, bias: false }) as g.Layer,
  batchNorm,
];

/** Network in network, for CIFAR: Lin, Chen & Yan (2014). */
export const nin = (): g.Layer =>
  g.sequential(
    ...convRelu(192, 5, { padding: 2 }),
    ...convRelu(160, 1),
    ...convRelu(96, 1),
    maxPool(3, { stride: 2, ceil: true }),
    ...convRelu(192, 5, { padding: 2 }),
    ...convRelu(192, 1),
    ...convRelu(192, 1),
    avgPool(3, { stride: 2, ceil: true }),
    ...convRelu(192, 3, { padding: 1 }),
    ...convRelu(192, 1),
    ...convRelu(10, 1),
    globalAvgPool,
  ) as g.Layer;

/** The maxout net for CIFAR: Goodfellow et al. (2013). */
export const maxout = (): g.Layer =>
  g.sequential(
    conv(96, 8, { padding: 4, pieces: 2 }),
    maxPool(4, { stride: 2 }),
    conv(192, 8, { padding: 3, pieces: 2 }),
    maxPool(4, { stride: 2 }),
    conv(192, 5, { padding: 3, pieces: 2 }),
    maxPool(2),
    flatten,
    dense(500, { pieces: 5 }),
    dense(10),
  ) as g.Layer;

/** Convolutions as of VGG's nets with batch normalization, for CIFAR. */
export const vgg = (): g.Layer =>
  g.sequential(
    ...[[64, 2], [128, 2], [256, 3], [512, 3]].flatMap(([channels, count]) => [
      ...Array.from(
        { length: count! },
        () => [...convNorm(channels!, 3, { padding: 1 }), relu],
      ).flat(),
      maxPool(2),
    ]),
    flatten,
    dense(512),
    relu,
    dense(10),
  ) as g.Layer;

/** Every other pixel, with channels of zeros added: the shortcut without parameters. */
function shortcut(x: g.Tensor, stride: number, channels: number): g.Tensor {
  const [, , , before] = x.shape as [number, number, number, number];
  const some = stride === 1 ? x : g.ops.slice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]);
  return before === channels
    ? some
    : g.ops.pad(some, [[0, 0], [0, 0], [0, 0], [0, channels - before]]);
}

const block = (channels: number, stride: number): g.Layer =>
  g.nn.compose(
    "block",
    [
      g.sequential(
        ...convNorm(channels, 3, { padding: 1, stride }),
        relu,
        ...convNorm(channels, 3, { padding: 1 }),
      ),
    ],
    (call, x) => g.ops.maximum(0, g.ops.add(call(0, x), shortcut(x, stride, channels))),
  ) as g.Layer;

/** ResNet-20, for CIFAR: He et al. (2015). */
export const resnet20 = (): g.Layer =>
  g.sequential(
    ...convNorm(16, 3, { padding: 1 }),
    relu,
    ...[16, 32, 64].flatMap((channels, i) =>
      [0, 1, 2].map((j) => block(channels, i > 0 && j === 0 ? 2 : 1))
    ),
    globalAvgPool,
    dense(10),
  ) as g.Layer;

/** CaffeNet, for ImageNet: Krizhevsky, Sutskever & Hinton (2012) with pooling before normalization. */
export const caffenet = (): g.Layer =>
  g.sequential(
    ...convRelu(96, 11, { stride: 4 }),
    maxPool(3, { stride: 2 }),
    lrn,
    ...convRelu(256, 5, { padding: 2, groups: 2 }),
    maxPool(3, { stride: 2 }),
    lrn,
    ...convRelu(384, 3, { padding: 1 }),
    ...convRelu(384, 3, { padding: 1, groups: 2 }),
    ...convRelu(256, 3, { padding: 1, groups: 2 }),
    maxPool(3, { stride: 2 }),
    flatten,
    dense(4096),
    relu,
    dense(4096),
    relu,
    dense(1000),
  ) as g.Layer;
