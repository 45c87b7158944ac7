/**
 * Convolutions on the CPU device, directly and by each of Winograd's algorithms: the measurements behind the
 * choice between them.
 *
 * @module
 */
import type { Row } from "../result.ts";
import type { Bench } from "../suite.ts";
import { convolutionRows, type ConvSize } from "./convolution.ts";

const size = (batch: number, side: number, channels: number, outputs: number): ConvSize => ({
  batch,
  side,
  channels,
  outputs,
});
const SIZES = [size(32, 32, 16, 32), size(32, 32, 32, 64), size(32, 16, 80, 160)];
const LARGEST = size(32, 8, 128, 256);

const WAYS = { off: "direct", F2: "F(2×2)", F4: "F(4×4)" } as const;

/** Each size by each algorithm; nothing on other devices. */
export async function* winograd(bench: Bench): AsyncGenerator<Row> {
  if (bench.run.device !== "cpu") return;
  for (const winograd of ["off", "F2", "F4"] as const) {
    await using run = await bench.open({ profile: true, winograd });
    for (const size of bench.quick ? [LARGEST] : [...SIZES, LARGEST]) {
      yield* convolutionRows({ ...bench, run }, size, "winograd", `${WAYS[winograd]}, `);
    }
  }
}
