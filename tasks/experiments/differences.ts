/**
 * The differences of an experiment's runs from the paper's, in sentences.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { OWN_OPTIONS } from "../../src/models/registry.ts";
import { grouped } from "../cli/format.ts";
import type { Settings } from "../run/settings.ts";
import { planCells, type PlannedCell } from "./cells.ts";
import type { Description, Length } from "./description.ts";

/** Settings that change no result, or that follow from others. */
const IMPLIED: readonly string[] = [
  "dataset",
  "device",
  "threads",
  "winograd",
  "wide",
  "dropAt",
  "dropEvery",
  "lsuvBatch",
  "testSubset",
  "teacher",
  "lossEvery",
];

const show = (value: unknown): string => value === undefined ? "none" : String(value);

function describeSetting(name: keyof Settings, here: Settings, paper: Settings): string {
  const ours = here[name], theirs = paper[name];
  switch (name) {
    case "epochs":
      return `${counted(Number(ours), "epoch")} instead of ${theirs}`;
    case "subset":
      return `${grouped(Number(ours))} training images instead of all`;
    default:
      return `${name} ${show(ours)} instead of ${show(theirs)}`;
  }
}

/** The options that only some nets have; those of another net differ by themselves. */
const OWN: ReadonlySet<string> = new Set(OWN_OPTIONS.map(({ name }) => name));

/** The settings of a run that differ from the paper's, a sentence each. */
function describeSettings(here: Settings, paper: Settings): string[] {
  const names = [...new Set([...Object.keys(here), ...Object.keys(paper)])] as (keyof Settings)[];
  return names
    .filter((name) =>
      !IMPLIED.includes(name) && !name.endsWith("Until") &&
      !(OWN.has(name) && here.net !== paper.net) && show(here[name]) !== show(paper[name])
    )
    .map((name) => describeSetting(name, here, paper));
}

/** What --quick is. */
const QUICK_LOOK =
  "a quick look: a small net, small images and hundreds of steps, for the effect and not for its size";

/** What is known of an experiment beside its runs. */
interface Known {
  readonly length: Length;
  readonly procedural: boolean;
  /** How many training images the data set has, where that is known. */
  readonly images?: number | undefined;
}

/** Settings without a subset that is all images. */
function withoutWhole(settings: Settings, images: number | undefined): Settings {
  const { subset, ...others } = settings;
  return subset !== undefined && images !== undefined && subset >= images ? others : settings;
}

/** The differences from runs at the paper's length, then those that hold at any length. */
export function describeDifferences(
  description: Description,
  cells: readonly PlannedCell[],
  { length, procedural, images }: Known,
): string[] {
  const seeds = [...new Set(cells.map(({ seed }) => seed))];
  const full = planCells(description, { length: "paper", seeds, options: {} });
  const found = new Map<string, Set<string>>(), rows = new Set(cells.map(({ row }) => row));
  for (const { row, run, settings } of cells) {
    const here = withoutWhole(settings, images), paper = full.find((cell) => cell.run === run)!;
    for (const each of describeSettings(here, paper.settings)) {
      found.set(each, (found.get(each) ?? new Set()).add(row));
    }
  }
  const where = (those: ReadonlySet<string>) =>
    those.size === rows.size ? "" : ` in ${[...those].join(", ")}`;
  const data = procedural ? ["images that a program draws instead of the paper's data"] : [];
  const quick = length === "quick" ? [QUICK_LOOK] : [];
  const settings = [...found].map(([each, those]) => each + where(those));
  return [...quick, ...data, ...settings, ...description.differs];
}
