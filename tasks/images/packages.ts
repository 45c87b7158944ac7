/**
 * Decoders of images, packages from npm that are loaded when they are first needed: whatever does not
 * need them runs without a registry.
 *
 * @module
 */
import { TaskError } from "../command.ts";
import { NPM } from "../npm.ts";

/** What is used of fast-png. */
export interface FastPng {
  decode(bytes: Uint8Array): Png;
  /** Pixels of a palette, or of fewer than 8 bits, as bytes. */
  convertIndexedToRgb(png: Png): Uint8Array;
}

/** A PNG as fast-png gives it. */
export interface Png {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly palette?: number[][];
}

/** What is used of jpeg-js. */
export interface JpegJs {
  decode(
    bytes: Uint8Array,
    options: { readonly useTArray: true; readonly formatAsRGBA: false },
  ): { readonly width: number; readonly height: number; readonly data: Uint8Array };
}

/** The packages by their names. */
export interface Packages {
  "fast-png": FastPng;
  "jpeg-js": JpegJs;
}

/** Loads a package. Rejects with a {@linkcode TaskError} where it cannot be had. */
export async function packageOf<N extends keyof Packages>(name: N): Promise<Packages[N]> {
  try {
    return await import(NPM[name]);
  } catch (cause) {
    throw new TaskError(
      `expected the package ${name} from npm, which its first use downloads, found none: a network, ` +
        "or NPM_CONFIG_REGISTRY naming a mirror, is needed once",
      { cause },
    );
  }
}
