/**
 * Comparing the results that two programs wrote.
 *
 * @module
 */
import { resultFile } from "./request.ts";

/** The largest difference relative to the root mean square of what is expected; infinite if sizes differ. */
export function difference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  let square = 0, worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(found[i]! - expected[i]!);
    square += expected[i]! ** 2;
    if (Number.isNaN(apart)) return NaN;
    worst = Math.max(worst, apart);
  }
  return worst / (Math.sqrt(square / expected.length) || 1);
}

/** The difference of the root mean squares: of random results, which agree only on average. */
export function scaleDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  const size = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
  return Math.abs(size(found) / size(expected) - 1);
}

async function readResult(path: string): Promise<Float32Array> {
  const bytes = await Deno.readFile(path);
  await Deno.remove(path);
  return new Float32Array(bytes.buffer);
}

/** The kinds of random results, and how close their scales must be to count as exact. */
const RANDOM = new Set(["dropout"]), SCALE_TOLERANCE = 0.1;

/** The error of a direction's results; both files are removed. */
export async function resultError(
  folder: string,
  kind: string,
  direction: string,
): Promise<number> {
  const [found, expected] = [
    await readResult(resultFile(folder, "goodinit", direction)),
    await readResult(resultFile(folder, "PyTorch", direction)),
  ];
  if (!RANDOM.has(kind)) return difference(found, expected);
  const apart = scaleDifference(found, expected);
  return apart <= SCALE_TOLERANCE ? 0 : apart;
}
