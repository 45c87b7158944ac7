/**
 * Comparing the results that two programs wrote.
 *
 * @module
 */
import { resultFile } from "./request.ts";

/**
 * The largest difference relative to the root mean square of what is expected; infinite if sizes differ.
 *
 * @param ignored How many elements may differ by more.
 */
export function difference(found: Float32Array, expected: Float32Array, ignored = 0): number {
  if (found.length !== expected.length) return Infinity;
  const largest = new Array<number>(ignored + 1).fill(0);
  let square = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(found[i]! - expected[i]!);
    square += expected[i]! ** 2;
    if (Number.isNaN(apart)) return NaN;
    if (apart > largest[ignored]!) {
      largest[ignored] = apart;
      largest.sort((a, b) => b - a);
    }
  }
  return largest[ignored]! / (Math.sqrt(square / expected.length) || 1);
}

/** The difference of the root mean squares: of random results, which agree only on average. */
export function scaleDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  const size = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
  return Math.abs(size(found) / size(expected) - 1);
}

/** The results that a program wrote of a direction. */
async function readResults(folder: string, program: string, direction: string) {
  const results: Float32Array[] = [];
  for (let i = 0;; i++) {
    const path = resultFile(folder, program, direction, i);
    const bytes = await Deno.readFile(path).catch(() => undefined);
    if (!bytes) return results;
    await Deno.remove(path);
    results.push(new Float32Array(bytes.buffer));
  }
}

/** The kinds of random results, and how close their scales must be to count as exact. */
const RANDOM = new Set(["dropout"]), SCALE_TOLERANCE = 0.1;

/** Gradients of ReLU that may differ where its input is rounded to the other side of 0. */
const ROUNDED: Readonly<Record<string, number>> = { batchNormRelu: 4 };

/** The error of one result. */
function errorOf(kind: string, found: Float32Array, expected: Float32Array): number {
  if (!RANDOM.has(kind)) return difference(found, expected, ROUNDED[kind]);
  const apart = scaleDifference(found, expected);
  return apart <= SCALE_TOLERANCE ? 0 : apart;
}

/** The largest error of a direction's results; infinite if there are none. The files are removed. */
export async function resultError(
  folder: string,
  kind: string,
  direction: string,
): Promise<number> {
  const found = await readResults(folder, "goodinit", direction);
  const expected = await readResults(folder, "PyTorch", direction);
  if (found.length === 0 || found.length !== expected.length) return Infinity;
  return Math.max(...found.map((each, i) => errorOf(kind, each, expected[i]!)));
}
