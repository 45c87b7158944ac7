/**
 * Pictures of the user's own as data sets: listed, and either decoded and resized once, then read from the cache, or
 * streamed.
 *
 * @module
 */
import { DataError, type Dataset, type Split } from "../../../src/data/mod.ts";
import { OptionError } from "../../cli/option_table.ts";
import { counted } from "../../cli/format.ts";
import { type LabeledFile, type Listing, listPlace } from "../../images/listing/mod.ts";
import { type LoadedListing, loadListing } from "../../images/loading/load_listing.ts";
import { type ImagePlace, usualMemory } from "../../images/loading/load_split.ts";
import type { DownloadReporter } from "../download_progress.ts";
import { leftOutLines, showIndexing } from "./index_progress.ts";
import { listingOptions, type PictureSettings } from "./settings.ts";

/** What pictures are for: a run is measured on those for validation, a trained net on those for testing. */
export type Purpose = "training" | "evaluation";

/** What to load of a folder or table. */
export interface PicturesRequest extends Omit<PictureSettings, "images"> {
  /** Rows and columns that pictures are resized to. */
  readonly size: number;
  /** How many pictures of each split to load; all if left out. */
  readonly counts: Readonly<Record<Split, number | undefined>>;
  readonly purpose?: Purpose | undefined;
  /** Where the images are; `auto` if left out. */
  readonly images?: ImagePlace | undefined;
  /** Whether a picture that cannot be read is an error. */
  readonly strict?: boolean | undefined;
  readonly reporter: Pick<DownloadReporter, "say"> & { readonly terminal?: boolean };
}

/** As many files as the option of a split asks for. */
function firstFiles(split: Split, files: readonly LabeledFile[], count: number | undefined) {
  if (count === undefined || count <= files.length) return files.slice(0, count);
  throw new OptionError(
    `--${split === "train" ? "subset" : "test-subset"}: expected at most ` +
      `${counted(files.length, "picture")}, which there are for this split, found ${count}`,
  );
}

/** The pictures that are used: those for training, and one of the others, which is named. */
function chooseSplits(
  { train, validation, test }: Listing,
  { counts, purpose = "training" }: Pick<PicturesRequest, "counts" | "purpose">,
) {
  const validates = test.length === 0 || purpose === "training" && validation.length > 0;
  const held = firstFiles("test", validates ? validation : test, counts.test);
  return {
    train: firstFiles("train", train, counts.train),
    validation: validates ? held : [],
    test: validates ? [] : held,
  };
}

/** What is said of the split before pictures are decoded. */
function describe(place: string, { train, validation, test, how, classNames }: Listing): string {
  const parts = Object.entries({ training: train, validation, testing: test })
    .filter(([, files]) => files.length > 0)
    .map(([what, { length }]) => `${counted(length, "picture")} for ${what}`);
  return `${place}: ${counted(classNames.length, "class", "classes")}, ${
    parts.join(", ")
  } (${how})`;
}

/** Says what is unreadable while pictures are streamed. */
const sayUnreadable = (say: (line: string) => void) => (message: string) =>
  say(`${message}; the mean color is taken in its place (--strict makes that an error)`);

/** Both splits of a run. */
function bothSplits(place: string, { splits }: LoadedListing): Readonly<Record<Split, Dataset>> {
  const test = splits.validation ?? splits.test;
  if (test) return { train: splits.train, test };
  throw new DataError(`${place}: expected pictures for testing, found none`);
}

/**
 * Loads both splits of pictures, [count, size, size, channels], shuffled once and for all. Throws a DataError
 * where there are no pictures or fewer than two classes, and with `strict` on one that cannot be read.
 */
export async function loadPictures(
  place: string,
  request: PicturesRequest,
): Promise<Readonly<Record<Split, Dataset>>> {
  const { size: side, channels = 3, strict = false, images = "auto", reporter } = request;
  const { say, terminal = false } = reporter;
  const listing = await listPlace(place, listingOptions(request));
  say(describe(place, listing));
  const progress = showIndexing({ say, terminal });
  const chosen = { ...chooseSplits(listing, request), classNames: listing.classNames };
  try {
    const loaded = await loadListing("pictures", chosen, {
      size: { height: side, width: side, channels },
      images,
      memory: usualMemory(),
      maxPixels: request.maxPixels,
      strict,
      observer: progress.observer,
      unreadable: sayUnreadable(say),
    });
    await progress.stop();
    leftOutLines(Object.values(loaded.faults).flat()).forEach(say);
    if (loaded.streamed) say("pictures are streamed: decoded whenever a batch needs them");
    return bothSplits(place, loaded);
  } finally {
    await progress.stop();
  }
}
