/**
 * A panel: lines over two axes, each named where it ends. All figures are made of such panels.
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
  /** The last value in words, to stand behind the name. */
  readonly end?: string | undefined;
  /** Which of the palette's colors. */
  readonly color: number;
  readonly dashed?: boolean;
  /** Whether its marks are open circles. */
  readonly open?: boolean;
  readonly points: readonly Point[];
  /** What the line sums up, as small dots. */
  readonly dots?: readonly Point[];
}

/** An axis: its title with the unit, its bounds and ticks. */
export interface Axis {
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly log?: boolean;
}

/** What one panel shows. */
export interface Panel {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Where something happens along x, as thin vertical lines. */
  readonly events?: readonly number[];
  /** What y should be, as a line, and the bounds that are near enough. */
  readonly target?: {
    readonly value: number;
    readonly within?: readonly [number, number] | undefined;
  } | undefined;
}

/** A figure: panels under one name, with the words around it. */
export interface Figure {
  /** The file's name without `.svg`. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
}

/** Numbers in words: three digits. */
const short = (value: number): string =>
  Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));

const lineText = ({ name, points }: Line): string => {
  const first = points[0]!, last = points[points.length - 1]!;
  if (points.length < 2) return `${name}: ${short(last.y)} at ${short(last.x)}`;
  return `${name}: ${short(first.y)} at ${short(first.x)}, ${short(last.y)} at ${short(last.x)}`;
};

/** A panel in words, for those who do not see it. */
export const altText = ({ title, x, y, lines }: Panel): string =>
  `${title ? `${title}: ` : ""}${y.title} by ${x.title}. ` +
  `${lines.filter(({ points }) => points.length > 0).map(lineText).join("; ")}.`;
