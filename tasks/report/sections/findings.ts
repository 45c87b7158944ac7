/**
 * The sections of what an experiment measured beside accuracies.
 *
 * @module
 */
import { valueText } from "../../experiments/findings/finding.ts";
import { type Block, heading, list, plainTable } from "../document.ts";
import type { Results } from "../results.ts";

/** The indices of the columns of numbers. */
const numericColumns = (head: readonly string[]): readonly number[] =>
  head.flatMap((name, i) => name === "" ? [] : [i]);

/** A table for each finding, and its notes. */
export const findingsSection = ({ findings = [] }: Results): readonly Block[] =>
  findings.flatMap(({ title, head, lines, notes }) => [
    heading(title),
    plainTable(`${title}.`, head, lines.map((line) => line.map(valueText)), numericColumns(head)),
    list(notes),
  ]);
