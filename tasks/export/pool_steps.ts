/**
 * Pooling over windows.
 *
 * @module
 */
import { poolGeometry } from "../../src/ops/pool_geometry.ts";
import type { Attrs } from "../../src/tensor.ts";
import { TaskError } from "../cli/command.ts";
import { operator } from "./onnx_node.ts";
import { pair, type ToSteps } from "./step.ts";
import { findAttrs } from "./weight_steps.ts";

/** What both kinds of pooling share: the arguments in Python, and the attributes in ONNX. */
function windows(path: string, x: readonly number[], attrs: Attrs) {
  const { y: v, x: h } = poolGeometry(x, attrs);
  if (v.padding !== v.paddingAfter || h.padding !== h.paddingAfter) {
    throw new TaskError(
      `expected pooling in ${path} padded alike on both sides, as PyTorch's is, found ${attrs.padding}`,
    );
  }
  const pads = v.padding + h.padding > 0 ? `, padding=${pair(v.padding, h.padding)}` : "";
  return {
    torch: `${pair(v.kernel, h.kernel)}, ${pair(v.stride, h.stride)}${pads}${
      attrs.ceil ? ", ceil_mode=True" : ""
    }`,
    onnx: {
      kernel_shape: [v.kernel, h.kernel],
      strides: [v.stride, h.stride],
      pads: [v.padding, h.padding, v.padding, h.padding],
      ceil_mode: Number(attrs.ceil),
    },
    isDilated: v.dilation > 1 || h.dilation > 1,
    dilations: [v.dilation, h.dilation] as const,
  };
}

/** The step of max pooling. */
export const maxPoolSteps: ToSteps = ({ x, y, names, path }) => {
  const { torch, onnx, isDilated, dilations } = windows(
    path,
    x.shape,
    findAttrs("maxPoolSelect", x, y),
  );
  return [{
    name: names.next("pool"),
    torch: `nn.MaxPool2d(${torch}${isDilated ? `, dilation=${pair(...dilations)}` : ""})`,
    weights: [],
    onnx: operator("MaxPool", isDilated ? { ...onnx, dilations } : onnx),
  }];
};

/** The step of average pooling. */
export const avgPoolSteps: ToSteps = ({ layer, x, y, names, path }) => {
  const { torch, onnx, isDilated } = windows(path, x.shape, findAttrs("avgPool", x, y));
  if (isDilated) {
    throw new TaskError(
      `expected average pooling in ${path} without dilation, which PyTorch lacks`,
    );
  }
  const counts = layer.options?.countPadding !== false;
  return [{
    name: names.next("pool"),
    torch: `nn.AvgPool2d(${torch}${counts ? "" : ", count_include_pad=False"})`,
    weights: [],
    onnx: operator("AveragePool", { ...onnx, count_include_pad: Number(counts) }),
  }];
};
