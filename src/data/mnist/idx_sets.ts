/**
 * The catalogue's data sets in IDX files, and their recognition by file name.
 *
 * @module
 */
import { CATALOGUE } from "../catalogue/mod.ts";
import type { IdxSet } from "../catalogue/record.ts";

/** The name of a data set in IDX files. */
export type IdxName = Extract<(typeof CATALOGUE)[number], { readonly format: "idx" }>["name"];

const SETS: readonly IdxSet<IdxName>[] = CATALOGUE.filter((record) => record.format === "idx");

/** All names. */
export const IDX_NAMES: readonly IdxName[] = SETS.map(({ name }) => name);

const FAMILIES = [...new Set(SETS.flatMap(({ family }) => family ?? []))];

/** A pattern, and the set or family that it identifies. */
type Pattern = readonly [pattern: RegExp, name: string];

const PATTERNS: readonly Pattern[] = [
  ...SETS.map(({ pattern, name }): Pattern => [pattern, name]),
  ...FAMILIES.map((family): Pattern => [new RegExp(family, "i"), family]),
];

/**
 * The set or family that a file or folder name identifies: the one with the longest match, as
 * `emnist-mnist` is longer than `mnist`, and the last of equally long ones; undefined if none matches.
 */
export function recognizeSet(name: string): string | undefined {
  const matched = PATTERNS.map(([pattern, set]) => ({
    set,
    length: pattern.exec(name)?.[0].length ?? 0,
  }));
  const most = Math.max(...matched.map(({ length }) => length));
  return most > 0 ? matched.findLast(({ length }) => length === most)!.set : undefined;
}

/** The sets of a family; none if there is no such family. */
export const familySets = (family: string | undefined): readonly IdxSet<IdxName>[] =>
  SETS.filter((set) => family !== undefined && set.family === family);

/** The set of a name; undefined if there is none. */
export const findIdxSet = (name: string | undefined): IdxSet<IdxName> | undefined =>
  SETS.find((set) => set.name === name);
