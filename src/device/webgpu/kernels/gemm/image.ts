/**
 * The im2col operand of a convolution: windows × (taps, channels), read from the image without a copy.
 * Dilation is not supported.
 *
 * @module
 */
import type { ElementAddress, GemmOperand } from "./operand.ts";
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { reachesOut, type WindowAxis } from "../../../../ops/window_axis.ts";
import type { Tuple } from "../../../../tuple.ts";

/**
 * An element is a window and a position in it; one comes from the edge, the other from the depth. Each
 * contributes offsets of y, x and the flat index `at`; where pixels are spaced out, y and x are added to
 * `at` at the end.
 */
type Share = (name: string, index: string) => string[];

const isSpaced = ({ y, x }: ConvGeometry) => y.spacing > 1 || x.spacing > 1;

const windowShare = (g: ConvGeometry): Share => (name, index) => [
  `let ${name}_window = ${index};`,
  `let ${name}_line = ${name}_window / ${g.x.out}u;`,
  `let ${name}_image = ${name}_line / ${g.y.out}u;`,
  `let ${name}_dx = i32(${name}_window - ${name}_line * ${g.x.out}u) * ${g.x.stride};`,
  `let ${name}_dy = i32(${name}_line - ${name}_image * ${g.y.out}u) * ${g.y.stride};`,
  `let ${name}_dat = i32(${name}_image) * ${g.y.size * g.x.size * g.channels}${moved(g, name)};`,
];

const placeShare = (g: ConvGeometry): Share => (name, index) => [
  `let ${name}_place = ${index};`,
  `let ${name}_tap = ${name}_place / ${g.channels}u;`,
  `let ${name}_row = ${name}_tap / ${g.x.kernel}u;`,
  `let ${name}_dx = i32(${name}_tap - ${name}_row * ${g.x.kernel}u);`,
  `let ${name}_dy = i32(${name}_row);`,
  `let ${name}_dat = i32(${name}_place - ${name}_tap * ${g.channels}u)${moved(g, name)};`,
];

const moved = (g: ConvGeometry, name: string): string =>
  isSpaced(g) ? "" : ` + (${name}_dy * ${g.x.size} + ${name}_dx) * ${g.channels}`;

/**
 * Windows as the kernel's first operand: windows along the edge and positions along the depth, contiguous
 * along the depth, or the reverse.
 *
 * @param vectorized Whether the image can be read four elements at a time.
 * @param tileDepth The depth of a tile. If it stays within a tap, or within a row of windows, its offsets
 * are computed once for all of its elements.
 */
export function windows(
  along: GemmOperand["along"],
  vectorized: boolean,
  g: ConvGeometry,
  tileDepth: number,
): GemmOperand {
  const deep = along === "depth", shares = [windowShare(g), placeShare(g)];
  const [edgeShare, depthShare] = (deep ? shares : shares.reverse()) as Tuple<Share, 2>;
  const together = (deep ? g.channels : g.x.out) % tileDepth === 0;
  const spaced = isSpaced(g);
  const corner = spaced ? 0 : (g.y.padding * g.x.size + g.x.padding) * g.channels;
  return {
    argument: 0,
    along,
    width: vectorized && g.channels % 4 === 0 ? 4 : 1,
    setup: (name, edge, depth) => {
      const inner = `i32(${depth})`;
      const dx = together && !deep ? ` + ${inner} * ${g.x.stride}` : "";
      const dat = !together
        ? ""
        : deep
        ? ` + ${inner}`
        : ` + ${inner} * ${g.x.stride * g.channels}`;
      return [
        ...edgeShare(name, edge),
        `let ${name}_y = ${name}_dy - ${g.y.padding};`,
        `let ${name}_x = ${name}_dx - ${g.x.padding}${dx};`,
        `let ${name}_at = ${name}_dat - ${corner}${dat};`,
      ];
    },
    ...(together && { shared: depthShare }),
    address: (name, tile, depth0, depth) => {
      const from = together ? tile : `${name}_k`;
      const y = `${name}_y + ${from}_dy`, x = `${name}_x + ${from}_dx`;
      const lines = together ? [] : depthShare(from, `${depth0} + ${depth}`);
      const at = `${name}_at + ${from}_dat`;
      return spaced ? between(g, name, lines, y, x, at) : {
        lines,
        when: [
          ...(reachesOut(g.y) ? [`u32(${y}) < ${g.y.size}u`] : []),
          ...(reachesOut(g.x) ? [`u32(${x}) < ${g.x.size}u`] : []),
        ],
        at: `u32(${at})`,
      };
    },
  };
}

/** The position of a pixel in an image whose pixels are spaced out. */
function between(
  { y: rows, x: columns, channels }: ConvGeometry,
  name: string,
  lines: readonly string[],
  y: string,
  x: string,
  at: string,
): ElementAddress {
  const on = (at: string, pixel: string, { spacing, size }: WindowAxis) => [
    `${at} >= 0`,
    `${pixel} * ${spacing} == ${at}`,
    `${pixel} < ${size}`,
  ];
  return {
    lines: [
      ...lines,
      `let ${name}_py = (${y}) / ${rows.spacing};`,
      `let ${name}_px = (${x}) / ${columns.spacing};`,
    ],
    when: [...on(y, `${name}_py`, rows), ...on(x, `${name}_px`, columns)],
    at: `u32(${at} + (${name}_py * ${columns.size} + ${name}_px) * ${channels})`,
  };
}
