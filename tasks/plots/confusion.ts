/**
 * A confusion matrix as a drawing: a square of cells, the darker, the larger its share of the row.
 *
 * @module
 */
import { sumOf } from "../../src/sum_of.ts";
import { counted } from "../../src/counted.ts";
import { COLUMN, MARGIN, TEXT } from "./layout.ts";
import { PAGE, SERIES } from "./palette.ts";
import { plainDrawing, plainText as text } from "./plain_drawing.ts";
import type { Drawing } from "./svg.ts";

/** How often images of each class were taken for each: a row for each class, a column for each prediction. */
export interface ConfusionMatrix {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** The side of a cell with its count in it, of one without, and the width of all cells at most. */
const COUNTED = 30, BARE = 18, WIDEST = 500;

/** The most classes whose cells have their counts in them. */
const MOST_COUNTED = 16;

/** The most letters of a class's name that are drawn. */
const MOST_LETTERS = 18;

/** How opaque a full cell is: with a count in it such that the count can be read, in light and dark. */
const OPAQUE = { counted: 0.6, bare: 1 } as const;

const shorten = (name: string): string =>
  name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;

/** The sizes of a drawing. */
function measure({ classes }: ConfusionMatrix) {
  const withCounts = classes.length <= MOST_COUNTED;
  const side = Math.min(withCounts ? COUNTED : BARE, WIDEST / classes.length);
  const letters = Math.max(...classes.map((name) => shorten(name).length));
  const room = Math.ceil(letters * TEXT.letter) + 6;
  // Names of columns are slanted by 60°, and reach to the right of the last one by half their length.
  const left = MARGIN + room, top = MARGIN + Math.ceil(0.87 * room) + TEXT.gap;
  const all = side * classes.length;
  return {
    ...{ withCounts, side, left, top, all },
    every: Math.ceil(TEXT.gap / side),
    width: Math.max(Math.ceil(left + all + room / 2 + MARGIN), COLUMN / 2),
    height: Math.ceil(top + all + TEXT.gap + MARGIN),
  };
}

/** The cells that are not empty. */
function cells(
  { counts }: ConfusionMatrix,
  { side, left, top, withCounts }: ReturnType<typeof measure>,
) {
  const blue = SERIES[0]!.mark.light, opaque = withCounts ? OPAQUE.counted : OPAQUE.bare;
  return counts.flatMap((row, y) => {
    const all = sumOf(row);
    return row.flatMap((count, x) => {
      if (count === 0) return [];
      // Few classes say their counts; of many, rare mistakes must be seen too.
      const share = withCounts ? count / all : Math.sqrt(count / all);
      const [atX, atY] = [left + x * side, top + y * side];
      return [
        `<rect x="${atX.toFixed(2)}" y="${atY.toFixed(2)}" width="${side.toFixed(2)}" ` +
        `height="${side.toFixed(2)}" fill="${blue}" fill-opacity="${
          (opaque * share).toFixed(3)
        }"/>` +
        (withCounts
          ? text(
            String(count),
            `x="${(atX + side / 2).toFixed(2)}" y="${
              (atY + side / 2 + 4).toFixed(2)
            }" text-anchor="middle"`,
            PAGE.ink.light,
          )
          : ""),
      ];
    });
  }).join("");
}

/** The names of rows and columns; where they are too close, only some of them. */
function names(
  { classes }: ConfusionMatrix,
  { side, left, top, every }: ReturnType<typeof measure>,
) {
  return classes.flatMap((name, i) => {
    if (i % every > 0) return [];
    const middle = (i + 0.5) * side, x = left + middle + 3, y = top - 6;
    return [
      text(shorten(name), `x="${left - 6}" y="${(top + middle + 4).toFixed(2)}" text-anchor="end"`),
      text(
        shorten(name),
        `x="${x.toFixed(2)}" y="${y}" transform="rotate(-60 ${x.toFixed(2)} ${y})"`,
      ),
    ];
  }).join("");
}

/** The most frequent mistake, in words. */
function worstText({ classes, counts }: ConfusionMatrix): string {
  const mistakes = counts.flatMap((row, y) =>
    row.map((count, x) => ({ count: x === y ? 0 : count, x, y }))
  );
  const worst = mistakes.reduce((a, b) => b.count > a.count ? b : a);
  return worst.count === 0
    ? "No image is taken for one of another class."
    : `The most frequent mistake: ${counted(worst.count, "image")} of ${
      classes[worst.y]
    } taken for ` +
      `${classes[worst.x]}.`;
}

/** Draws a confusion matrix. */
export function drawConfusion(matrix: ConfusionMatrix): Drawing {
  const { classes, counts } = matrix, sizes = measure(matrix), { width, height, top, left } = sizes;
  const images = sumOf(counts.map(sumOf)), right = sumOf(counts.map((row, i) => row[i]!));
  const alt = `Confusion matrix of ${counted(classes.length, "class", "classes")}: ${right} of ` +
    `${counted(images, "image")} right. ${worstText(matrix)}`;
  const frame = `<rect x="${left}" y="${top}" width="${sizes.all.toFixed(2)}" ` +
    `height="${sizes.all.toFixed(2)}" fill="none" stroke="${PAGE.rule.light}"/>`;
  const note = "rows: classes; columns: predictions; the darker, the larger the share of its row";
  const inner = frame + cells(matrix, sizes) + names(matrix, sizes) +
    text(note, `x="${MARGIN}" y="${height - MARGIN}"`);
  const wide = Math.max(width, Math.ceil(note.length * 0.85 * TEXT.letter) + 2 * MARGIN);
  const some = sizes.every > 1 ? ` One class of ${sizes.every} is named.` : "";
  const caption = `${right} of ${counted(images, "image")} right. ${worstText(matrix)}${some}`;
  const about = { name: "confusion", title: "Confusion matrix", caption, alt };
  return plainDrawing(about, inner, { width: wide, height });
}
