/**
 * Operands that are windows of images: the matrix of windows by taps and channels which a convolution
 * multiplies, read in place.
 *
 * @module
 */
import type { Operand, Place } from "./operand.ts";
import type { Tuple } from "../../../../tuple.ts";

/** How windows lie on images [batch, height, width, channels]. */
export interface Windows {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Windows in a column and in a row. */
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Pixels from one window to the next. */
  readonly stride: number;
  /** Pixels by which the first window begins above and left of the image; negative if inside. */
  readonly paddingY: number;
  readonly paddingX: number;
  /** How far apart the image's pixels are: between them windows see zeros. */
  readonly spacing: number;
}

/**
 * An index is a window and a place in it, one from the edge, one from the depth. Each adds its share to
 * y, x and the flat index `at`; with pixels spaced out, `at` leaves y and x to be added at the end.
 */
type Share = (name: string, index: string) => string[];

const windowShare = (w: Windows): Share => (name, index) => [
  `let ${name}_window = ${index};`,
  `let ${name}_line = ${name}_window / ${w.outWidth}u;`,
  `let ${name}_image = ${name}_line / ${w.outHeight}u;`,
  `let ${name}_dx = i32(${name}_window - ${name}_line * ${w.outWidth}u) * ${w.stride};`,
  `let ${name}_dy = i32(${name}_line - ${name}_image * ${w.outHeight}u) * ${w.stride};`,
  `let ${name}_dat = i32(${name}_image) * ${w.height * w.width * w.channels}${moved(w, name)};`,
];

const placeShare = (w: Windows): Share => (name, index) => [
  `let ${name}_place = ${index};`,
  `let ${name}_tap = ${name}_place / ${w.channels}u;`,
  `let ${name}_row = ${name}_tap / ${w.kernelWidth}u;`,
  `let ${name}_dx = i32(${name}_tap - ${name}_row * ${w.kernelWidth}u);`,
  `let ${name}_dy = i32(${name}_row);`,
  `let ${name}_dat = i32(${name}_place - ${name}_tap * ${w.channels}u)${moved(w, name)};`,
];

const moved = (w: Windows, name: string): string =>
  w.spacing > 1 ? "" : ` + (${name}_dy * ${w.width} + ${name}_dx) * ${w.channels}`;

/** Whether windows reach out of an image, along one axis. */
const reaches = (padding: number, windows: number, stride: number, kernel: number, size: number) =>
  padding > 0 || (windows - 1) * stride + kernel - padding > size;

/**
 * Windows as an operand, the kernel's first: windows along the edge by places along the depth, whose
 * neighbours are along the depth, or the other way round.
 *
 * @param wide Whether the image can be read four elements at a time.
 * @param tileDepth The depth of a tile. One that stays within a tap, or within a line of windows, has its
 * share worked out once for all of its elements.
 */
export function windows(
  along: Operand["along"],
  wide: boolean,
  w: Windows,
  tileDepth: number,
): Operand {
  const deep = along === "depth", shares = [windowShare(w), placeShare(w)];
  const [edgeShare, depthShare] = (deep ? shares : shares.reverse()) as Tuple<Share, 2>;
  const together = (deep ? w.channels : w.outWidth) % tileDepth === 0;
  const spaced = w.spacing > 1;
  const corner = spaced ? 0 : (w.paddingY * w.width + w.paddingX) * w.channels;
  return {
    argument: 0,
    along,
    width: wide && w.channels % 4 === 0 ? 4 : 1,
    setup: (name, edge, depth) => {
      const inner = `i32(${depth})`;
      const dx = together && !deep ? ` + ${inner} * ${w.stride}` : "";
      const dat = !together ? "" : deep ? ` + ${inner}` : ` + ${inner} * ${w.stride * w.channels}`;
      return [
        ...edgeShare(name, edge),
        `let ${name}_y = ${name}_dy - ${w.paddingY};`,
        `let ${name}_x = ${name}_dx - ${w.paddingX}${dx};`,
        `let ${name}_at = ${name}_dat - ${corner}${dat};`,
      ];
    },
    ...(together && { shared: depthShare }),
    place: (name, tile, depth0, depth) => {
      const from = together ? tile : `${name}_k`;
      const y = `${name}_y + ${from}_dy`, x = `${name}_x + ${from}_dx`;
      const lines = together ? [] : depthShare(from, `${depth0} + ${depth}`);
      const at = `${name}_at + ${from}_dat`;
      return spaced ? between(w, name, lines, y, x, at) : {
        lines,
        when: [
          ...(reaches(w.paddingY, w.outHeight, w.stride, w.kernelHeight, w.height)
            ? [`u32(${y}) < ${w.height}u`]
            : []),
          ...(reaches(w.paddingX, w.outWidth, w.stride, w.kernelWidth, w.width)
            ? [`u32(${x}) < ${w.width}u`]
            : []),
        ],
        at: `u32(${at})`,
      };
    },
  };
}

/** The place of a pixel among those that are spaced out. */
function between(
  { spacing, height, width, channels }: Windows,
  name: string,
  lines: readonly string[],
  y: string,
  x: string,
  at: string,
): Place {
  const on = (at: string, pixel: string, size: number) => [
    `${at} >= 0`,
    `${pixel} * ${spacing} == ${at}`,
    `${pixel} < ${size}`,
  ];
  return {
    lines: [
      ...lines,
      `let ${name}_py = (${y}) / ${spacing};`,
      `let ${name}_px = (${x}) / ${spacing};`,
    ],
    when: [...on(y, `${name}_py`, height), ...on(x, `${name}_px`, width)],
    at: `u32(${at} + (${name}_py * ${width} + ${name}_px) * ${channels})`,
  };
}
