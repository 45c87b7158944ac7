/**
 * Marks of pictures: figures of the reports, whole or of one column, drawn from records.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { drawDotPlot } from "../../tasks/plots/dot_plot.ts";
import { drawHeatMap } from "../../tasks/plots/heat_map.ts";
import { altText, type Axis, type Figure } from "../../tasks/plots/panel.ts";
import { drawFigure } from "../../tasks/plots/svg.ts";
import { loadVega } from "../../tasks/plots/vega.ts";
import { dotPlot } from "../../tasks/report/figures/dots.ts";
import { heatMaps } from "../../tasks/report/figures/heat_maps.ts";
import { reportFigures } from "../../tasks/report/figures/mod.ts";
import { plain } from "../../tasks/report/markdown.ts";
import { type Results, transposed } from "../../tasks/report/results.ts";
import type { Directive } from "./fill.ts";
import type { ReadNamed } from "./numbers.ts";
import { REPORTS } from "./records.ts";

/** A picture that the page has. */
export interface Picture {
  /** Its file, relative to the project's folder. */
  readonly path: string;
  readonly alt: string;
  /** What it is drawn from, as text: a drawing of another source is not up to date. */
  readonly source: string;
  readonly draw: () => Promise<string>;
}

/** A drawing that needs no package. */
const ready = (
  path: string,
  { alt, svg }: { readonly alt: string; readonly svg: string },
): Picture => ({
  path,
  alt,
  source: svg,
  draw: () => Promise.resolve(svg),
});

/** A figure, which Vega-Lite draws. */
export const figurePicture = (path: string, figure: Figure): Picture => ({
  path,
  alt: figure.panels.map(altText).join(" "),
  source: JSON.stringify(figure),
  draw: async () => (await drawFigure(await loadVega(), figure)).svg,
});

const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** A figure of the report by its name. */
function figureOf(results: Results, name: string): Figure {
  const figures = Object.values(reportFigures(results)).flat();
  const figure = figures.find((each) => each.name === name);
  if (figure) return figure;
  throw new TaskError(
    `expected one of dots, map, ${figures.map(({ name }) => name).join(", ")}, found ${name}`,
  );
}

/** The panel of a figure of one run that has a quantity on its vertical axis. */
function panelOf(figure: Figure, title: string): Figure {
  const panels = figure.panels.filter(({ y }) => y.title === title);
  if (panels.length > 0) return { ...figure, panels };
  throw new TaskError(
    `expected one of ${figure.panels.map(({ y }) => y.title).join("; ")}, found ${title}`,
  );
}

/** Results of one column alone, so that its axes fit it. */
const columnAlone = (results: Results, column: string): Results => ({
  ...results,
  columns: [column],
  cells: results.cells.filter((cell) => cell.column === column),
});

/** The figure of a report, or that of a column, or of a quantity of one run. */
function namedFigure(results: Results, name: string, part: string | undefined): Figure {
  if (part === undefined) return figureOf(results, name);
  if (results.columns.includes(part)) return figureOf(columnAlone(results, part), name);
  if (results.kind === "run") return panelOf(figureOf(results, name), part);
  throw new TaskError(`expected one of ${results.columns.join("; ")}, found ${part}`);
}

/** The most ticks of a small panel's horizontal axis. */
const TICKS = 4;

/** An axis with fewer ticks. */
const fewerTicks = (axis: Axis): Axis => {
  const every = Math.ceil(axis.ticks.length / TICKS);
  return { ...axis, ticks: axis.ticks.filter((_, i) => (axis.ticks.length - 1 - i) % every === 0) };
};

/** A figure of a width at most, whose panels say what they are of where it stands alone. */
const narrowed = (figure: Figure, width: number, { kind, title }: Results): Figure => ({
  ...figure,
  width,
  panels: figure.panels.map((panel) => ({
    ...panel,
    x: fewerTicks(panel.x),
    ...(panel.title && kind === "experiment" && {
      title: title.includes(panel.title) ? title : `${title}: ${panel.title}`,
    }),
  })),
});

/** How wide a small picture is at most, in pixels. */
export const SMALL = 440;

/** Results in which a name is a column's: a row of them turned, so that its columns are compared. */
const withColumn = (results: Results, name: string | undefined): Results =>
  name !== undefined && !results.columns.includes(name) && results.rows.includes(name)
    ? transposed(results)
    : results;

/** The picture of a record: of one column, or row, where that is named, and of a width at most where that is given. */
export function recordPicture(
  recorded: Results,
  record: string,
  kind: string,
  column: string | undefined,
  width?: number,
): Picture {
  const results = withColumn(recorded, column);
  const name = [kind, ...(column ? [slug(column)] : []), ...(width ? ["small"] : [])].join("-");
  const path = `${REPORTS}/${record}/${name}.svg`;
  if (kind === "dots") return ready(path, drawDotPlot(dotPlot(results, column)));
  const map = heatMaps(results).find(({ name }) => name === kind);
  if (map) return ready(path, drawHeatMap(map));
  const figure = namedFigure(results, kind, column);
  return figurePicture(path, width ? narrowed(figure, width, results) : figure);
}

/** A picture in the page, which lies in docs. */
export const pictureMarkdown = ({ path, alt }: Picture): string =>
  `![${plain(alt)}](${path.replace(/^docs\//, "")})`;

/** The marks of pictures, as wide as the text or small. */
export function pictureMarks(
  read: ReadNamed,
  add: (picture: Picture) => void,
): Readonly<Record<string, Directive>> {
  const mark = (width?: number): Directive => async (record = "", kind = "", column) => {
    const picture = recordPicture(await read(record), record, kind, column, width);
    add(picture);
    return pictureMarkdown(picture);
  };
  return { picture: mark(), small: mark(SMALL) };
}
