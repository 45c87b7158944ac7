/**
 * Elementwise expressions of large tensors, and sums: kernels limited by memory bandwidth.
 *
 * @module
 */
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { add, exp, maximum, mul, slice, sum } from "../../src/ops/mod.ts";
import type { Data } from "../../src/host_data.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { distance } from "../../tests/device/cpu/distance.ts";
import { fill } from "../../tests/golden/fill.ts";
import { type Kernel, onDevice, timeKernel } from "../kernel.ts";
import { significant } from "../measure.ts";
import { rated, roundedMs, type Row } from "../result.ts";
import type { Bench } from "../suite.ts";
import type { Tuple } from "../../src/tuple.ts";

/** Columns of the tensors; the two pieces of maxout are half of them each. */
const COLUMNS = 4096;

const KERNELS: Readonly<Record<string, Kernel>> = {
  "x + 1": (x) => add(x, 1),
  "x · y + z": (x, y, z) => add(mul(x, y), z),
  "max(x, 0)": (x) => maximum(x, 0),
  "exp x": (x) => exp(x),
  "max of 2 pieces": (x) => maximum(piece(x, 0), piece(x, 1)),
  "sum of rows": (x) => sum(x, 1),
  "sum of columns": (x) => sum(x, 0),
};

function piece(x: Tensor, at: number): Tensor {
  const [rows, columns] = x.shape as Tuple<number, 2>, half = columns / 2;
  return slice(x, [0, at * half], [rows, (at + 1) * half]);
}

/** Every expression on tensors of 64 MiB, or of 4 MiB with --quick. */
export async function* elementwise({ run, quick, budget, most }: Bench): AsyncGenerator<Row> {
  const rows = quick ? 256 : 4096, shape = [rows, COLUMNS];
  const given = [1, 2, 3].map((seed) => tensor(fill(rows * COLUMNS, seed, 1), shape));
  const there = onDevice(run, given);
  for (const [name, kernel] of Object.entries(KERNELS)) {
    const inputs = there.slice(0, kernel.length), y = kernel(...given);
    const found = await run.read(run.jit(kernel)(...inputs)) as Data;
    const { ms, callMs } = await timeKernel(run, kernel, inputs, budget);
    const bytes = 4 * (inputs.length * rows * COLUMNS + y.size);
    yield {
      suite: "elementwise",
      name: `${name}, ${shape.join("×")}`,
      ms: roundedMs(ms),
      callMs: significant(callMs),
      ...rated(most, ms.median, { bytes }),
      error: significant(distance(found, evaluate([y])[0]!), 2),
    };
  }
}
