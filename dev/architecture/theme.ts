/**
 * The colors of drawings, light and dark.
 *
 * @module
 */

/** The colors of a drawing. */
export interface Theme {
  readonly name: "light" | "dark";
  readonly background: string;
  /** Names. */
  readonly text: string;
  /** Notes beside names. */
  readonly faint: string;
  /** The background of a row. */
  readonly row: string;
  /** Arrows that define the order. */
  readonly arrow: string;
  /** Arrows that follow from others. */
  readonly faintArrow: string;
  /** Titles of groups, and what is passed between rows. */
  readonly accent: string;
}

/** Both themes. */
export const THEMES: readonly Theme[] = [
  {
    name: "light",
    background: "#ffffff",
    text: "#1f2328",
    faint: "#59636e",
    row: "#f3f5f8",
    arrow: "#3b6ea8",
    faintArrow: "#c4d0de",
    accent: "#a04513",
  },
  {
    name: "dark",
    background: "#0d1117",
    text: "#e6edf3",
    faint: "#9aa4af",
    row: "#171d26",
    arrow: "#79b0ea",
    faintArrow: "#33455a",
    accent: "#f0a878",
  },
];
