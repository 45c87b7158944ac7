/**
 * The layout that all panels of a figure share: the area between the axes, and margins with room for
 * the lines' names.
 *
 * @module
 */
import type { Line, Panel } from "./panel.ts";

/** The area between the axes, and the margins around it, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** How many panels stand side by side. */
  readonly columns: number;
}

/** The font size, the mean width of a letter, and the least distance of two lines of text. */
export const TEXT = { size: 11, letter: 6.4, gap: 14 } as const;

/** The sizes that all layouts share; the height is a minimum. */
export const SIZE = { height: 170, left: 40, bottom: 38 } as const;

/** Pixels between panels, and around all of them. */
export const GAP = 16, MARGIN = 12;

/** The width of a figure at most, that of a page's column of text. */
export const COLUMN = 720;

/** The least width between the axes, and the greatest of panels in two columns and in one. */
const LEAST = 130, MOST = 300, MOST_ALONE = 400;

/** A line's name, with its last value where that is labeled. */
export const labelText = ({ name, end, beyond }: Line): string =>
  [name, end, beyond].filter((part) => part !== undefined).join(" ");

/** How wide the panel of a figure is at most where two stand side by side, or one. */
const widest = (column: number, columns: number): number =>
  (column - 2 * MARGIN - (columns - 1) * GAP) / columns;

/** The columns of a figure, so that it is no wider than the text, and the width between the axes. */
function fitWidth(
  count: number,
  margins: number,
  column: number,
): Pick<Layout, "columns" | "width"> {
  const two = widest(column, 2) - margins;
  if (count > 1 && two >= LEAST) return { columns: 2, width: Math.floor(Math.min(two, MOST)) };
  return {
    columns: 1,
    width: Math.floor(Math.max(LEAST, Math.min(widest(column, 1) - margins, MOST_ALONE))),
  };
}

/** The layout that all panels of a figure of a width at most have, with room for the names. */
export function layoutPanels(panels: readonly Panel[], column: number = COLUMN): Layout {
  const lengths = panels.flatMap(({ lines }) => lines.map((line) => labelText(line).length));
  const longest = Math.max(...lengths, 0);
  const most = Math.max(...panels.map(({ lines }) => lines.length), 0);
  const titled = panels.some(({ title }) => title !== undefined);
  const right = Math.ceil(longest * TEXT.letter) + 14;
  return {
    ...SIZE,
    ...fitWidth(panels.length, SIZE.left + right, column),
    height: Math.max(SIZE.height, TEXT.gap * (most + 1)),
    top: titled ? 46 : 26,
    right,
  };
}
