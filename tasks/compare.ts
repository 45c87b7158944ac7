/**
 * `deno task compare`: whether trained nets differ, on the same images. See `--help`.
 *
 * @module
 */
import { compare } from "./models/compare/command.ts";

Deno.exit(await compare(Deno.args));
