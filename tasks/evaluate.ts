/**
 * `deno task evaluate`: evaluates a trained net on a data set. See `--help`.
 *
 * @module
 */
import { evaluate } from "./models/evaluate/command.ts";

Deno.exit(await evaluate(Deno.args));
