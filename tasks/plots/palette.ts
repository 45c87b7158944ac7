/**
 * The colors of figures and reports, light and dark. Series have those of Okabe and Ito, which color-blind
 * readers can distinguish; text in a series' color has a darker shade of it.
 *
 * @module
 */

/** A color on white paper, and its counterpart on a dark screen. */
export interface Shade {
  readonly light: string;
  readonly dark: string;
}

/** A series' color: of lines and marks, and of text. */
export interface SeriesColor {
  readonly mark: Shade;
  readonly text: Shade;
}

const color = (mark: string, text: string, darkMark: string, darkText: string): SeriesColor => ({
  mark: { light: mark, dark: darkMark },
  text: { light: text, dark: darkText },
});

/** Okabe and Ito's blue, vermillion, bluish green, reddish purple, orange and sky blue. */
export const SERIES: readonly SeriesColor[] = [
  color("#0072b2", "#005f96", "#56a8e0", "#7cc0ee"),
  color("#d55e00", "#a84a00", "#f08a4b", "#f7a673"),
  color("#009e73", "#00704f", "#35c398", "#5fd4b0"),
  color("#cc79a7", "#96416f", "#dd9cc0", "#ebb8d3"),
  color("#e69f00", "#855c00", "#f2b844", "#f7cb74"),
  color("#56b4e9", "#1f6f9e", "#8fcdf2", "#aadcf8"),
];

/** The colors of everything but series: the page, text, muted text, thin lines, shaded areas. */
export const PAGE = {
  paper: { light: "#ffffff", dark: "#15171a" },
  ink: { light: "#1b1b1b", dark: "#e9e7e3" },
  muted: { light: "#5a5a58", dark: "#aeaca6" },
  rule: { light: "#d8d8d4", dark: "#3b3e44" },
  shade: { light: "#efefec", dark: "#24272c" },
} as const satisfies Record<string, Shade>;

/** The typeface of figures. */
export const FONT = "'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

const SHADES: readonly Shade[] = [
  ...Object.values(PAGE),
  ...SERIES.flatMap(({ mark, text }) => [mark, text]),
];

/** Style rules that map the light colors of drawings to the dark ones on a dark screen. */
export const darkDrawings = (): string =>
  "@media screen and (prefers-color-scheme: dark) {" +
  SHADES.map(({ light, dark }) =>
    `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`
  ).join("") +
  "}";
