/**
 * The ticks of an axis and their labels.
 *
 * @module
 */

/** About `about` numbers from low to high at round steps. */
export function linearTicks(low: number, high: number, about: number): readonly number[] {
  const rough = (high - low) / Math.max(about, 1);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough)), lead = rough / power;
  const step = power * (lead > 7.5 ? 10 : lead > 3.5 ? 5 : lead > 1.5 ? 2 : 1);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from(
    { length: last - first + 1 },
    (_, i) => Number(((first + i) * step).toPrecision(12)),
  );
}

/** About `about` integers from low to high at round steps. */
export const integerTicks = (low: number, high: number, about: number): readonly number[] =>
  linearTicks(low, high, Math.min(about, high - low)).filter(Number.isInteger);

/** Ticks of a logarithmic axis: 1, 2 and 5 times powers of ten; only the powers over many decades. */
export function logTicks(low: number, high: number): readonly number[] {
  const from = Math.floor(Math.log10(low)), to = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const many = decades > (low < 1e-3 || high >= 1e5 ? 1.2 : 2.5), leads = many ? [1] : [1, 2, 5];
  const every = Math.max(1, Math.ceil(decades / 8));
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
    .filter((power) => power % every === 0)
    .flatMap((power) => leads.map((lead) => Number(`${lead}e${power}`)))
    .filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten, or a few of them: `10⁻⁶`, `2·10⁶`. */
function powerLabel(value: number): string {
  const size = Math.abs(value), power = Math.floor(Math.log10(size) + 1e-9);
  const lead = Math.round(value / 10 ** power);
  const raised = (power < 0 ? "⁻" : "") +
    [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return (lead === 1 ? "" : `${lead}·`.replace("-", "−")) + `10${raised}`;
}

/** Short labels of ticks: `0.05`, `200`; powers of ten where one of them is very small or large. */
export function tickLabels(ticks: readonly number[]): readonly string[] {
  const outside = (from: number, to: number) => (value: number) =>
    value !== 0 && !(Math.abs(value) >= from && Math.abs(value) < to);
  const far = ticks.some(outside(1e-3, 1e5)) ? outside(0.1, 100) : () => false;
  return ticks.map((value) => far(value) ? powerLabel(value) : String(value).replace("-", "−"));
}
