/**
 * The im2col operand of a convolution: windows × (taps, channels), read from the image without a copy.
 *
 * @module
 */
import type { GemmOperand } from "./operand.ts";
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { reachesOut } from "../../../../ops/window_axis.ts";
import type { Tuple } from "../../../../tuple.ts";

/**
 * An element is a window and a position in it; one comes from the edge, the other from the depth. Each
 * contributes offsets of y, x and the flat index `at`.
 */
type Share = (name: string, index: string) => string[];

const times = (n: number): string => n === 1 ? "" : ` * ${n}`;

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
  `let ${name}_tap = ${name}_place / ${g.groupIn}u;`,
  `let ${name}_row = ${name}_tap / ${g.x.kernel}u;`,
  `let ${name}_dx = i32(${name}_tap - ${name}_row * ${g.x.kernel}u)${times(g.x.dilation)};`,
  `let ${name}_dy = i32(${name}_row)${times(g.y.dilation)};`,
  `let ${name}_dat = i32(${name}_place - ${name}_tap * ${g.groupIn}u)${moved(g, name)};`,
];

const moved = (g: ConvGeometry, name: string): string =>
  ` + (${name}_dy * ${g.x.size} + ${name}_dx) * ${g.channels}`;

/**
 * Windows as the kernel's first operand: windows along the edge and positions along the depth, contiguous
 * along the depth, or the reverse. The matrices of a batch are the groups.
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
  const together = (deep ? g.groupIn : g.x.out) % tileDepth === 0;
  const corner = (g.y.padding * g.x.size + g.x.padding) * g.channels;
  const group = g.groups === 1 ? "" : ` + i32(batch * ${g.groupIn}u)`;
  return {
    argument: 0,
    along,
    width: vectorized && g.groupIn % 4 === 0 ? 4 : 1,
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
        `let ${name}_at = ${name}_dat - ${corner}${dat}${group};`,
      ];
    },
    ...(together && { shared: depthShare }),
    address: (name, tile, depth0, depth) => {
      const from = together ? tile : `${name}_k`;
      return {
        lines: together ? [] : depthShare(from, `${depth0} + ${depth}`),
        when: [
          ...(reachesOut(g.y) ? [`u32(${name}_y + ${from}_dy) < ${g.y.size}u`] : []),
          ...(reachesOut(g.x) ? [`u32(${name}_x + ${from}_dx) < ${g.x.size}u`] : []),
        ],
        at: `u32(${name}_at + ${from}_dat)`,
      };
    },
  };
}
