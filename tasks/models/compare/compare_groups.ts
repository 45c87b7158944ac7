/**
 * Comparing two groups of nets, a pair for each seed, by the images that each has right.
 *
 * @module
 */
import { mcNemar, type PairedT, pairedT } from "./paired_tests.ts";

/** A net and, for each image in order, whether its largest logit is at the label. */
export interface Judged {
  readonly name: string;
  readonly right: readonly boolean[];
}

/** A pair of nets. */
export interface PairRow {
  readonly first: string;
  readonly second: string;
  /** Accuracies in percent. */
  readonly firstAccuracy: number;
  readonly secondAccuracy: number;
  /** Images that only one of the two has right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** McNemar's exact test. */
  readonly p: number;
}

/** What two groups come to. */
export interface Comparison {
  readonly rows: readonly PairRow[];
  /** Over the pairs, of the second's accuracy less the first's, in points; absent with one pair. */
  readonly over?: PairedT;
}

const count = (right: readonly boolean[]): number => right.filter(Boolean).length;

const percentRight = (right: readonly boolean[]): number => 100 * count(right) / right.length;

function comparePair(first: Judged, second: Judged): PairRow {
  const onlyFirst = count(first.right.map((right, i) => right && !second.right[i]));
  const onlySecond = count(second.right.map((right, i) => right && !first.right[i]));
  return {
    first: first.name,
    second: second.name,
    firstAccuracy: percentRight(first.right),
    secondAccuracy: percentRight(second.right),
    onlyFirst,
    onlySecond,
    p: mcNemar(onlyFirst, onlySecond),
  };
}

/** Compares the nets of two groups of the same size, the first with the first, and so on. */
export function compareGroups(
  firsts: readonly Judged[],
  seconds: readonly Judged[],
): Comparison {
  const rows = firsts.map((first, i) => comparePair(first, seconds[i]!));
  if (rows.length < 2) return { rows };
  const differences = rows.map((row) => row.secondAccuracy - row.firstAccuracy);
  return { rows, over: pairedT(differences) };
}
