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
 * Splits an axis into phases, one for each remainder of a window modulo the spacing. A phase in which every
 * tap reads between pixels has none, `axis.kernel` 0; one without windows is left out.
 */
export function windowPhases(a: WindowAxis): WindowPhase[] {
  const step = a.spacing, remainders = Array.from({ length: Math.min(step, a.out) }, (_, r) => r);
  return remainders.map((first) => {
    const taps = Array.from({ length: a.kernel }, (_, t) => t)
      .filter((t) => (first * a.stride + t * a.dilation - a.padding) % step === 0);
    const tap = taps[0] ?? 0, tapStep = taps.length > 1 ? taps[1]! - tap : 1;
    const place = first * a.stride + tap * a.dilation - a.padding;
    return {
      first,
      step,
      tap,
      tapStep,
      axis: {
        size: a.size,
        kernel: taps.length,
        out: Math.ceil((a.out - first) / step),
        stride: a.stride,
        dilation: taps.length > 1 ? tapStep * a.dilation / step : 1,
        padding: taps.length > 0 ? 0 - place / step : 0,
        spacing: 1,
      },
    };
  });
}
