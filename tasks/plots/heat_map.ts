/**
 * A heat map: a grid of numbers, the darker, the smaller.
 *
 * @module
 */
import { COLUMN, MARGIN, TEXT } from "./layout.ts";
import { PAGE, SERIES } from "./palette.ts";
import { plainDrawing, plainText as text } from "./plain_drawing.ts";
import type { Drawing } from "./svg.ts";

/** A grid of numbers. */
export interface HeatMap {
  /** The file's name, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** By row and column: a number above 0, a word in its place such as `never`, or null where nothing is known. */
  readonly values: readonly (readonly (number | string | null)[])[];
  /** What a smaller number is, such as `faster`. */
  readonly less: string;
}

/** The height of a cell, and the least and greatest width. */
const CELL = { height: 30, narrow: 52, wide: 92 } as const;

/** How opaque the cells of the least and the greatest number are: such that the number can be read on them. */
const OPAQUE = { least: 0.65, greatest: 0.06 } as const;

const longest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map(({ length }) => length));

/** The columns without the word that all of them end in, such as `layers`, and the word. */
function splitColumns({ columns }: HeatMap) {
  const [word] = columns.map((name) => / (\S+)$/.exec(name)?.[1]);
  return word !== undefined && columns.every((name) => name.endsWith(` ${word}`))
    ? { word, names: columns.map((name) => name.slice(0, -word.length - 1)) }
    : { word: "", names: columns };
}

/** What the colors are. */
const noteText = ({ less }: HeatMap): string => `the darker, the ${less}`;

/** The sizes of a drawing. */
function measure(map: HeatMap) {
  const { rows } = map, { word, names: columns } = splitColumns(map);
  const left = MARGIN + Math.ceil(longest([...rows, word]) * TEXT.letter) + 8;
  const fitting = Math.ceil(longest(columns) * TEXT.letter) + 10;
  const room = Math.floor((COLUMN - left - MARGIN) / columns.length);
  const cell = Math.min(Math.max(CELL.narrow, fitting), Math.max(room, CELL.narrow), CELL.wide);
  const top = MARGIN + TEXT.gap + 6, high = CELL.height * rows.length;
  return {
    ...{ left, top, cell, wide: cell * columns.length, high },
    width: left + Math.max(cell * columns.length, noteText(map).length * TEXT.letter) + MARGIN,
    height: top + high + TEXT.gap + 2 * MARGIN,
  };
}

/** The share of a number's way from the least to the greatest, on a logarithmic scale. */
function shares({ values }: HeatMap): (value: number) => number {
  const all = values.flat().filter((value) => typeof value === "number").map(Math.log);
  const least = Math.min(...all), span = Math.max(...all) - least;
  return (value) => span > 0 ? (Math.log(value) - least) / span : 0;
}

/** The cells with their numbers. */
function cells(map: HeatMap, { left, top, cell }: ReturnType<typeof measure>): string {
  const share = shares(map), blue = SERIES[0]!.mark.light;
  return map.values.flatMap((row, y) =>
    row.map((value, x) => {
      const atX = left + x * cell, atY = top + y * CELL.height;
      const opaque = typeof value === "number"
        ? OPAQUE.least + (OPAQUE.greatest - OPAQUE.least) * share(value)
        : 0;
      const middle = `x="${atX + cell / 2}" y="${atY + CELL.height / 2 + 4}" text-anchor="middle"`;
      const fill = typeof value === "number" ? PAGE.ink.light : PAGE.muted.light;
      return (opaque > 0
        ? `<rect x="${atX}" y="${atY}" width="${cell}" height="${CELL.height}" fill="${blue}" ` +
          `fill-opacity="${opaque.toFixed(3)}"/>`
        : "") + (value === null ? "" : text(String(value), middle, fill));
    })
  ).join("");
}

/** The lines between cells. */
function grid(map: HeatMap, { left, top, cell, wide, high }: ReturnType<typeof measure>): string {
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${PAGE.rule.light}"/>`;
  const across = [...map.rows.keys(), map.rows.length]
    .map((i) => line(left, top + i * CELL.height, left + wide, top + i * CELL.height));
  const down = [...map.columns.keys(), map.columns.length]
    .map((i) => line(left + i * cell, top, left + i * cell, top + high));
  return [...across, ...down].join("");
}

/** The names of rows and columns. */
function names(map: HeatMap, { left, top, cell }: ReturnType<typeof measure>): string {
  const { word, names: columns } = splitColumns(map);
  return [
    ...map.rows.map((name, i) =>
      text(name, `x="${left - 6}" y="${top + (i + 0.5) * CELL.height + 4}" text-anchor="end"`)
    ),
    ...(word ? [text(word, `x="${left - 6}" y="${top - 7}" text-anchor="end"`)] : []),
    ...columns.map((name, i) =>
      text(name, `x="${left + (i + 0.5) * cell}" y="${top - 7}" text-anchor="middle"`)
    ),
  ].join("");
}

/** What the grid says, row by row. */
const altText = ({ title, rows, columns, values }: HeatMap): string =>
  `${title}. ` +
  rows.map((row, y) =>
    `${row}: ${columns.map((column, x) => `${column} ${values[y]![x] ?? "unknown"}`).join(", ")}.`
  ).join(" ");

/** Draws a heat map, on a logarithmic scale of color. */
export function drawHeatMap(map: HeatMap): Drawing {
  const sizes = measure(map), { width, height } = sizes, alt = altText(map);
  const note = noteText(map);
  const inner = cells(map, sizes) + grid(map, sizes) + names(map, sizes) +
    text(note, `x="${sizes.left}" y="${height - MARGIN}"`);
  const caption = `${map.title}; ${note}, on a logarithmic scale.`;
  return plainDrawing({ name: map.name, title: map.title, caption, alt }, inner, { width, height });
}
