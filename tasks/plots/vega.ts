/**
 * Vega-Lite, loaded when something is to be drawn: training needs no package for it.
 *
 * @module
 */

import { NPM } from "../cli/npm.ts";

/** A specification or a part of one, as JSON. */
export type Spec = Readonly<Record<string, unknown>>;

/** Draws a Vega-Lite specification as SVG text. */
export type Draw = (spec: Spec) => Promise<string>;

interface Vega {
  readonly parse: (spec: Spec) => unknown;
  readonly View: new (runtime: unknown, options: Spec) => { toSVG(): Promise<string> };
}

interface VegaLite {
  readonly compile: (spec: Spec) => { readonly spec: Spec };
}

const PACKAGES = [NPM.vega, NPM["vega-lite"]] as const;

/** How long the packages may take to come. */
const PATIENCE_MS = 60_000;

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why there are no figures: the packages are neither cached nor to be had. */
export class NoFiguresError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "NoFiguresError";
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]!;

/**
 * Loads the packages. Throws a {@linkcode NoFiguresError} of one line where they cannot be had.
 *
 * @param packages What to import, for tests.
 */
export async function loadVega(packages: readonly [string, string] = PACKAGES): Promise<Draw> {
  try {
    const [vega, lite] = await within(
      Promise.all(packages.map((name) => import(name))),
      PATIENCE_MS,
    ) as [Vega, VegaLite];
    return (spec) =>
      new vega.View(vega.parse(lite.compile(spec).spec), { renderer: "none" }).toSVG();
  } catch (cause) {
    throw new NoFiguresError(
      `no figures: expected the packages vega and vega-lite, found ${firstLine(cause)}`,
      { cause },
    );
  }
}
