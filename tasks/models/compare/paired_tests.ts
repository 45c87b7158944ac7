/**
 * Paired tests: whether two methods differ, on the same images and with the same seeds.
 *
 * @module
 */

/** Lanczos's coefficients for g = 7 and n = 9. */
const LANCZOS: readonly [number, ...number[]] = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0, to 15 digits (Lanczos, 1964). */
export function logGamma(x: number): number {
  const [first, ...others] = LANCZOS, base = x + 6.5;
  const sum = others.reduce((sum, c, i) => sum + c / (x + i), first);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** ln of the binomial coefficient. */
const logChoose = (n: number, k: number): number =>
  logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/**
 * McNemar's test, exact: the probability, if both methods were equally good, that the images that only one of
 * them has right are divided at least as unequally as `onlyFirst` to `onlySecond`. McNemar (1947); two-sided.
 */
export function mcNemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond, few = Math.min(onlyFirst, onlySecond);
  let tail = 0;
  for (let k = 0; k <= few; k++) tail += Math.exp(logChoose(n, k) - n * Math.LN2);
  return Math.min(1, 2 * tail);
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300, guard = (y: number) => Math.abs(y) < tiny ? tiny : y;
  let c = 1, d = 1 / guard(1 - (a + b) * x / (a + 1)), h = d;
  for (let m = 1; m < 1000; m++) {
    for (
      const step of [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ]
    ) {
      d = 1 / guard(1 + step * d);
      c = guard(1 + step / c);
      h *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return h;
}

/** The regularized incomplete beta function I_x(a, b). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const log = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return Math.exp(log) * betaFraction(x, a, b) / a;
}

/** The outcome of {@linkcode pairedT}. */
export interface PairedT {
  readonly mean: number;
  /** The sample standard deviation of the differences. */
  readonly deviation: number;
  readonly degrees: number;
  /** The probability of a mean at least as far from 0, if it were 0; two-sided. */
  readonly p: number;
}

/** Student's paired t-test of at least two differences; 1 where all are 0. */
export function pairedT(differences: readonly number[]): PairedT {
  const n = differences.length, degrees = n - 1;
  if (n < 2) throw new RangeError(`pairedT: expected at least 2 differences, found ${n}`);
  const mean = differences.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(
    differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / degrees,
  );
  if (deviation === 0) return { mean, deviation, degrees, p: mean === 0 ? 1 : 0 };
  const t = mean / (deviation / Math.sqrt(n));
  return {
    mean,
    deviation,
    degrees,
    p: incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5),
  };
}
