/**
 * Windows along one axis of an image, as convolutions, their gradients and pooling read them.
 *
 * @module
 */

/**
 * Windows along one axis. Tap `t` of window `w` reads the position w · stride + t · dilation - padding, and
 * pixel `p` of the image is at the position p · spacing; a position without a pixel reads as zero. These
 * are the numbers of a window dimension of XLA's `Convolution` (there `spacing` is `base_dilation`).
 */
export interface WindowAxis {
  /** Pixels of the image. */
  readonly size: number;
  /** Taps of a window. */
  readonly kernel: number;
  /** Windows: the pixels of the result. */
  readonly out: number;
  /** Positions from one window to the next. */
  readonly stride: number;
  /** Positions from one tap to the next. */
  readonly dilation: number;
  /** Positions from the start of the first window to the first pixel; negative where it starts after that. */
  readonly padding: number;
  /** Positions from one pixel to the next: 1, except in gradients of strided convolutions. */
  readonly spacing: number;
}

/** Options of the windows along an axis: `paddingAfter` is as much as `padding` if left out. */
export type WindowOptions =
  & Pick<WindowAxis, "kernel">
  & Partial<
    Pick<WindowAxis, "stride" | "dilation" | "padding"> & { readonly paddingAfter: number }
  >;

/** As many windows as fit into `size` pixels padded on both sides; none fits if `out` is below 1. */
export function windowAxis(
  size: number,
  { kernel, stride = 1, dilation = 1, padding = 0, paddingAfter = padding }: WindowOptions,
): WindowAxis {
  const beyond = size + padding + paddingAfter - extent({ kernel, dilation });
  const out = Math.floor(beyond / stride) + 1;
  return { size, kernel, out, stride, dilation, padding, spacing: 1 };
}

/**
 * The axis of the transposed convolution: windows over the result's cotangent, one for each pixel of the
 * image, with taps reversed. The stride becomes the spacing of the cotangent's pixels.
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

/** Positions that one window spans. */
export const extent = ({ kernel, dilation }: Pick<WindowAxis, "kernel" | "dilation">): number =>
  (kernel - 1) * dilation + 1;

/** Positions that `windows` neighboring windows span; all windows if left out. */
export const spanOf = (a: WindowAxis, windows = a.out): number =>
  (windows - 1) * a.stride + extent(a);

/** Positions from the first pixel to the last, the zeros between them included. */
export const spacedSize = ({ size, spacing }: WindowAxis): number => (size - 1) * spacing + 1;

/** Whether some window extends beyond the image, and so reads padding. */
export const reachesOut = (a: WindowAxis): boolean =>
  a.padding > 0 || spanOf(a) - a.padding > spacedSize(a);

/** The pixel that a window reads at a tap; undefined if it reads zero there. */
export function pixelAt(a: WindowAxis, window: number, tap: number): number | undefined {
  const pixel = (window * a.stride + tap * a.dilation - a.padding) / a.spacing;
  return pixel >= 0 && pixel < a.size && Number.isInteger(pixel) ? pixel : undefined;
}

/** The pixels within the span of `windows` neighboring windows: from the first, to one past the last. */
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
