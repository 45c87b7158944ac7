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
}

/** The font size, the mean width of a letter, and the least distance of two lines of text. */
export const TEXT = { size: 11, letter: 6.4, gap: 14 } as const;

/** The sizes that all layouts share; the height is a minimum. */
export const SIZE = { width: 250, height: 170, left: 40, bottom: 38 } as const;

/** A line's name, with its last value where that is labeled. */
export const labelText = ({ name, end }: Line): string =>
  end === undefined ? name : `${name} ${end}`;

/** The layout that all panels of a figure have, with room for the names. */
export function layoutPanels(panels: readonly Panel[]): Layout {
  const lengths = panels.flatMap(({ lines }) => lines.map((line) => labelText(line).length));
  const longest = Math.max(...lengths, 0);
  const most = Math.max(...panels.map(({ lines }) => lines.length), 0);
  const titled = panels.some(({ title }) => title !== undefined);
  return {
    ...SIZE,
    height: Math.max(SIZE.height, TEXT.gap * (most + 1)),
    top: titled ? 46 : 26,
    right: Math.ceil(longest * TEXT.letter) + 14,
  };
}
