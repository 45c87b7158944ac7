/**
 * Windows along one axis of an image: what convolutions, their gradients and poolings have in common.
 *
 * @module
 */

/**
 * Windows along one axis. Tap `t` of window `w` reads the place w · stride + t · dilation - padding, and
 * pixel `p` of the image lies at the place p · spacing; a place without a pixel is a zero. These are the
 * numbers of a window dimension of XLA's `Convolution` (there `spacing` is `base_dilation`).
 */
export interface WindowAxis {
  /** Pixels of the image. */
  readonly size: number;
  /** Taps of a window. */
  readonly kernel: number;
  /** Windows, which are the pixels of the result. */
  readonly out: number;
  /** Places from one window to the next. */
  readonly stride: number;
  /** Places from one tap to the next. */
  readonly dilation: number;
  /** Places before the first pixel at which the first window begins; negative where it begins after it. */
  readonly padding: number;
  /** Places from one pixel to the next: 1, but for the gradients of strided convolutions. */
  readonly spacing: number;
}

/** What is chosen about the windows of an axis. */
export type WindowOptions =
  & Pick<WindowAxis, "kernel">
  & Partial<Pick<WindowAxis, "stride" | "dilation" | "padding">>;

/** As many windows as fit into an image of a size with zeros on both sides; none of them if `out` is below 1. */
export function windowAxis(
  size: number,
  { kernel, stride = 1, dilation = 1, padding = 0 }: WindowOptions,
): WindowAxis {
  const beyond = size + 2 * padding - extent({ kernel, dilation });
  const out = Math.floor(beyond / stride) + 1;
  return { size, kernel, out, stride, dilation, padding, spacing: 1 };
}

/**
 * The axis of the gradient: windows of the result's cotangent, one for each pixel of the image, with taps
 * from the last to the first. Where windows were strided, the cotangent's pixels are spaced.
 */
export function transposedAxis(a: WindowAxis): WindowAxis {
  return {
    size: a.out,
    kernel: a.kernel,
    out: a.size,
    stride: a.spacing,
    dilation: a.dilation,
    padding: extent(a) - 1 - a.padding,
    spacing: a.stride,
  };
}

/** Places that one window spans. */
export const extent = ({ kernel, dilation }: Pick<WindowAxis, "kernel" | "dilation">): number =>
  (kernel - 1) * dilation + 1;

/** Places that so many neighboring windows span; all if left out. */
export const spanOf = (a: WindowAxis, windows = a.out): number =>
  (windows - 1) * a.stride + extent(a);

/** Places from the first pixel to the last, with the zeros between them. */
export const placesOf = ({ size, spacing }: WindowAxis): number => (size - 1) * spacing + 1;

/** Whether some window reaches out of the image, and so reads zeros there. */
export const reachesOut = (a: WindowAxis): boolean =>
  a.padding > 0 || spanOf(a) - a.padding > placesOf(a);

/** The pixel that a window reads at a tap; undefined if that is a zero. */
export function pixelAt(a: WindowAxis, window: number, tap: number): number | undefined {
  const pixel = (window * a.stride + tap * a.dilation - a.padding) / a.spacing;
  return pixel >= 0 && pixel < a.size && Number.isInteger(pixel) ? pixel : undefined;
}

/** The pixels that lie among the places of some neighboring windows: from the first to before the last. */
export function pixelRange(
  a: WindowAxis,
  window: number,
  windows = 1,
): readonly [from: number, to: number] {
  const first = window * a.stride - a.padding, end = first + spanOf(a, windows);
  return [
    Math.max(0, Math.ceil(first / a.spacing)),
    Math.min(a.size, Math.ceil(end / a.spacing)),
  ];
}
