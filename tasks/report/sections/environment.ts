/**
 * How it was run: program, device, data and settings; and what was scaled down.
 *
 * @module
 */
import { counted } from "../../cli/format.ts";
import { type Block, heading, list, paragraph, plainTable } from "../document.ts";
import type { Results } from "../results.ts";
import { listEnvironment, listSettings } from "./settings_facts.ts";

/** What was made smaller than in the paper. */
export const scaledSection = ({ scaled }: Results): readonly Block[] => [
  heading("What was scaled down"),
  scaled === undefined
    ? paragraph("Nothing here tells what was made smaller than in the paper.")
    : scaled.length === 0
    ? paragraph("Nothing: sizes and epochs are the paper's.")
    : list(scaled),
];

/** Program, device, data and settings. */
export function environmentSection(results: Results): readonly Block[] {
  const runs = results.cells.flatMap(({ run }) => run ?? []), known = listSettings(runs);
  const facts = [...results.facts, ...listEnvironment(runs)];
  const several = counted(runs.length, "run");
  return [
    heading("How it was run"),
    ...(facts.length > 0
      ? [plainTable("Program, device and data.", ["what", "value"], facts)]
      : [paragraph("Nothing tells of program, device and data.")]),
    ...(known.length > 0
      ? [plainTable(
        `Settings of ${several}; where they differ, how many runs have which.`,
        ["setting", "value"],
        known,
      )]
      : [paragraph("No run's settings are known.")]),
  ];
}
