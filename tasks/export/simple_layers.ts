/**
 * Layers without weights or sizes, as PyTorch and ONNX have them: a record each.
 *
 * @module
 */
import { operator, type ToNodes } from "./onnx_node.ts";

/** A layer in PyTorch and ONNX. */
export interface SimpleLayer {
  /** The call in PyTorch's `nn`. */
  readonly torch: string;
  /** Its nodes in ONNX. */
  readonly onnx: ToNodes;
  /** Its name in a module, if not its kind. */
  readonly name?: string;
  /** Whether it is an activation. */
  readonly activation?: true;
}

/** The nodes of a formula of x and numbers, line by line: an operator of x, numbers and earlier lines by name. */
const formula = (
  lines: Readonly<Record<string, readonly [opType: string, ...operands: (string | number)[]]>>,
): ToNodes =>
(name, x, y) => {
  const last = Object.keys(lines).at(-1);
  const value = (line: string) => line === "x" ? x : line === last ? y : `${name}.${line}`;
  return Object.entries(lines).flatMap(([line, [opType, ...operands]]) => {
    const own = `${name}.${line}`;
    const constants = operands.filter((operand) => typeof operand === "number").map((float) => ({
      opType: "Constant",
      name: `${own}.number`,
      input: [],
      output: [`${own}.number`],
      attributes: { value_float: { float } },
    }));
    const input = operands.map((operand) =>
      typeof operand === "number" ? `${own}.number` : value(operand)
    );
    return [...constants, { opType, name: own, input, output: [value(line)] }];
  });
};

/** GELU as a formula: ONNX has an operator for it only from version 20 on. */
const GELU = formula({
  scaled: ["Mul", "x", Math.SQRT1_2],
  error: ["Erf", "scaled"],
  twice: ["Add", "error", 1],
  product: ["Mul", "x", "twice"],
  gelu: ["Mul", "product", 0.5],
});

const activation = (torch: string, onnx: ToNodes): SimpleLayer => ({
  torch,
  onnx,
  activation: true,
});

/** The records by kind. */
export const SIMPLE_LAYERS = {
  globalMaxPool: { torch: "AdaptiveMaxPool2d(1)", onnx: operator("GlobalMaxPool"), name: "pool" },
  globalAvgPool: {
    torch: "AdaptiveAvgPool2d(1)",
    onnx: operator("GlobalAveragePool"),
    name: "pool",
  },
  flatten: { torch: "Flatten()", onnx: operator("Flatten", { axis: 1 }) },
  relu: activation("ReLU()", operator("Relu")),
  vlrelu: activation("LeakyReLU(0.333)", operator("LeakyRelu", { alpha: { float: 0.333 } })),
  tanh: activation("Tanh()", operator("Tanh")),
  sigmoid: activation("Sigmoid()", operator("Sigmoid")),
  gelu: activation("GELU()", GELU),
} as const satisfies Readonly<Record<string, SimpleLayer>>;

/** The kind of a layer without weights or sizes. */
export type SimpleKind = keyof typeof SIMPLE_LAYERS;

/** Whether a layer is one of {@linkcode SIMPLE_LAYERS}. */
export const isSimple = (kind: string): kind is SimpleKind => Object.hasOwn(SIMPLE_LAYERS, kind);
