/**
 * The decoders of libvips, by the npm package `sharp`: JPEG and PNG with the bits of this project's own
 * decoders, but several times faster, and WebP, GIF (the first frame), AVIF and TIFF.
 *
 * @module
 */
import { grouped } from "../../src/counted.ts";
import { fetchPackage, NPM } from "../cli/npm.ts";
import { MOST_BYTES, MOST_PIXELS, type Picture, SizeError } from "./canvas.ts";
import type { Box } from "./resample/resample.ts";

/** What is used of an image of `sharp`. */
interface Image {
  autoOrient(): Image;
  extract(box: Box): Image;
  raw(): Image;
  toBuffer(options: { readonly resolveWithObject: true }): Promise<{
    readonly data: Uint8Array;
    readonly info: {
      readonly width: number;
      readonly height: number;
      readonly channels: Picture["channels"];
    };
  }>;
}

interface Sharp {
  (bytes: Uint8Array, options: Readonly<Record<string, unknown>>): Image;
  concurrency(threads: number): void;
  cache(use: boolean): void;
}

/**
 * Decodes the upright picture in a file's bytes; or a box of it, of a file whose picture is stored upright.
 * Rejects on a damaged or unsupported file.
 */
export type SharpDecode = (bytes: Uint8Array, options?: SharpOptions) => Promise<
  Picture & { readonly pixels: Uint8Array }
>;

/** What is decoded. */
export interface SharpOptions {
  /** A part of the picture as it is stored. */
  readonly box?: Box | undefined;
  /** The most pixels of the picture. */
  readonly maxPixels?: number | undefined;
}

/** Pixels as they are stored: color profiles are not applied, as in Pillow; truncated files are rejected. */
const OPTIONS = {
  ignoreIcc: true,
  failOn: "error",
  sequentialRead: true,
};

/** What loading the package takes. */
const NEEDED: readonly Deno.PermissionDescriptor[] = [
  { name: "read" },
  { name: "ffi" },
  { name: "env", variable: "npm_package_config_libvips" },
];

/** Whether Deno may load a package of machine code without asking the user. */
async function mayLoad(): Promise<boolean> {
  const states = await Promise.all(NEEDED.map((each) => Deno.permissions.query(each)));
  return states.every(({ state }) => state === "granted");
}

/** Downloads the package unless it is there, so that loading it in any thread prints nothing. */
export async function fetchSharp(): Promise<void> {
  if (await mayLoad()) await fetchPackage("sharp");
}

async function importSharp(): Promise<Sharp | undefined> {
  try {
    if (!await mayLoad()) return undefined;
    const name: string = NPM.sharp;
    return (await import(name)).default;
  } catch {
    return undefined;
  }
}

/** An error of `sharp` in one line. */
function plainError(error: unknown, most: number): Error {
  const message = error instanceof Error ? error.message : String(error);
  return /pixel limit/i.test(message)
    ? new SizeError(
      `expected a picture of at most ${grouped(most)} pixels, found more; max-pixels allows more`,
    )
    : new Error(message.trim().replace(/\s*\n\s*/g, "; "));
}

async function load(): Promise<SharpDecode | undefined> {
  const sharp = await importSharp();
  if (!sharp) return undefined;
  // A picture is decoded by one thread, several pictures at once; none is needed again soon.
  sharp.concurrency(1);
  sharp.cache(false);
  return async (bytes, { box, maxPixels = MOST_PIXELS } = {}) => {
    const limitInputPixels = Math.min(maxPixels, Math.floor(MOST_BYTES / 4));
    const stored = sharp(bytes, { ...OPTIONS, limitInputPixels });
    const image = box ? stored.extract(box) : stored.autoOrient();
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
      .catch((error) => {
        throw plainError(error, limitInputPixels);
      });
    const { width, height, channels } = info;
    return { width, height, channels, pixels: data };
  };
}

let loading: Promise<SharpDecode | undefined> | undefined;

/**
 * The decoders; undefined where the package cannot be loaded, as without a network at first use.
 *
 * @param fetched Whether {@linkcode fetchSharp} has been called before.
 */
export const loadSharp = (fetched = false): Promise<SharpDecode | undefined> =>
  loading ??= fetched ? load() : fetchSharp().then(load);
