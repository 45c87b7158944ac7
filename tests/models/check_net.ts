/**
 * What tests of models share: their layers as text, and that LSUV does what it promises on them.
 *
 * @module
 */
import { assert } from "@std/assert";
import { countParameters, type Model } from "../../src/models/mod.ts";
import type { Layer } from "../../src/nn/mod.ts";
import { constant, mean, minimum } from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import type { Shape } from "../../src/shape.ts";
import type { Spec } from "../../src/spec.ts";
import { placeholder } from "../../src/tensor.ts";
import { initialized, measured } from "../init/nets.ts";

/** Kinds of layers that keep shapes, which lists of shapes leave out. */
const ACTIVATIONS: readonly string[] = ["relu", "vlrelu", "tanh", "sigmoid", "gelu"];

/** A batch of images as a spec. */
export const imagesOf = (...shape: readonly number[]): Spec => ({ shape, dtype: "f32" });

/** The parameters that a net has for images of a shape. */
export const countFor = (net: Model, shape: Shape): number =>
  countParameters(net.init(key(0), imagesOf(...shape)));

/** Each layer but the activations with the shape of its output, without the batch: `conv 32×32×96`. */
export function layerShapes(net: Model, shape: Shape): string[] {
  const params = net.init(key(0), imagesOf(...shape));
  let y = placeholder(imagesOf(...shape));
  return net.layers.flatMap((layer, i) => {
    y = placeholder(layer(params[i]!, y));
    return ACTIVATIONS.includes(layer.kind) ? [] : [`${layer.kind} ${y.shape.slice(1).join("×")}`];
  });
}

/** The shape of a net's logits for images of a shape. */
export const logitsFor = (net: Model, shape: Shape): Shape =>
  net(net.init(key(0), imagesOf(...shape)), placeholder(imagesOf(...shape))).shape;

/** The kinds of a layer's innermost layers. */
export const kindsInside = (layer: Layer): readonly string[] =>
  layer.layers ? layer.layers.flatMap(kindsInside) : [layer.kind];

/** The kinds of a net's layers. */
export const kindsOf = (net: Model): string[] => net.layers.map(({ kind }) => kind);

/** The rates of a net's dropout layers, in tenths, as they show on many elements. */
export async function dropTenths(net: Model): Promise<number[]> {
  await using run = await open({ device: "reference" });
  const layers = net.layers.filter(({ kind }) => kind === "dropout"), ones = constant(1, [20_000]);
  const kept = await run.read(
    layers.map((layer, i) => mean(minimum(layer([], ones, key(i)), 1))),
  );
  return (kept as readonly Float32Array[]).map(([share]) => Math.round(10 * (1 - share!)));
}

/**
 * Asserts that LSUV brings every piece of every layer with weights to unit variance, and that the net then
 * measures so.
 *
 * @param units How many pieces there are.
 */
export async function assertUnitVariances(
  run: Runtime,
  net: Model,
  shape: Shape,
  units: number,
): Promise<void> {
  const x = normal(key(1), shape);
  const params = run.jit((k: ReturnType<typeof key>) => net.init(k, x))(key(0));
  const [scaled, rows] = await initialized(run, net, params, x);
  assert(rows.length === units, `expected ${units} units, found ${rows.length}`);
  assert(rows.every(({ converged }) => converged), "expected every unit to converge");
  const found = await measured(run, net, scaled, x);
  assert(found.every((v) => Math.abs(v - 1) < 0.1), `variances ${found}`);
}
