/**
 * All splits of a listing as data sets, all in memory or none.
 *
 * @module
 */
import type { Dataset } from "../../../src/data/mod.ts";
import type { LabeledFile, ListedSplit, Listing } from "../listing/mod.ts";
import { LISTED_SPLITS } from "../listing/mod.ts";
import { type LoadOptions, loadSplit, splitBytes } from "./load_split.ts";

/** Data sets by split. */
export interface LoadedListing {
  readonly splits: { readonly train: Dataset } & { readonly [S in ListedSplit]?: Dataset };
  /** Why pictures were left out, by split. */
  readonly faults: Readonly<Record<ListedSplit, readonly string[]>>;
  /** Whether the images are made when batches need them. */
  readonly streamed: boolean;
}

/** Whether images are made when batches need them: as asked for, or where they do not fit. */
function isStreamed(listing: Pick<Listing, ListedSplit>, { images, size, memory }: LoadOptions) {
  if (images !== "auto") return images === "stream";
  const bytes = LISTED_SPLITS.map((split) => splitBytes(listing[split], size));
  return bytes.reduce((sum, each) => sum + each, 0) > memory;
}

/**
 * Loads all splits that have pictures.
 *
 * @param title The name of the data, before that of the split.
 */
export async function loadListing(
  title: string,
  listing: Pick<Listing, ListedSplit | "classNames">,
  options: LoadOptions,
): Promise<LoadedListing> {
  const streamed = isStreamed(listing, options), images = streamed ? "stream" : "memory";
  const splits: { [S in ListedSplit]?: Dataset } = {};
  const faults = { train: [] as readonly string[], validation: [], test: [] } as Record<
    ListedSplit,
    readonly string[]
  >;
  for (const split of LISTED_SPLITS) {
    const files: readonly LabeledFile[] = listing[split];
    if (files.length === 0) continue;
    const { classNames } = listing, name = `${title} ${split}`;
    const loaded = await loadSplit({ name, files, classNames }, { ...options, images });
    splits[split] = loaded.dataset;
    faults[split] = loaded.faults;
  }
  return { splits: { ...splits, train: splits.train! }, faults, streamed };
}
