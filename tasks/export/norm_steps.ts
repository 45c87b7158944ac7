/**
 * Normalizations.
 *
 * @module
 */
import type { Tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { TaskError } from "../cli/command.ts";
import { operator, type ToNodes } from "./onnx_node.ts";
import { type At, type ToSteps, vector, type Weight } from "./step.ts";

/** The names that PyTorch has for parameters. */
const NAMES = {
  scale: "weight",
  b: "bias",
  mean: "running_mean",
  variance: "running_var",
} as const;

const option = ({ layer }: At, name: string): number => layer.options![name] as number;

const has = ({ params }: At, own: string): boolean => own in params;

/** The parameters of a layer as vectors of one element per channel; throws if it has others. */
function vectors(at: At): Weight[] {
  const { layer, path, x } = at, channels = x.shape.at(-1)!;
  const tensors = at.params as unknown as Readonly<Record<string, Tensor>>;
  if (leaves<Tensor>(tensors).some(({ shape }) => shape.join() !== `${channels}`)) {
    throw new TaskError(`expected a ${layer.kind} with one number per channel at ${path}`);
  }
  return Object.entries(NAMES).filter(([own]) => has(at, own)).map(([own, torch]) =>
    vector(at, own, `${at.name}.${torch}`, channels)
  );
}

/** What has no operator in the version of ONNX that is written. */
const notInOnnx = ({ layer, path }: At): ToNodes => () => {
  throw new TaskError(
    `expected layers that ONNX has operators for, found a ${layer.kind} at ${path}; --to pytorch has it`,
  );
};

/** The arguments of a normalization's class in Python. */
const settings = (at: At, given: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries({ eps: option(at, "epsilon"), ...given })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `, ${name}=${value}`)
    .join("");

/** The step of batch normalization by running statistics. */
export const batchNormSteps: ToSteps = (at) => {
  const { name, x } = at, weights = vectors(at), momentum = option(at, "momentum");
  const onnx: ToNodes = (name, x, y) => [{
    opType: "BatchNormalization",
    name,
    input: [x, ...weights.map(({ name }) => name)],
    output: [y],
    attributes: { epsilon: { float: option(at, "epsilon") }, momentum: { float: 1 - momentum } },
  }];
  const affine = has(at, "scale") ? undefined : "False";
  return [{
    name,
    torch: `nn.BatchNorm${x.rank === 2 ? "1d" : "2d"}(${x.shape.at(-1)}${
      settings(at, { momentum, affine })
    })`,
    weights,
    onnx: affine ? notInOnnx(at) : onnx,
  }];
};

/** The step of group normalization. */
export const groupNormSteps: ToSteps = (at) => {
  const { name, x } = at, weights = vectors(at);
  const affine = has(at, "scale") ? undefined : "False";
  return [{
    name,
    torch: `nn.GroupNorm(${option(at, "groups")}, ${x.shape.at(-1)}${settings(at, { affine })})`,
    weights,
    onnx: notInOnnx(at),
  }];
};

/** The step of layer normalization over the last axis: of features, since PyTorch's images end in columns. */
export const layerNormSteps: ToSteps = (at) => {
  const { name, x, path } = at, weights = vectors(at);
  if (x.rank !== 2) {
    throw new TaskError(`expected a layerNorm of [batch, features] at ${path}, found an image`);
  }
  const affine = has(at, "scale") ? undefined : "False";
  return [{
    name,
    torch: `nn.LayerNorm(${x.shape[1]}${settings(at, { elementwise_affine: affine })})`,
    weights,
    onnx: notInOnnx(at),
  }];
};

/** The step of local response normalization. */
export const lrnSteps: ToSteps = (at) => {
  const [size, alpha, beta, k] = ["size", "alpha", "beta", "k"].map((name) => option(at, name));
  return [{
    name: at.names.next("lrn"),
    torch: `nn.LocalResponseNorm(${size}, alpha=${alpha}, beta=${beta}, k=${k})`,
    weights: [],
    onnx: operator("LRN", {
      size: size!,
      alpha: { float: alpha! },
      beta: { float: beta! },
      bias: { float: k! },
    }),
  }];
};
