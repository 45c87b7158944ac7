/**
 * The error function in float64, which JavaScript lacks.
 *
 * @module
 */

/** For |x| from here on, erf(x) rounds to ±1 in float64. */
const ONE_FROM = 6;

/**
 * 2/√π · ∫₀ˣ e^(-t²) dt, to a few units in the last place: the series of Abramowitz & Stegun, "Handbook of
 * Mathematical Functions" (1964), 7.1.6, whose terms have one sign, so that nothing cancels.
 */
export function errorFunction(x: number): number {
  if (!(Math.abs(x) < ONE_FROM)) return Math.sign(x);
  let term = x, total = x;
  for (let n = 1; Math.abs(term) > Math.abs(total) * 2 ** -54; n++) {
    term *= 2 * x * x / (2 * n + 1);
    total += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * total;
}
