/**
 * `deno task tune`: finds the fastest tiles for a GPU. See `--help`.
 *
 * @module
 */
import { tune } from "./training/tune_command.ts";

Deno.exit(await tune(Deno.args));
