/**
 * Axes that span given values.
 *
 * @module
 */
import type { Axis } from "./panel.ts";
import { integerTicks, linearTicks, logTicks } from "./ticks.ts";

/** The least and the greatest of the finite numbers; 0 and 1 if there are none. */
function extent(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  return finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
}

/** How much further an axis may reach than the values it must show, relative to their span. */
const FURTHER = 0.5;

/**
 * Values that an axis spans: those that it must show, and others as far as they do not dominate it. All others
 * where there are none that it must show.
 */
export function robustValues(
  shown: readonly number[],
  others: readonly number[],
): readonly number[] {
  if (!shown.some(Number.isFinite)) return others;
  const [low, high] = extent(shown), room = FURTHER * (high - low || Math.abs(high) || 1);
  const near = others.map((value) => Math.min(Math.max(value, low - room), high + room));
  return [...shown, ...near];
}

/** A linear axis around values, within the bounds of their range. */
export function linearAxis(
  title: string,
  values: readonly number[],
  bounds: readonly [number, number] = [-Infinity, Infinity],
): Axis {
  const [low, high] = extent(values), room = (high - low || Math.abs(high) || 1) * 0.05;
  const domain = [Math.max(low - room, bounds[0]), Math.min(high + room, bounds[1])] as const;
  return { title, domain, ticks: linearTicks(...domain, 4) };
}

/** A logarithmic axis around positive values. */
export function logAxis(title: string, values: readonly number[]): Axis {
  const [low, high] = extent(values.filter((value) => value > 0));
  const room = Math.max(1.15, (high / low) ** 0.05);
  const domain = [low / room, high * room] as const;
  return { title, domain, ticks: logTicks(...domain), log: true };
}

/** An axis of integers, from the first to the last; the first has a tick where there is room. */
export function countAxis(title: string, from: number, to: number): Axis {
  if (!(to > from)) return { title, domain: [from - 1, from + 1], ticks: [from] };
  const [first, second = Infinity, ...rest] = integerTicks(from, to, 5) as readonly [
    number,
    number,
    ...number[],
  ];
  const room = first - from > 0.6 * (second - first);
  const ticks = [...(room ? [from] : []), first, second, ...rest].filter(Number.isFinite);
  return { title, domain: [from, to], ticks };
}
