/**
 * `deno task evaluate`: how a trained net does on a data set. `--help` says how.
 *
 * @module
 */
import { evaluate } from "./models/evaluate/command.ts";

Deno.exit(await evaluate(Deno.args));
