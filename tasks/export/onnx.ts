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
import { chain } from "./onnx_chain.ts";
import type { Attribute } from "./onnx_node.ts";
import { encode } from "./protobuf.ts";
import type { ExportStep } from "./step.ts";

/** The versions of the operators and of the file format; every runtime since 2020 reads them. */
const OPSET = 13, IR = 7;
const FLOAT = 1;
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

function toAttribute(name: string, value: Attribute) {
  if (typeof value === "number") return { name, i: value, type: ATTRIBUTE.int };
  if ("float" in value) return { name, f: value.float, type: ATTRIBUTE.float };
  return { name, ints: value, type: ATTRIBUTE.ints };
}

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
  const nodes = chain(steps, "images", "scores");
  // The heads of companions have weights, and nothing to compute.
  const used = new Set(nodes.flatMap(({ input }) => input));
  return encode(MODEL, {
    irVersion: IR,
    producerName: configuration.name,
    producerVersion: configuration.version,
    docString: `${modelTitle(model)}; images are preprocessed, dropout is left out`,
    opsetImport: [{ version: OPSET }],
    metadataProps: Object.entries(fields).map(([key, value]) => ({ key, value })),
    graph: {
      name: model.net,
      node: nodes.map(({ attributes = {}, ...node }) => ({
        ...node,
        attribute: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
      })),
      initializer: [...tensors].filter(([name]) => used.has(name)).map(([name, tensor]) => ({
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
