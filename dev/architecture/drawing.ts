/**
 * A drawing of rows, each with a name and a note, and of arrows at their right side from the row that
 * imports to the row that is imported.
 *
 * @module
 */
import type { Theme } from "./theme.ts";

/** A row of a drawing. */
export interface Row {
  readonly name: string;
  readonly size?: string;
  readonly note: string;
  /** What is passed to the next row, written at an arrow down. */
  readonly passes?: string;
  /** A title above this row. */
  readonly title?: string;
}

/** An arrow between two rows, by number. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  /** How many imports it represents. */
  readonly imports: number;
  /** Whether other arrows imply it, so that it is drawn faintly. */
  readonly implied: boolean;
}

/** A drawing. */
export interface Drawing {
  /** The alternative text. */
  readonly title: string;
  readonly rows: readonly Row[];
  readonly arrows: readonly Arrow[];
}

const WIDTH = 1000, MARGIN = 16, ARROWS_AT = 770;
const LINE = 17, PADDING = 9, GAP = 6, PASS_GAP = 26, TITLE_GAP = 34;
/** The width of a letter, in names and in notes. */
const LETTER = { name: 7.9, note: 6.7 };

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** A text wrapped into lines of at most `letters` characters. */
export function wrap(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** A row with its position. */
interface Placed extends Row {
  readonly lines: readonly string[];
  readonly top: number;
  readonly height: number;
}

/** The x positions of the columns of sizes and notes. */
function columns(rows: readonly Row[]) {
  const widest = (text: (row: Row) => string) => Math.max(...rows.map((row) => text(row).length));
  const size = MARGIN + 28 + LETTER.name * widest(({ name }) => name);
  const note = size + LETTER.note * widest(({ size }) => size ?? "") + 12;
  return { size, note };
}

function place(rows: readonly Row[]): Placed[] {
  const { note } = columns(rows), letters = Math.floor((ARROWS_AT - note - 10) / LETTER.note);
  let y = MARGIN;
  return rows.map((row) => {
    const lines = wrap(row.note, letters), top = y + (row.title ? TITLE_GAP : 0);
    const height = LINE * Math.max(1, lines.length) + 2 * PADDING;
    y = top + height + (row.passes ? PASS_GAP : GAP);
    return { ...row, lines, top, height };
  });
}

const textAt = (x: number, y: number, style: string, text: string): string =>
  `<text x="${x}" y="${y}" ${style}>${escape(text)}</text>`;

const MONO = `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"`;

function drawRow(
  { name, size, lines, title, passes, top, height }: Placed,
  at: ReturnType<typeof columns>,
  theme: Theme,
): string[] {
  const base = top + PADDING + 12.5, bottom = top + height;
  return [
    ...(title === undefined ? [] : [
      textAt(MARGIN, top - 10, `font-size="14" font-weight="600" fill="${theme.accent}"`, title),
    ]),
    `<rect x="${MARGIN}" y="${top}" width="${ARROWS_AT - MARGIN}" height="${height}" rx="5" ` +
    `fill="${theme.row}"/>`,
    textAt(
      MARGIN + 12,
      base,
      `${MONO} font-size="13" font-weight="600" fill="${theme.text}"`,
      name,
    ),
    ...(size === undefined
      ? []
      : [textAt(at.size, base, `font-size="12.5" fill="${theme.faint}"`, size)]),
    ...lines.map((line, n) =>
      textAt(at.note, base + n * LINE, `font-size="12.5" fill="${theme.faint}"`, line)
    ),
    ...(passes === undefined ? [] : [
      `<path d="M ${MARGIN + 18} ${bottom + 3} v ${PASS_GAP - 6}" stroke="${theme.accent}" ` +
      `stroke-width="1.5" fill="none" marker-end="url(#down-${theme.name})"/>`,
      textAt(
        MARGIN + 32,
        bottom + 17,
        `${MONO} font-size="12" fill="${theme.accent}"`,
        passes,
      ),
    ]),
  ];
}

/** How far to the right an arrow between rows goes, by their distance. */
const reach = (rows: number, most: number): number =>
  24 + (WIDTH - ARROWS_AT - 60) * Math.sqrt(rows / Math.max(1, most));

function drawArrow({ from, to, imports, implied }: Arrow, rows: readonly Placed[], theme: Theme) {
  const middle = ({ top, height }: Placed) => top + height / 2;
  const away = Math.sign(to - from) * 5;
  const start = middle(rows[from]!) + away, end = middle(rows[to]!) - away;
  const x = ARROWS_AT + 3, far = x + reach(Math.abs(to - from), rows.length - 1) * 4 / 3;
  const width = Math.min(3, 0.8 + 0.5 * Math.log2(imports));
  const kind = implied ? "faint" : "plain";
  return `<path d="M ${x} ${start} C ${far.toFixed(1)} ${start}, ${far.toFixed(1)} ${end}, ` +
    `${x + 5} ${end}" stroke="${implied ? theme.faintArrow : theme.arrow}" ` +
    `stroke-width="${width.toFixed(2)}" fill="none" marker-end="url(#${kind}-${theme.name})"/>`;
}

const marker = (id: string, fill: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" ` +
  `orient="auto" markerUnits="userSpaceOnUse"><path d="M 0 0 L 8 4 L 0 8 z" fill="${fill}"/></marker>`;

/** A drawing as SVG, 1000 units wide. */
export function draw({ title, rows, arrows }: Drawing, theme: Theme): string {
  const placed = place(rows), last = placed.at(-1)!, height = last.top + last.height + MARGIN;
  const ordered = arrows.toSorted((a, b) => Number(b.implied) - Number(a.implied));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" ` +
    `font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">`,
    `<title>${escape(title)}</title>`,
    "<defs>",
    marker(`plain-${theme.name}`, theme.arrow),
    marker(`faint-${theme.name}`, theme.faintArrow),
    marker(`down-${theme.name}`, theme.accent),
    "</defs>",
    `<rect width="${WIDTH}" height="${height}" fill="${theme.background}"/>`,
    ...placed.flatMap((row) => drawRow(row, columns(rows), theme)),
    ...ordered.map((arrow) => drawArrow(arrow, placed, theme)),
    "</svg>",
  ].join("\n") + "\n";
}
