/**
 * The messages of ONNX that an exported net needs, with the numbers of their fields
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 *
 * @module
 */
import type { Message } from "./protobuf.ts";

const TENSOR = {
  dims: [1, "int"],
  dataType: [2, "int"],
  name: [8, "text"],
  rawData: [9, "bytes"],
} as const satisfies Message;

const DIMENSION = { dimValue: [1, "int"], dimParam: [2, "text"] } as const satisfies Message;

const TENSOR_TYPE = {
  elemType: [1, "int"],
  shape: [2, { dim: [1, DIMENSION] }],
} as const satisfies Message;

const VALUE = {
  name: [1, "text"],
  type: [2, { tensorType: [1, TENSOR_TYPE] }],
} as const satisfies Message;

const ATTRIBUTE = {
  name: [1, "text"],
  f: [2, "float"],
  i: [3, "int"],
  ints: [8, "int"],
  type: [20, "int"],
} as const satisfies Message;

const NODE = {
  input: [1, "text"],
  output: [2, "text"],
  name: [3, "text"],
  opType: [4, "text"],
  attribute: [5, ATTRIBUTE],
} as const satisfies Message;

const GRAPH = {
  node: [1, NODE],
  name: [2, "text"],
  initializer: [5, TENSOR],
  input: [11, VALUE],
  output: [12, VALUE],
} as const satisfies Message;

/** The message of an ONNX file. */
export const MODEL = {
  irVersion: [1, "int"],
  producerName: [2, "text"],
  producerVersion: [3, "text"],
  docString: [6, "text"],
  graph: [7, GRAPH],
  opsetImport: [8, { version: [2, "int"] }],
  metadataProps: [14, { key: [1, "text"], value: [2, "text"] }],
} as const satisfies Message;
