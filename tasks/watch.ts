/**
 * `deno task watch`: shows a run or an experiment that other programs train. See `--help`.
 *
 * @module
 */
import { watch } from "./live/watch_command.ts";

Deno.exit(await watch(Deno.args));
