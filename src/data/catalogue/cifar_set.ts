/**
 * Builds the records of data sets in CIFAR's binary format.
 *
 * @module
 */
import type { CifarSet } from "./record.ts";

/** The URLs that serve the authors' archives. */
export const TORONTO: readonly string[] = [
  "https://www.cs.toronto.edu/~kriz/",
  "https://cave.cs.toronto.edu/kriz/",
];

/** The properties that each such record gives itself. */
interface Own<Name extends string>
  extends Omit<CifarSet<Name>, "format" | "recipes" | "shape" | "source"> {
  /** Its file names, as text. */
  readonly filesInWords: string;
}

/** The record of a data set in CIFAR's format, trained by CIFAR's recipe. */
export function cifarSet<const Name extends string>(own: Own<Name>): CifarSet<Name> {
  const { filesInWords, ...facts } = own;
  return {
    ...facts,
    format: "cifar",
    recipes: ["cifar"],
    shape: { height: 32, width: 32, channels: 3 },
    source: `${filesInWords}, the binary or the Python version from ${TORONTO[0]}cifar.html`,
  };
}
