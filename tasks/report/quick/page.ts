/**
 * The page of what --quick of every experiment shows.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import { duration } from "../../cli/format.ts";
import { compareRows } from "../../experiments/comparison.ts";
import { findingText } from "../../experiments/findings/mod.ts";
import type { ExperimentRecord } from "../../experiments/record.ts";
import { resultsTable } from "../../experiments/results_table.ts";
import { plain } from "../markdown.ts";

/** An experiment that has been run, and the command that runs it. */
export interface QuickResult {
  readonly command: string;
  readonly record: ExperimentRecord;
}

const secondsOf = ({ cells }: ExperimentRecord): number =>
  cells.reduce((sum, { seconds = 0 }) => sum + seconds, 0);

/** The part of one experiment. */
function experimentPart({ command, record }: QuickResult): string {
  const { question, findings = [], dataset, cells } = record;
  const sentences = compareRows({ ...record, testImages: dataset.test });
  const printed = [resultsTable(record), ...findings.map(findingText)].join("\n\n");
  return [
    `## \`${command}\``,
    plain(question),
    `\`\`\`text\n${printed}\n\`\`\``,
    sentences.map((sentence) => `- ${plain(sentence)}`).join("\n"),
    `${counted(cells.length, "run")}, ${
      duration(secondsOf(record))
    } of initialization and training.`,
  ].join("\n\n");
}

/** The page, in Markdown. */
export function quickPage(results: readonly QuickResult[], picture: string | undefined): string {
  const [{ record }] = results as [QuickResult];
  const { train, test, name } = record.dataset;
  const total = results.reduce((sum, each) => sum + secondsOf(each.record), 0);
  return [
    "# What --quick shows",
    `Every experiment's \`--quick\`, as \`deno task quick\` has run them on the device \`${record.device}\`: ` +
    `${
      duration(total)
    } of initialization and training in all. Their data is \`${name}\`, ${train} training and ` +
    `${test} test images that a program draws; most nets are the paper's FitNet-4 at a quarter of its width, which ` +
    "sees 16 × 16 pixels, for hundreds of steps. n/c is a run that diverged or stayed at chance. One seed: a difference of a " +
    "few points is not one of the methods, and no number here compares with the paper's.",
    ...(picture ? [picture] : []),
    ...results.map(experimentPart),
  ].join("\n\n") + "\n";
}
