/**
 * Layers without weights or sizes, as other programs have them: a record each.
 *
 * @module
 */
import { operator, type ToNodes } from "./onnx_node.ts";

/** A layer in other programs. */
export interface SimpleLayer {
  /** What makes it in PyTorch's `nn`. */
  readonly torch: string;
  /** What it is in ONNX. */
  readonly onnx: ToNodes;
  /** What it is called in a module, if not by its kind. */
  readonly name?: string;
  /** Whether it belongs to the layer before it, as an activation does. */
  readonly activation?: true;
}

const activation = (torch: string, onnx: ToNodes): SimpleLayer => ({
  torch,
  onnx,
  activation: true,
});

/** What is known of each, by its kind. */
export const SIMPLE_LAYERS = {
  globalMaxPool: { torch: "AdaptiveMaxPool2d(1)", onnx: operator("GlobalMaxPool"), name: "pool" },
  flatten: { torch: "Flatten()", onnx: operator("Flatten", { axis: 1 }) },
  relu: activation("ReLU()", operator("Relu")),
  vlrelu: activation("LeakyReLU(0.333)", operator("LeakyRelu", { alpha: { float: 0.333 } })),
  tanh: activation("Tanh()", operator("Tanh")),
  sigmoid: activation("Sigmoid()", operator("Sigmoid")),
} as const satisfies Readonly<Record<string, SimpleLayer>>;

/** The kind of a layer without weights or sizes. */
export type SimpleKind = keyof typeof SIMPLE_LAYERS;

/** Whether a layer is one of {@linkcode SIMPLE_LAYERS}. */
export const isSimple = (kind: string): kind is SimpleKind => kind in SIMPLE_LAYERS;
