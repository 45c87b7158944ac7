/**
 * Golden weights: what nets came to in each setting, and how what is found differs from what was recorded.
 *
 * @module
 */
import type { Setting } from "./settings.ts";
import { type NetName, NETS, trainWeights, type Weights } from "./train_weights.ts";

/** What a net came to in a setting, by the number of steps. */
export type Recorded = Readonly<Record<string, Weights>>;

/** The golden weights: by setting, then by net. */
export type Golden = Readonly<Record<string, Readonly<Record<string, Recorded>>>>;

/** The names of all nets. */
export const NET_NAMES = Object.keys(NETS) as readonly NetName[];

/** What a net comes to in one way of a setting. */
export async function trained(
  way: Setting["ways"][number],
  name: NetName,
  steps: readonly number[],
): Promise<Recorded> {
  await using run = await way.open();
  const weights = await trainWeights(run, name, steps);
  return Object.fromEntries(steps.map((count, i) => [count, weights[i]!]));
}

/** How far the values of a net are from those recorded. */
const describeValues = (expected: Weights, found: Weights): string =>
  Object.entries(expected.values).map(([name, value]) => `${name} ${value} → ${found.values[name]}`)
    .join(", ");

const ADVICE =
  "If the change of bits is meant, run deno task golden and name the change in the changelog";

/** The differences of what is found from what was recorded, a line each; none where the bits are the same. */
export const differences = (
  where: string,
  expected: Recorded | undefined,
  found: Recorded,
): readonly string[] =>
  Object.entries(found).flatMap(([steps, weights]) => {
    const before = expected?.[steps];
    if (before?.sha256 === weights.sha256) return [];
    const title = `${where}: the weights after ${steps} steps`;
    if (before === undefined) return [`${title} are not recorded. Run deno task golden`];
    return [`${title} have other bits: ${describeValues(before, weights)}. ${ADVICE}`];
  });
