/**
 * What may have been different in yobibyte's report of LSUV in Torch: one thing each.
 *
 * @module
 */
import { init, type Key, models, type Params, split, uniform } from "../../../mod.ts";
import type { Prepared, PreparedSplits } from "../../../src/data/mod.ts";
import { standardizeSplits } from "../../experiments/standardize.ts";
import { nninit } from "./nninit.ts";

/** How a net is trained, except for its rate and LSUV. */
export interface Variant {
  readonly name: string;
  /** The initializer of the weights, before LSUV. */
  readonly weights: init.Initializer;
  /** Bounds of the uniform biases of a layer. */
  readonly biases: (fanIn: number, fanOut: number) => number;
  /** Whether batches are drawn in a new order each epoch, or as the images lie in their file. */
  readonly shuffled: boolean;
  /** What the net sees of the plain images. */
  readonly images: (plain: PreparedSplits) => PreparedSplits;
  /** By how much gradients are larger than those of the mean loss. */
  readonly gradients: number;
}

/** The gain of ReLU layers. */
const GAIN = Math.SQRT2;

/** Images per batch. */
export const BATCH = 100;

/** Bytes from 0 to 255, as they are. */
const raw = ({ dataset, mean }: Prepared): Prepared => ({
  dataset,
  scale: new Float64Array(dataset.count).fill(1),
  offset: new Float64Array(dataset.count),
  mean: new Float32Array(mean.length),
});

/** Images padded to 32 × 32, but not standardized. */
function rawSplits(plain: PreparedSplits): PreparedSplits {
  const { train, test } = standardizeSplits(plain);
  return { train: raw(train), test: raw(test) };
}

/** The report as this project reproduces it. */
const BASE: Omit<Variant, "name"> = {
  weights: init.orthonormal(GAIN),
  biases: (fanIn) => 1 / Math.sqrt(fanIn),
  shuffled: true,
  images: standardizeSplits,
  gradients: 1,
};

/** All variants, the reproduction first. */
export const VARIANTS: readonly Variant[] = [
  { name: "as reproduced", ...BASE },
  { name: "images in the file's order", ...BASE, shuffled: false },
  { name: "bytes 0 to 255", ...BASE, images: rawSplits },
  { name: "nninit, V resized", ...BASE, weights: nninit("resized", GAIN) },
  { name: "nninit, V narrow", ...BASE, weights: nninit("narrow", GAIN) },
  { name: "biases of fan-out", ...BASE, biases: (_, fanOut) => 1 / Math.sqrt(fanOut) },
  { name: "biases zero", ...BASE, biases: () => 0 },
  { name: "loss summed over the batch", ...BASE, gradients: BATCH },
  {
    name: "file's order, V resized",
    ...BASE,
    shuffled: false,
    weights: nninit("resized", GAIN),
  },
  { name: "file's order, V narrow", ...BASE, shuffled: false, weights: nninit("narrow", GAIN) },
  // V of the large convolution is 2.5 MB, which comes from the system, and as zeros.
  {
    name: "V narrow, dense layers in used memory",
    ...BASE,
    weights: nninit((fanIn) => fanIn < 800 ? "used" : "narrow", GAIN),
  },
  {
    name: "V narrow, classifier in used memory",
    ...BASE,
    weights: nninit((_, fanOut) => fanOut === 10 ? "used" : "narrow", GAIN),
  },
];

type Layered = { readonly w: { readonly shape: readonly number[] }; readonly b: unknown };

const isLayered = (value: unknown): value is Layered =>
  typeof value === "object" && value !== null && "w" in value && "b" in value;

/** Parameters with uniform biases within a variant's bounds. */
export function withBiases<P extends Params>(key: Key, params: P, { biases }: Variant): P {
  const layers = params as unknown as readonly unknown[];
  const keys = split(key, layers.length);
  return layers.map((layer, i) => {
    if (!isLayered(layer)) return layer;
    const { shape } = layer.w, fanOut = shape.at(-1)!;
    const fanIn = shape.slice(0, -1).reduce((n, d) => n * d, 1), limit = biases(fanIn, fanOut);
    return { ...layer, b: uniform(keys[i]!, [fanOut], -limit, limit) };
  }) as unknown as P;
}

/** The net of a variant. */
export const netOf = ({ weights }: Variant): models.Model => models.torchMnist({ init: weights });
