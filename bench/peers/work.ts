/**
 * What all programs beside ours are given and print: the same nets, weights and images, and a line of JSON.
 *
 * @module
 */
import type { Tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { peakMiB, repeat, significant } from "../measure.ts";
import { imagesFor, type NetName, NETS, trainingOf } from "../step.ts";

/** What a program is to do, as JSON in its argument. */
export interface Work {
  readonly net: NetName;
  readonly batch: number;
  /** How long steps are timed. */
  readonly seconds: number;
}

/** The work that a program was given, and what to add to its line. */
export const given = (): Work => JSON.parse(Deno.args[0]!);

/** Elements and shape of a tensor. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Convolutions before each pooling, and the pooling's window and stride: all that weights do not tell. */
export const BLOCKS: Readonly<Partial<Record<NetName, readonly (readonly [number, number])[]>>> = {
  fitnet1: [[3, 2], [3, 2], [3, 8]],
  fitnet4: [[5, 2], [6, 2], [6, 8]],
};

/** The learning rate and momentum of all programs. */
export const RATE = 0.001, MOMENTUM = 0.9;

/**
 * The start of a training: weights and biases in turn, the former [3, 3, in, out] or [in, out] with maxout
 * pieces one after another; images [batch, height, width, channels]; a label each.
 */
export function startOf({ net, batch }: Work) {
  const { params, images, labels } = trainingOf(NETS[net](), imagesFor(net, batch));
  const numbers = ({ shape, data }: Tensor): Numbers => ({
    shape,
    data: data as Float32Array<ArrayBuffer>,
  });
  return {
    params: leaves<Tensor>(params).map(numbers),
    images: numbers(images),
    labels: labels.data as Int32Array<ArrayBuffer>,
  };
}

/** Times steps that end with the device done and give their loss, and prints what came of it. */
export async function report(
  library: string,
  device: string,
  { net, batch, seconds }: Work,
  step: () => Promise<number>,
): Promise<void> {
  const { ms, firstMs, values } = await repeat(step, 1000 * seconds);
  console.log(JSON.stringify({
    library,
    device,
    task: `${net}-${batch}`,
    ms: significant(ms.median),
    imagesPerSecond: significant(1000 * batch / ms.median),
    steps: ms.runs,
    firstMs: Math.round(firstMs),
    peakMiB: peakMiB(),
    losses: values.map((loss) => significant(loss, 8)),
  }));
}
