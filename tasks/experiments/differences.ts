/**
 * What the runs of an experiment have otherwise than the paper's, in sentences.
 *
 * @module
 */
import { ownOptions } from "../../src/models/models.ts";
import { grouped } from "../cli/format.ts";
import { planCells, type PlannedCell } from "./cells.ts";
import type { Description, Length } from "./description.ts";
import type { Settings } from "../run/settings.ts";

/** Settings that are no difference, or that follow from another one. */
const FOLLOWING: readonly string[] = [
  "device",
  "threads",
  "winograd",
  "wide",
  ...ownOptions().map(([name]) => name),
  "dropAt",
  "lsuvBatch",
  "testSubset",
];

const show = (value: unknown): string => value === undefined ? "none" : String(value);

function sentence(name: keyof Settings, is: Settings, paper: Settings): string {
  const here = is[name], there = paper[name];
  switch (name) {
    case "epochs":
      return `${here} epochs instead of ${there}`;
    case "subset":
      return `${grouped(Number(here))} training images instead of all`;
    default:
      return `${name} ${show(here)} instead of ${show(there)}`;
  }
}

/** How the runs differ from those at the paper's length, then how all do at any length. */
export function describeDifferences(
  description: Description,
  cells: readonly PlannedCell[],
  { length, procedural }: { readonly length: Length; readonly procedural: boolean },
): string[] {
  const seeds = [...new Set(cells.map(({ seed }) => seed))];
  const full = planCells(description, { length: "paper", seeds, options: {} });
  const found = cells.flatMap(({ run, settings }) => {
    const paper = full.find((cell) => cell.run === run)!.settings;
    const names = [...new Set([...Object.keys(settings), ...Object.keys(paper)])];
    return (names as (keyof Settings)[])
      .filter((name) => !FOLLOWING.includes(name) && name !== "dataset")
      .filter((name) => show(settings[name]) !== show(paper[name]))
      .map((name) => sentence(name, settings, paper));
  });
  const data = procedural ? ["images that a program draws instead of the paper's data"] : [];
  const quick = length === "quick" ? ["a quick look, which may well be too short to learn"] : [];
  return [...quick, ...data, ...new Set(found), ...description.differs];
}
