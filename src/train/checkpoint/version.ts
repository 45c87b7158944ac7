/**
 * The version of this library, which checkpoints record, since another version may round differently.
 *
 * @module
 */

/** As in `deno.json`. */
export const VERSION = "0.1.0";
