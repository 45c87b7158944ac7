/**
 * Every kind of op: a function from its size to its {@linkcode Work}.
 *
 * @module
 */
import * as convolution from "./convolution.ts";
import * as element from "./element.ts";
import * as image from "./image.ts";
import * as product from "./product.ts";
import * as recurrent from "./recurrent.ts";
import * as row from "./row.ts";
import * as update from "./update.ts";

/** The kinds by name; `torch_ops.py` has the same. */
export const KINDS = {
  ...convolution,
  ...product,
  ...image,
  ...row,
  ...recurrent,
  ...element,
  ...update,
};

/** The name of a kind. */
export type Kind = keyof typeof KINDS;

/** The size of an op of a kind. */
export type SizeOf<K extends Kind> = Parameters<typeof KINDS[K]>[0];
