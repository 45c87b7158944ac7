/**
 * Panels: lines over two axes, each labeled at its end. All figures consist of panels.
 *
 * @module
 */

/** A point of a line, and the bounds of the band around it. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** A named line. */
export interface Line {
  readonly name: string;
  /** The label of the last value, written behind the name. */
  readonly end?: string | undefined;
  /** The index of its color in the palette. */
  readonly color: number;
  readonly dashed?: boolean;
  /** Whether its marks are open circles. */
  readonly open?: boolean;
  readonly points: readonly Point[];
  /** The points that the line summarizes, as small dots. */
  readonly dots?: readonly Point[];
  /** The arrow behind the name of a line that ends beyond the axis. */
  readonly beyond?: "↑" | "↓" | undefined;
}

/** An axis: its title with the unit, its bounds and ticks. */
export interface Axis {
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly log?: boolean;
}

/** A panel. */
export interface Panel {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Positions of events along x, as thin vertical lines. */
  readonly events?: readonly number[];
  /** The target value of y, as a line, and its tolerance. */
  readonly target?: {
    readonly value: number;
    readonly within?: readonly [number, number] | undefined;
  } | undefined;
}

/** A figure: panels with a title and a caption. */
export interface Figure {
  /** The file's name without `.svg`. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** What its marks mean, a sentence each, written below the panels; nothing if left out. */
  readonly key?: readonly string[];
  readonly panels: readonly Panel[];
  /** How wide it is at most, in pixels, if not as a page's column of text. */
  readonly width?: number;
}

/** A number with three significant digits. */
const short = (value: number): string =>
  Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));

const lineText = ({ name, points }: Line): string => {
  const first = points[0]!, last = points[points.length - 1]!;
  if (points.length < 2) return `${name}: ${short(last.y)} at ${short(last.x)}`;
  return `${name}: ${short(first.y)} at ${short(first.x)}, ${short(last.y)} at ${short(last.x)}`;
};

/** The alternative text of a panel. */
export const altText = ({ title, x, y, lines }: Panel): string =>
  `${title ? `${title}: ` : ""}${y.title} by ${x.title}. ` +
  `${lines.filter(({ points }) => points.length > 0).map(lineText).join("; ")}.`;
