/**
 * The settings of a run on pictures of the user's own: what decides which pictures it has, and how they look.
 *
 * @module
 */
import type { ListingOptions } from "../../images/listing/mod.ts";

/** The share of each class that is held out for testing. */
export const TEST_SHARE = 0.2;

/** The settings of pictures; all are absent on other data. */
export interface PictureSettings {
  /** 1 for gray; 3 if left out. */
  readonly channels?: 1 | 3 | undefined;
  /** Whether training takes a random part of each picture, resized. */
  readonly resizedCrop?: boolean | undefined;
  /** Present where images are made when batches need them. */
  readonly images?: "stream" | undefined;
  /** The share of each class that is held out for testing where no split is given; {@linkcode TEST_SHARE} if left out. */
  readonly testShare?: number | undefined;
  /** Another one holds out other pictures; 0 if left out. */
  readonly splitSeed?: number | undefined;
  /** The most pixels of a picture, where that is not the usual number. */
  readonly maxPixels?: number | undefined;
  /** The columns of a table of pictures, where they are named. */
  readonly pathColumn?: string | undefined;
  readonly labelColumn?: string | undefined;
  /** The columns of numbers that are predicted in place of a class. */
  readonly targetColumns?: readonly string[] | undefined;
  readonly splitColumn?: string | undefined;
}

/** How the pictures of a run are listed. */
export const listingOptions = (
  { testShare = TEST_SHARE, splitSeed = 0, ...columns }: Omit<PictureSettings, "images">,
): ListingOptions => ({
  held: { share: testShare, seed: splitSeed },
  columns: {
    path: columns.pathColumn,
    label: columns.labelColumn,
    split: columns.splitColumn,
    numbers: columns.targetColumns,
  },
});

/** Settings with another limit of pixels, where one is given. */
export const withMaxPixels = (
  settings: PictureSettings,
  maxPixels: number | undefined,
): PictureSettings => maxPixels === undefined ? settings : { ...settings, maxPixels };

/** The settings of pictures in a record, such as a manifest's settings. */
export function pickPictureSettings(record: Readonly<Record<string, unknown>>): PictureSettings {
  const names = [
    "testShare",
    "splitSeed",
    "maxPixels",
    "pathColumn",
    "labelColumn",
    "targetColumns",
    "splitColumn",
  ] as const;
  return Object.fromEntries(
    names.filter((name) => record[name] !== undefined).map((name) => [name, record[name]]),
  );
}
