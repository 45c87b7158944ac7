/**
 * The marks of first gradients, from a file of `deno task bench:gradients`.
 *
 * @module
 */
import { gradientFigure } from "../../bench/gradients/figure.ts";
import { type FirstGradient, SHOWN_LAYERS } from "../../bench/gradients/norms.ts";
import { fixed } from "../../tasks/cli/format.ts";
import { plainTable } from "../../tasks/report/document.ts";
import { blockMarkdown } from "../../tasks/report/markdown.ts";
import { integer, list, measured, object, text } from "../../tasks/schema/schema.ts";
import { readBench } from "./bench_file.ts";
import type { Directive } from "./fill.ts";
import { figurePicture, type Picture, pictureMarkdown, SMALL } from "./pictures.ts";
import { REPORTS } from "./records.ts";

const GRADIENTS = object({
  date: text,
  commit: text,
  command: text,
  batch: integer(),
  seed: integer(),
  nets: list(
    object<FirstGradient>({
      activation: text,
      start: text,
      loss: measured,
      norms: list(measured),
    }),
  ),
});

/** Norms by activation and initial weights, at some layers. */
async function gradientsTable(file: string): Promise<string> {
  const { date, commit, batch, seed, nets } = await readBench(file, GRADIENTS);
  const power = (value: number) => value.toExponential(1).replace("+", "");
  return blockMarkdown(plainTable(
    `Norm of the first gradient in the weights of FitNet-4's layers, ${batch} images, seed ${seed}; ` +
      `${date}, commit ${commit.slice(0, 7)}: bench/results/${file}.json.`,
    ["activation", "initial weights", "loss", ...Object.keys(SHOWN_LAYERS)],
    nets.map(({ activation, start, loss, norms }) => [
      activation,
      start,
      fixed(loss, 4),
      ...Object.values(SHOWN_LAYERS).map((i) => power(norms[i]!)),
    ]),
    [2, 3, 4, 5, 6],
  ));
}

/** Norms by layer with one activation, as a small picture. */
async function gradientPicture(file: string, activation: string): Promise<Picture> {
  const { batch, nets } = await readBench(file, GRADIENTS);
  const shown = nets.filter((net) => net.activation === activation);
  const figure = gradientFigure(shown, `FitNet-4, ${batch} images.`);
  return figurePicture(`${REPORTS}/gradients/${file}-${activation.toLowerCase()}-small.svg`, {
    ...figure,
    width: SMALL,
    panels: figure.panels.map((panel) => ({ ...panel, title: `FitNet-4, ${panel.title}` })),
  });
}

/** The marks of first gradients. */
export const gradientMarks = (
  add: (picture: Picture) => void,
): Readonly<Record<string, Directive>> => ({
  gradients: (file = "") => gradientsTable(file),
  gradient: async (file = "", activation = "") => {
    const picture = await gradientPicture(file, activation);
    add(picture);
    return pictureMarkdown(picture);
  },
});
