/**
 * The sections on program, device, data and settings, and on what was scaled down.
 *
 * @module
 */
import { counted } from "../../cli/format.ts";
import { type Block, heading, list, paragraph, plainTable } from "../document.ts";
import type { Results } from "../results.ts";
import { listEnvironment, listSettings } from "./settings_facts.ts";

/** The section on what was scaled down from the paper. */
export const scaledSection = ({ scaled }: Results): readonly Block[] => [
  heading("What was scaled down"),
  scaled === undefined
    ? paragraph("It is not known what was scaled down from the paper.")
    : scaled.length === 0
    ? paragraph("Nothing: sizes and epochs are the paper's.")
    : list(scaled),
];

/** The section on program, device, data and settings. */
export function environmentSection(results: Results): readonly Block[] {
  const runs = results.cells.flatMap(({ run }) => run ?? []), known = listSettings(runs);
  const facts = [...results.facts, ...listEnvironment(runs)];
  const several = counted(runs.length, "run");
  return [
    heading("How it was run"),
    ...(facts.length > 0
      ? [plainTable("Program, device and data.", ["what", "value"], facts)]
      : [paragraph("Program, device and data are not known.")]),
    ...(known.length > 0
      ? [plainTable(
        `Settings of ${several}; where they differ, the number of runs with each value.`,
        ["setting", "value"],
        known,
      )]
      : [paragraph("No run's settings are known.")]),
  ];
}
