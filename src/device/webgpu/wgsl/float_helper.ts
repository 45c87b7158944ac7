/**
 * Emits helpers on f32 that test bits, since WGSL allows compilers to assume that there is no infinity or
 * NaN.
 *
 * @module
 */
import { INFINITE } from "./literal.ts";
import { type Declaration, fn } from "./module.ts";
import { typeOf, type Width } from "./types.ts";

/** A helper for one or four elements at once. */
export type Helper = (name: string, width: Width) => Declaration;

/** A helper on floats: its parameters, one letter each, and its body, given their types. */
export const floats = (
  parameters: string,
  body: (F: string, U: string, w: Width) => string,
): Helper =>
(name, w) => {
  const F = typeOf("f32", w), U = typeOf("u32", w);
  const typed = parameters.split("").map((x) => `${x}: ${F}`).join(", ");
  return fn(name, `(${typed}) -> ${F}`, body(F, U, w));
};

/** All bits but the sign. */
export const SIZE = "0x7fffffffu";

/** The sign bit: the bits of -0. */
export const NEGATIVE = "0x80000000u";

/** The bits of infinity; those of NaN are higher. */
export const INF = `${INFINITE}u`;
