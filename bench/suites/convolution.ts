/**
 * The three kernels of a 3×3 convolution: forward, input gradient and weight gradient.
 *
 * @module
 */
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { KERNEL_OPS } from "../../src/ops/mod.ts";
import type { Peak } from "../../src/device/profile.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { apply, tensor } from "../../src/tensor.ts";
import type { Data } from "../../src/host_data.ts";
import { distance } from "../../tests/device/cpu/distance.ts";
import { fill } from "../../tests/golden/fill.ts";
import { type Kernel, onDevice, timeKernel } from "../kernel.ts";
import { significant } from "../measure.ts";
import { rated, roundedMs, type Row } from "../result.ts";
import type { Tuple } from "../../src/tuple.ts";

/** The size of a convolution of square images. */
export interface ConvSize {
  readonly batch: number;
  readonly side: number;
  readonly channels: number;
  readonly outputs: number;
}

/** `32×16×16×80→160`. */
export const nameOf = ({ batch, side, channels, outputs }: ConvSize): string =>
  `${batch}×${side}×${side}×${channels}→${outputs}`;

/** The FLOPs of a direct convolution. */
export const countFlops = ({ batch, side, channels, outputs }: ConvSize): number =>
  2 * batch * side * side * 9 * channels * outputs;

const OPTIONS = { stride: 1, padding: 1, groups: 1 };

/** Functions of images, weights and the output's gradient, one kernel each. */
export const DIRECTIONS = {
  forward: (x, w) => apply(KERNEL_OPS.conv2d, [x, w], OPTIONS),
  "input gradient": (x, w, y) =>
    apply(KERNEL_OPS.conv2dInputGradient, [y, w], { ...OPTIONS, shape: x.shape }),
  "weight gradient": (x, w, y) =>
    apply(KERNEL_OPS.conv2dWeightGradient, [x, y], { ...OPTIONS, shape: w.shape }),
} satisfies Record<string, Kernel>;

/** The elements of a convolution's images, weights and output gradient. */
export function createNumbers({ batch, side, channels, outputs }: ConvSize) {
  return {
    x: fill(batch * side * side * channels, 1, 1),
    w: fill(9 * channels * outputs, 2, 0.1),
    y: fill(batch * side * side * outputs, 3, 1),
  };
}

const createTensors = (
  { batch, side, channels, outputs }: ConvSize,
  { x, w, y }: Record<"x" | "w" | "y", Data>,
) => [
  tensor(x, [batch, side, side, channels]),
  tensor(w, [3, 3, channels, outputs]),
  tensor(y, [batch, side, side, outputs]),
];

/** The first and the last of a batch's images; all of them where there are no more. */
function ends<D extends Data>(data: D, batch: number): D {
  if (batch <= 2) return data;
  const image = data.length / batch, some = data.slice(0, 2 * image) as D;
  some.set(data.subarray(data.length - image), image);
  return some;
}

/** Zeros in all images but the first and the last. */
function endsAlone(data: Float32Array<ArrayBuffer>, batch: number): Float32Array<ArrayBuffer> {
  const image = data.length / batch;
  return data.slice().fill(0, image, Math.max(image, data.length - image));
}

/**
 * The errors of the kernels against float64 at the batch's first and last image. The weight gradient, a sum
 * over images, is computed with a zero gradient at all other images.
 */
async function measureErrors(run: Runtime, size: ConvSize): Promise<number[]> {
  const { batch } = size, { x, w, y } = createNumbers(size);
  const whole = createTensors(size, { x, w, y: endsAlone(y, batch) });
  const few = createTensors(
    { ...size, batch: Math.min(batch, 2) },
    { x: ends(x, batch), w, y: ends(y, batch) },
  );
  const errors: number[] = [];
  for (const [direction, kernel] of Object.entries<Kernel>(DIRECTIONS)) {
    const found = await run.read(run.jit(kernel)(...whole)) as Data;
    const [exact] = evaluate([kernel(...few)]) as Tuple<Float64Array, 1>;
    errors.push(distance(direction === "weight gradient" ? found : ends(found, batch), exact));
  }
  return errors;
}

/** How a convolution is measured. */
export interface ConvBench {
  readonly run: Runtime;
  readonly budget: number;
  readonly most: Peak;
}

/**
 * The rows of a convolution.
 *
 * @param run A runtime opened with `profile`.
 * @param way The algorithm, put before the name.
 */
export async function* convolutionRows(
  { run, budget, most }: ConvBench,
  size: ConvSize,
  suite: string,
  way = "",
): AsyncGenerator<Row> {
  const errors = await measureErrors(run, size);
  const inputs = onDevice(run, createTensors(size, createNumbers(size)));
  for (const [i, [direction, kernel]] of Object.entries<Kernel>(DIRECTIONS).entries()) {
    const { ms, callMs } = await timeKernel(run, kernel, inputs, budget);
    yield {
      suite,
      name: `${way}${nameOf(size)} ${direction}`,
      ms: roundedMs(ms),
      callMs: significant(callMs),
      ...rated(most, ms.median, { flops: countFlops(size) }),
      error: significant(errors[i]!, 2),
    };
  }
}
