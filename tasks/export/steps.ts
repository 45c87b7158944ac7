/**
 * A net as a list of steps, as an exporter needs it.
 *
 * @module
 */
import type { Layer } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import type { Shape } from "../../src/shape.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { TaskError } from "../cli/command.ts";
import { buildNet, imageSpec, type ModelSpec } from "../models/model.ts";
import { blockKinds } from "./block_steps.ts";
import { batchNormSteps, groupNormSteps, layerNormSteps, lrnSteps } from "./norm_steps.ts";
import { avgPoolSteps, maxPoolSteps } from "./pool_steps.ts";
import { operator } from "./onnx_node.ts";
import { isSimple, SIMPLE_LAYERS, type SimpleKind, type SimpleLayer } from "./simple_layers.ts";
import { type At, type ExportStep, Names, type ToParts, type ToSteps } from "./step.ts";
import { convSteps, denseSteps, maxoutSteps, zerosStep } from "./weight_steps.ts";

/** Layers that change no shape of what a global pooling leaves, before it is flattened. */
const POINTWISE: ReadonlySet<string> = new Set([
  "dropout",
  "relu",
  "leakyRelu",
  "tanh",
  "sigmoid",
  "maxout",
]);

/** Global pooling leaves images of one pixel in PyTorch and ONNX. */
const GLOBAL: ReadonlySet<string> = new Set(["globalMaxPool", "globalAvgPool"]);

/** The step of a layer without weights or sizes. */
function simpleStep(kind: SimpleKind, names: Names): ExportStep {
  const { torch, onnx, name = kind, activation }: SimpleLayer = SIMPLE_LAYERS[kind];
  return {
    name: names.next(name),
    torch: `nn.${torch}`,
    weights: [],
    onnx,
    ...(activation && { beside: true }),
  };
}

const simpleSteps: ToSteps = ({ layer, names, path }) => {
  const { kind } = layer;
  if (kind === "dropout") return [];
  if (isSimple(kind)) return [simpleStep(kind, names)];
  throw new TaskError(`expected layers that PyTorch and ONNX have, found ${kind} at ${path}`);
};

const leakyReluSteps: ToSteps = ({ layer, names }) => {
  const slope = layer.options!.slope as number;
  return [{
    name: names.next("leakyRelu"),
    torch: `nn.LeakyReLU(${slope})`,
    weights: [],
    onnx: operator("LeakyRelu", { alpha: { float: slope } }),
    beside: true,
  }];
};

/** A layer with its parameters and their path. */
interface Item {
  readonly layer: Layer;
  readonly params: Params;
  readonly path: readonly number[];
}

/** The layers of a list, those of sequences inside it among them. */
const expand = ({ layer, params, path }: Item): Item[] =>
  layer.kind === "sequential" && layer.layers
    ? layer.layers.flatMap((layer, i) =>
      expand({ layer, params: (params as readonly Params[])[i]!, path: [...path, i] })
    )
    : [{ layer, params, path }];

/** The prefix of the names of layers with weights of their own. */
const WEIGHTED: Readonly<Record<string, string>> = {
  conv: "conv",
  batchNorm: "batchnorm",
  groupNorm: "groupnorm",
  layerNorm: "layernorm",
};

/** The names of dense layers: at the top the last is the classifier, and the others are hidden. */
function denseNames(items: readonly Item[], names: Names, top: boolean): Map<Item, string> {
  const dense = items.filter(({ layer }) => layer.kind === "dense");
  const last = items.findLast(({ layer }) => layer.unit);
  const isClassifier = (item: Item) => top && item === last;
  const few = dense.filter((item) => !isClassifier(item)).length === 1;
  return new Map(dense.map((item) => {
    if (isClassifier(item)) return [item, names.only("classifier")];
    return [item, !top ? names.next("dense") : few ? names.only("hidden") : names.next("hidden")];
  }));
}

/** The steps of layers in sequence. */
function sequenceSteps(given: Item, x: Tensor, names: Names, top: boolean): ExportStep[] {
  const items = expand(given), dense = denseNames(items, names, top), steps: ExportStep[] = [];
  let flattened: Shape = [], onePixel = false;
  const flatten = () => {
    if (onePixel) steps.push(simpleStep("flatten", names));
    onePixel = false;
  };
  for (const item of items) {
    const { layer, params, path } = item, { kind } = layer, y = layer(params, x);
    if (kind === "flatten") onePixel = false;
    else if (!POINTWISE.has(kind)) flatten();
    const prefix = WEIGHTED[kind], name = dense.get(item) ?? (prefix ? names.next(prefix) : "");
    const at: At = { layer, name, names, params, path: path.join("."), x, y, flattened };
    steps.push(...(KINDS[kind] ?? simpleSteps)(at));
    if (kind === "flatten") flattened = x.shape.slice(1);
    if (kind === "dense") flattened = [];
    onePixel ||= GLOBAL.has(kind);
    x = placeholder(y);
  }
  flatten();
  return steps;
}

/** The steps of the inner layers of a block. */
const partSteps: ToParts = ({ layer, params, path, x, name }, parts) =>
  Object.fromEntries(layer.layers!.map((inner, i) => {
    const own = (params as readonly Params[])[i]!;
    const item = { layer: inner, params: own, path: [...path.split(".").map(Number), i] };
    return [parts[i]!, sequenceSteps(item, x, new Names(`${name}.${parts[i]}.`), false)];
  }));

/** The step of images in the middle of a field of zeros. */
const centeredSteps: ToSteps = ({ x, y, names }) => {
  const missing = [2, 1].map((axis) => y.shape[axis]! - x.shape[axis]!);
  if (missing.every((n) => n === 0)) return [];
  return [zerosStep(names, missing.flatMap((n) => [Math.floor(n / 2), Math.ceil(n / 2)]))];
};

/** How each kind of layer is exported. */
const KINDS: Readonly<Record<string, ToSteps>> = {
  conv: convSteps,
  dense: denseSteps,
  maxPool: maxPoolSteps,
  avgPool: avgPoolSteps,
  batchNorm: batchNormSteps,
  groupNorm: groupNormSteps,
  layerNorm: layerNormSteps,
  lrn: lrnSteps,
  leakyRelu: leakyReluSteps,
  maxout: maxoutSteps,
  centered: centeredSteps,
  ...blockKinds(partSteps),
};

/** The steps of a model's net. Dropout is left out: outside training it does nothing. */
export function netSteps(model: ModelSpec): ExportStep[] {
  const net = buildNet(model), input = placeholder(imageSpec(model));
  const item = { layer: net as Layer, params: net.init(key(0), input), path: [] };
  return sequenceSteps(item, input, new Names(), true);
}
