/**
 * A net as a list of steps with all their sizes, as an exporter needs them.
 *
 * @module
 */
import type { Layer, Weights } from "../../src/nn/mod.ts";
import { KERNEL_OPS, type KernelName } from "../../src/ops/mod.ts";
import { key } from "../../src/random.ts";
import type { Shape } from "../../src/shape.ts";
import { type Attrs, type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";
import { TaskError } from "../cli/command.ts";
import { buildNet, imageSpec, type ModelSpec } from "../models/model.ts";
import type { Tuple } from "../../src/tuple.ts";
import { isSimple, type SimpleKind } from "./simple_layers.ts";

/** The fields of a step with weights. */
export interface Weighted {
  /** Its name in PyTorch and ONNX: `conv1`, …, `hidden`, `classifier`. */
  readonly name: string;
  /** The index of its layer, after which its tensors are named here: `0.w`, `0.b`. */
  readonly place: number;
  /**
   * The shape of its weights here, [height, width, in, out], all maxout pieces together. Height and
   * width of a dense step are those of the image that was flattened before it, else 1.
   */
  readonly axes: readonly [height: number, width: number, from: number, to: number];
  /** The pieces of the maxout that follows: groups of consecutive channels; 1 for no maxout. */
  readonly pieces: number;
}

/** A step without weights or sizes. */
export interface Simple {
  readonly kind: SimpleKind;
}

/** Max pooling. */
export interface Pool {
  readonly kind: "maxPool";
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  readonly ceil: boolean;
}

/** A convolution. */
export interface Conv extends Weighted {
  readonly kind: "conv";
  readonly stride: number;
  readonly padding: number;
}

/** A dense layer. */
export interface Dense extends Weighted {
  readonly kind: "dense";
}

/** A step of a net. */
export type ExportStep = Conv | Dense | Pool | Simple;

/** Whether a step has weights. */
export const hasWeights = (step: ExportStep): step is Conv | Dense => "axes" in step;

/** The attributes of an op that a layer applies to x. */
const findAttrs = (op: KernelName, x: Tensor, y: Tensor): Attrs =>
  topological([y], (t) => t === x).find((t) => t.op === KERNEL_OPS[op])!.attrs;

/** The exported name of a layer: convolutions are numbered, the last dense layer is the classifier. */
function exportedName(layers: readonly Layer[], place: number): string {
  const { kind } = layers[place]!;
  if (kind !== "conv") return layers.slice(place + 1).some((l) => l.unit) ? "hidden" : "classifier";
  return `conv${layers.slice(0, place + 1).filter((l) => l.kind === kind).length}`;
}

/** A layer's input and output, and the shape that was flattened right before it. */
interface At {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly flattened: Shape;
}

function toSteps(layers: readonly Layer[], place: number, own: Params, at: At): ExportStep[] {
  const { kind, unit } = layers[place]!, { x, y, flattened } = at;
  const weighted = { name: exportedName(layers, place), place, pieces: unit?.pieces ?? 1 };
  switch (kind) {
    case "conv": {
      const { stride, padding } = findAttrs("conv2d", x, y) as unknown as Conv;
      const axes = (own as Weights).w.shape as Conv["axes"];
      return [{ kind, ...weighted, axes, stride, padding }];
    }
    case "dense": {
      const [from, to] = (own as Weights).w.shape as Tuple<number, 2>;
      const [height, width, channels] =
        (flattened.length === 3 ? flattened : [1, 1, from]) as Tuple<number, 3>;
      return [{ kind, ...weighted, axes: [height, width, channels, to] }];
    }
    case "maxPool": {
      const { size, stride, padding, ceil } = findAttrs("maxPoolSelect", x, y) as unknown as Pool;
      return [{ kind, size, stride, padding, ceil }];
    }
    case "dropout":
      return [];
    default:
      if (isSimple(kind)) return [{ kind }];
      throw new TaskError(`expected a flat list of layers, found a ${kind} in it`);
  }
}

/** The steps of a model's net. Dropout is left out: outside training it does nothing. */
export function netSteps(model: ModelSpec): ExportStep[] {
  const { layers, init } = buildNet(model), input = imageSpec(model), params = init(key(0), input);
  let x = placeholder(input), flattened: Shape = [];
  return layers.flatMap((layer, place) => {
    const own = params[place]!, y = layer(own, x);
    const steps = toSteps(layers, place, own, { x, y, flattened });
    if (layer.kind === "flatten") flattened = x.shape.slice(1);
    if (layer.kind === "dense") flattened = [];
    x = placeholder(y);
    return steps;
  });
}
