/**
 * The epochs at which the learning rate of a run drops.
 *
 * @module
 */

const isEpoch = (value: unknown): value is number => typeof value === "number" && value > 0;

/** The epochs after which the rate drops, within the run, from its settings; those of older runs lack some. */
export function rateDrops(
  { schedule = "multistep", dropAt, dropEvery, epochs }: {
    readonly schedule?: unknown;
    readonly dropAt?: unknown;
    readonly dropEvery?: unknown;
    readonly epochs?: unknown;
  },
): readonly number[] {
  if (schedule === "multistep") return Array.isArray(dropAt) ? dropAt.filter(isEpoch) : [];
  if (schedule !== "step" || !isEpoch(dropEvery) || !isEpoch(epochs)) return [];
  const drops = Array.from(
    { length: Math.floor(epochs / dropEvery) },
    (_, i) => (i + 1) * dropEvery,
  );
  return drops.filter((at) => at < epochs);
}
