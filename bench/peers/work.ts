/**
 * The work that all programs are given, and the line of JSON that they print.
 *
 * @module
 */
import type { Tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { peakMiB, repeat, significant } from "../measure.ts";
import type { NetName } from "../nets/mod.ts";
import { trainingOf } from "../step.ts";

/** The work of a program, as JSON in its argument. */
export interface Work {
  readonly net: NetName;
  readonly batch: number;
  /** How long to repeat steps. */
  readonly seconds: number;
  /** The milliseconds of a group of steps that are timed as one, and of which one loss is read; 0 if left out. */
  readonly sample?: number;
  /** Whether a table of kernels is asked for instead. */
  readonly profile?: boolean;
}

/** The work that this program was given. */
export const given = (): Work => JSON.parse(Deno.args[0]!);

/** Elements and shape of a tensor. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Convolutions before each pooling, and the pooling's window and stride: what does not follow from the weights. */
export const BLOCKS: Readonly<Partial<Record<NetName, readonly (readonly [number, number])[]>>> = {
  fitnet1: [[3, 2], [3, 2], [3, 8]],
  fitnet4: [[5, 2], [6, 2], [6, 8]],
};

/** The learning rate and momentum of all programs. */
export const RATE = 0.001, MOMENTUM = 0.9;

/**
 * The start of a training: weights and biases in turn, the weights [3, 3, in, out] or [in, out] with maxout
 * pieces one after another; images [batch, height, width, channels]; labels.
 */
export function createStart({ net, batch }: Work) {
  const { params, images, labels } = trainingOf(net, batch);
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

/** Times steps, each of which returns its loss, waiting for the device, where it is told to read; prints the result. */
export async function report(
  library: string,
  device: string,
  { net, batch, seconds, sample }: Work,
  step: (read: boolean) => Promise<number>,
): Promise<void> {
  const { ms, firstMs, values } = await repeat(step, 1000 * seconds, sample);
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
