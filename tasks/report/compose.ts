/**
 * Composing the document of a report from results and drawings.
 *
 * @module
 */
import { compareRows } from "../experiments/comparison.ts";
import type { Drawing } from "../plots/svg.ts";
import { type Block, type Document, heading, list, paragraph } from "./document.ts";
import type { Results } from "./results.ts";
import { environmentSection, scaledSection } from "./sections/environment.ts";
import { findingsSection } from "./sections/findings.ts";
import { figureSection } from "./sections/figures.ts";
import { leadParagraphs } from "./sections/lead.ts";
import { outcomeTable, resultsTable } from "./sections/results.ts";
import { missingSection, runsSection } from "./sections/runs.ts";
import { timeSection } from "./sections/time.ts";

/** The drawings of a report by group, and why they are missing, if so. */
export interface Drawings {
  readonly learning: readonly Drawing[];
  readonly depth: readonly Drawing[];
  /** The heat maps of findings. */
  readonly maps: readonly Drawing[];
  /** The confusion matrix of one run, where it has been evaluated. */
  readonly confusion: readonly Drawing[];
  /** Why figures are missing. */
  readonly faults: readonly string[];
}

/** A run in a command. */
const RUN = "RUN";

/** What the table of an experiment says. */
function comparison(results: Results): readonly Block[] {
  const { kind, testImages } = results;
  if (kind !== "experiment" || testImages === undefined) return [];
  const sentences = compareRows({ ...results, testImages });
  return sentences.length > 0 ? [list(sentences)] : [];
}

/** The document of a report. */
export function composeReport(results: Results, drawings: Drawings): Document {
  const { learning, depth, maps, confusion, faults } = drawings, shown = maps.length;
  const none = (what: string) => faults.length > 0 ? faults.join("; ") : what;
  return {
    title: results.title,
    lead: leadParagraphs(results),
    blocks: [
      heading("Results"),
      results.kind === "run" ? outcomeTable(results) : resultsTable(results),
      ...comparison(results),
      ...findingsSection(results),
      ...maps.map((drawing, i): Block => ({ kind: "figure", number: i + 1, drawing })),
      ...figureSection(
        "Variance by depth",
        depth,
        none("No run has layers.csv or lsuv.csv, so there is nothing to draw."),
        shown + 1,
      ),
      ...figureSection(
        "Learning curves",
        learning,
        none("No epoch of any run has ended, so there is nothing to draw."),
        shown + depth.length + 1,
      ),
      ...(results.kind === "run"
        ? figureSection(
          "Confusion matrix",
          confusion,
          `deno task evaluate ${RUN} --out ${RUN}/evaluation writes it; then this report has its picture.`,
          shown + depth.length + learning.length + 1,
        )
        : []),
      ...(depth.length + learning.length > 0
        ? [paragraph("Colors are Okabe and Ito's, which color-blind readers can distinguish.")]
        : []),
      ...timeSection(results),
      ...scaledSection(results),
      ...environmentSection(results),
      ...runsSection(results),
      ...missingSection(results, faults),
    ],
  };
}
