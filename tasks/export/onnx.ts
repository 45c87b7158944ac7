/**
 * A net as an ONNX file.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import type { StoredTensor } from "../../src/train/mod.ts";
import { type Fields, modelFields } from "../models/fields.ts";
import { type ModelSpec, modelTitle } from "../models/model.ts";
import type { Tensors } from "./layout.ts";
import { MODEL } from "./onnx_schema.ts";
import { type Attribute, type Node, operator } from "./onnx_node.ts";
import { encode } from "./protobuf.ts";
import { SIMPLE_LAYERS } from "./simple_layers.ts";
import { type Conv, type Dense, type ExportStep, hasWeights, type Pool } from "./steps.ts";

/** The versions of the operators and of the file format; every runtime since 2020 reads them. */
const OPSET = 13, IR = 7;
const FLOAT = 1;
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

function toAttribute(name: string, value: Attribute) {
  if (typeof value === "number") return { name, i: value, type: ATTRIBUTE.int };
  if ("float" in value) return { name, f: value.float, type: ATTRIBUTE.float };
  return { name, ints: value, type: ATTRIBUTE.ints };
}

const square = (n: number): readonly number[] => [n, n];
const allSides = (n: number): readonly number[] => [n, n, n, n];

/** The largest of the pieces that x is split into along its channels. */
function maxout(name: string, pieces: number, x: string, y: string): Node[] {
  const parts = Array.from({ length: pieces }, (_, piece) => `${name}.piece${piece}`);
  return [
    { opType: "Split", name: `${name}.split`, input: [x], output: parts, attributes: { axis: 1 } },
    { opType: "Max", name: `${name}.max`, input: parts, output: [y] },
  ];
}

/** The node of a max pooling from the value x to the value y. */
const poolNode = ({ size, stride, padding, ceil }: Pool, name: string, x: string, y: string) =>
  operator("MaxPool", {
    kernel_shape: square(size),
    strides: square(stride),
    pads: allSides(padding),
    ceil_mode: Number(ceil),
  })(name, x, y);

/** The nodes of a convolution or dense layer, and of its maxout. */
function weightedNodes(step: Conv | Dense, x: string, y: string): Node[] {
  const { name, pieces, axes: [height, width] } = step;
  const linear = pieces > 1 ? `${name}.linear` : y;
  const input = [x, `${name}.weight`, `${name}.bias`], output = [linear];
  const own: Node = step.kind === "dense"
    ? { opType: "Gemm", name, input, output, attributes: { transB: 1 } }
    : {
      opType: "Conv",
      name,
      input,
      output,
      attributes: {
        kernel_shape: [height, width],
        strides: square(step.stride),
        pads: allSides(step.padding),
      },
    };
  return pieces > 1 ? [own, ...maxout(name, pieces, linear, y)] : [own];
}

/** The nodes of a step from the value x to the value y. */
function toNodes(step: ExportStep, name: string, x: string, y: string): Node[] {
  if (hasWeights(step)) return weightedNodes(step, x, y);
  return step.kind === "maxPool"
    ? poolNode(step, name, x, y)
    : SIMPLE_LAYERS[step.kind].onnx(name, x, y);
}

/** The nodes of a chain of steps from the input `images` to the output `scores`, the logits. */
const chain = (steps: readonly ExportStep[]): Node[] =>
  steps.flatMap((step, i) =>
    toNodes(
      step,
      `${i}.${step.kind}`,
      i === 0 ? "images" : `value${i}`,
      i === steps.length - 1 ? "scores" : `value${i + 1}`,
    )
  );

const littleEndian = ({ data }: StoredTensor): Uint8Array => {
  const view = new DataView(new ArrayBuffer(data.byteLength));
  data.forEach((number, i) => view.setFloat32(4 * i, number, true));
  return new Uint8Array(view.buffer);
};

const valueInfo = (name: string, sizes: readonly number[]) => ({
  name,
  type: {
    tensorType: {
      elemType: FLOAT,
      shape: { dim: [{ dimParam: "batch" }, ...sizes.map((dimValue) => ({ dimValue }))] },
    },
  },
});

/**
 * The bytes of an ONNX file: from preprocessed `images`, [batch, channels, height, width], to the logits,
 * `scores`, [batch, classes]. Its metadata describes the net.
 *
 * @param tensors The weights in PyTorch's layout.
 */
export function onnxFile(
  model: ModelSpec,
  steps: readonly ExportStep[],
  tensors: Tensors,
): Uint8Array<ArrayBuffer> {
  const { channels, height, width, classes } = model, fields: Fields = modelFields(model);
  return encode(MODEL, {
    irVersion: IR,
    producerName: configuration.name,
    producerVersion: configuration.version,
    docString: `${modelTitle(model)}; images are preprocessed, dropout is left out`,
    opsetImport: [{ version: OPSET }],
    metadataProps: Object.entries(fields).map(([key, value]) => ({ key, value })),
    graph: {
      name: model.net,
      node: chain(steps).map(({ attributes = {}, ...node }) => ({
        ...node,
        attribute: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
      })),
      initializer: [...tensors].map(([name, tensor]) => ({
        name,
        dims: tensor.shape,
        dataType: FLOAT,
        rawData: littleEndian(tensor),
      })),
      input: [valueInfo("images", [channels, height, width])],
      output: [valueInfo("scores", [classes])],
    },
  });
}
