/**
 * Phases of an axis whose pixels are spaced apart, as in the gradient of a strided convolution: windows
 * that read the same taps, as an axis of its own on which no tap reads between pixels.
 *
 * @module
 */
import type { WindowAxis } from "./window_axis.ts";

/** Every `step`-th window from `first` on, and the taps that find pixels there. */
export interface WindowPhase {
  /** These windows over adjacent pixels: tap `i` of window `j` reads what tap `tap + i · tapStep` of window `first + j · step` of the whole axis reads. */
  readonly axis: WindowAxis;
  readonly first: number;
  readonly step: number;
  readonly tap: number;
  readonly tapStep: number;
}

/**
 * Splits an axis into phases, one for each remainder of a window modulo the spacing. First and last taps
 * that find no pixel in any window are left out. A phase in which no tap finds one has none, `axis.kernel`
 * 0; one without windows is left out.
 */
export function windowPhases(a: WindowAxis): WindowPhase[] {
  const step = a.spacing, remainders = Array.from({ length: Math.min(step, a.out) }, (_, r) => r);
  return remainders.map((first) => {
    const out = Math.ceil((a.out - first) / step);
    const place = (tap: number) => (first * a.stride + tap * a.dilation - a.padding) / step;
    const taps = trim(
      Array.from({ length: a.kernel }, (_, t) => t).filter((t) => Number.isInteger(place(t))),
      (t) => findsPixel(a, place(t), out),
    );
    const tap = taps[0] ?? 0, tapStep = taps.length > 1 ? taps[1]! - tap : 1;
    return {
      first,
      step,
      tap,
      tapStep,
      axis: {
        size: a.size,
        kernel: taps.length,
        out,
        stride: a.stride,
        dilation: taps.length > 1 ? tapStep * a.dilation / step : 1,
        padding: taps.length > 0 ? 0 - place(tap) : 0,
        spacing: 1,
      },
    };
  });
}

/** Whether a tap that reads pixel `place` in the first of `windows` windows finds one in any of them. */
function findsPixel({ size, stride }: WindowAxis, place: number, windows: number): boolean {
  const skipped = Math.max(0, Math.ceil(-place / stride));
  return skipped < windows && place + skipped * stride < size;
}

/** A list without the first and last items that fail a test. */
function trim<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  const first = items.findIndex(test), last = items.findLastIndex(test);
  return first < 0 ? [] : items.slice(first, last + 1);
}
