/**
 * The version of this library, which checkpoints record: another one may round differently.
 *
 * @module
 */

/** As in `deno.json`. */
export const VERSION = "0.1.0";
