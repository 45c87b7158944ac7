/**
 * Measures the peak performance of one host thread in float64.
 *
 * @module
 */
import { type Peak, rate } from "../profile.ts";

/** Iterations of multiply-adds, and elements copied: 64 MiB. */
const ROUNDS = 1 << 22, ELEMENTS = 1 << 23;
/** Trials of each measurement. */
const TRIALS = 5;

/** Eight independent chains of multiply-adds. */
function chains(x: number, y: number): number {
  let [a, b, c, d, e, f, g, h] = [1, 2, 3, 4, 5, 6, 7, 8];
  for (let i = 0; i < ROUNDS; i++) {
    a = a * x + y;
    b = b * x + y;
    c = c * x + y;
    d = d * x + y;
    e = e * x + y;
    f = f * x + y;
    g = g * x + y;
    h = h * x + y;
  }
  return a + b + c + d + e + f + g + h;
}

function fastest(work: () => void): number {
  const times = Array.from({ length: TRIALS }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return Math.min(...times);
}

/** Measures float64 multiply-adds, and copying a large array. */
export function measurePeak(): Peak {
  const from = new Float64Array(ELEMENTS).fill(1), to = new Float64Array(ELEMENTS);
  return {
    gflops: rate(16 * ROUNDS, fastest(() => chains(0.5, 1))),
    gbps: rate(16 * ELEMENTS, fastest(() => to.set(from))),
  };
}
