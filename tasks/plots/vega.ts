/**
 * Vega-Lite, loaded only to draw: training needs no package.
 *
 * @module
 */

import { importPackages, NPM, whyNoPackage } from "../cli/npm.ts";

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

/** The time limit for loading the packages. */
const TIMEOUT_MS = 60_000;

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error of missing figures: the packages are neither cached nor available from npm. */
export class NoFiguresError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "NoFiguresError";
}

/**
 * Loads the packages. Throws a {@linkcode NoFiguresError} of one line where they are not available.
 *
 * @param packages What to import, for tests.
 */
export async function loadVega(packages: readonly [string, string] = PACKAGES): Promise<Draw> {
  try {
    const [vega, lite] = await withTimeout(importPackages(packages), TIMEOUT_MS) as [
      Vega,
      VegaLite,
    ];
    return (spec) =>
      new vega.View(vega.parse(lite.compile(spec).spec), { renderer: "none" }).toSVG();
  } catch (cause) {
    throw new NoFiguresError(
      `no figures: expected the packages vega and vega-lite, found ${whyNoPackage(cause)}`,
      { cause },
    );
  }
}
