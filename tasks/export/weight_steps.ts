/**
 * Convolutions and dense layers, with their maxout.
 *
 * @module
 */
import type { Weights } from "../../src/nn/mod.ts";
import { KERNEL_OPS, type KernelName } from "../../src/ops/mod.ts";
import { windowsOf } from "../../src/ops/conv_options.ts";
import type { Attrs, Tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";
import { TaskError } from "../cli/command.ts";
import type { Tuple } from "../../src/tuple.ts";
import { integers, type Node, type ToNodes } from "./onnx_node.ts";
import { type At, type ExportStep, pair, type ToSteps, vector, type Weight } from "./step.ts";

/** [height, width, in, out] → [out, in, height, width]. */
const OUT_FIRST = [3, 2, 0, 1];

/** The attributes of an op that a layer applies to x. */
export const findAttrs = (op: KernelName, x: Tensor, y: Tensor): Attrs =>
  topological([y], (t) => t === x).find((t) => t.op === KERNEL_OPS[op])!.attrs;

/** The largest of the pieces that x is split into along its channels. */
const largestPiece = (pieces: number): ToNodes => (name, x, y) => {
  const parts = Array.from({ length: pieces }, (_, piece) => `${name}.piece${piece}`);
  return [
    { opType: "Split", name: `${name}.split`, input: [x], output: parts, attributes: { axis: 1 } },
    { opType: "Max", name: `${name}.max`, input: parts, output: [y] },
  ];
};

/** The step of a maximum over pieces. */
export const maxoutSteps: ToSteps = ({ layer, names }) => {
  const pieces = layer.unit?.pieces ?? layer.options?.pieces as number ?? 1;
  if (pieces === 1) return [];
  return [{
    name: names.next("maxout"),
    torch: `Maxout(${pieces})`,
    needs: "Maxout",
    weights: [],
    onnx: largestPiece(pieces),
    beside: true,
  }];
};

/** The biases of a layer, if it has them. */
const biasOf = (at: At, length: number): Weight[] =>
  "b" in at.params
    ? [{ ...vector(at, "b", `${at.name}.bias`, length), axes: [length], order: [0] }]
    : [];

/** A node with the weights of a layer as inputs. */
const weighted =
  (opType: string, weights: readonly Weight[], attributes: Node["attributes"]): ToNodes =>
  (name, x, y) => [{
    opType,
    name,
    input: [x, ...weights.map(({ name }) => name)],
    output: [y],
    attributes: attributes!,
  }];

/** The step of zeros around an image: left, right, top and bottom. */
export function zerosStep(
  names: At["names"],
  [left, right, top, bottom]: readonly number[],
  { inOnnx = true } = {},
): ExportStep {
  return {
    name: names.next("pad"),
    torch: `nn.ZeroPad2d((${left}, ${right}, ${top}, ${bottom}))`,
    weights: [],
    onnx: (name, x, y) =>
      inOnnx
        ? [
          integers(`${name}.pads`, [0, 0, top!, left!, 0, 0, bottom!, right!]),
          { opType: "Pad", name, input: [x, `${name}.pads`], output: [y] },
        ]
        : [{ opType: "Identity", name, input: [x], output: [y] }],
  };
}

/** The steps of a convolution: of zeros before it too, if they differ by side. */
export const convSteps: ToSteps = (at) => {
  const { name, names, params, path, x, y, layer } = at;
  const axes = (params as Weights).w.shape as Tuple<number, 4>, [height, width, from, to] = axes;
  const attrs = findAttrs("conv2d", x, y), windows = windowsOf(attrs);
  const groups = attrs.groups as number, { y: v, x: h } = windows;
  if (groups > 1 && (layer.unit?.pieces ?? 1) > 1) {
    throw new TaskError(`expected maxout pieces or groups in ${path} conv, found both`);
  }
  const isEven = v.padding === v.paddingAfter && h.padding === h.paddingAfter;
  const shape = [to, from, height, width];
  const weights = [
    { name: `${name}.weight`, own: `${path}.w`, ownShape: axes, axes, order: OUT_FIRST, shape },
    ...biasOf(at, to),
  ];
  const options = [
    ["stride", pair(v.stride, h.stride), "1"],
    ["padding", isEven ? pair(v.padding, h.padding) : "0", ""],
    ["dilation", pair(v.dilation, h.dilation), "1"],
    ["groups", String(groups), "1"],
    ["bias", weights.length > 1 ? "True" : "False", "True"],
  ].filter(([, value, usual]) => value !== usual).map(([option, value]) => `, ${option}=${value}`);
  const pads = [v.padding, h.padding, v.paddingAfter, h.paddingAfter];
  const own: ExportStep = {
    name,
    torch: `nn.Conv2d(${from * groups}, ${to}, ${pair(height, width)}${options.join("")})`,
    weights,
    onnx: weighted("Conv", weights, {
      kernel_shape: [height, width],
      strides: [v.stride, h.stride],
      pads,
      dilations: [v.dilation, h.dilation],
      group: groups,
    }),
  };
  if (isEven) return [own, ...maxoutSteps(at)];
  // ONNX's convolution pads by side itself.
  const zeros = zerosStep(names, [h.padding, h.paddingAfter, v.padding, v.paddingAfter], {
    inOnnx: false,
  });
  return [zeros, own, ...maxoutSteps(at)];
};

/** The steps of a dense layer, whose input may be a flattened image. */
export const denseSteps: ToSteps = (at) => {
  const { name, params, path, flattened } = at, { w } = params as Weights;
  const [from, to] = w.shape as Tuple<number, 2>;
  if (at.x.rank !== 2) {
    throw new TaskError(`expected ${path} dense of [batch, in], found ${at.x.rank} axes`);
  }
  const axes = [...(flattened.length === 3 ? flattened : [1, 1, from]), to];
  const shape = [to, from];
  const weights = [
    { name: `${name}.weight`, own: `${path}.w`, ownShape: w.shape, axes, order: OUT_FIRST, shape },
    ...biasOf(at, to),
  ];
  const bias = weights.length > 1 ? "" : ", bias=False";
  const step: ExportStep = {
    name,
    torch: `nn.Linear(${from}, ${to}${bias})`,
    weights,
    onnx: weighted("Gemm", weights, { transB: 1 }),
  };
  return [step, ...maxoutSteps(at)];
};
