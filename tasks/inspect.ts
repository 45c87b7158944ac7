/**
 * `deno task inspect`: the layers of a net, their sizes and costs. `--help` says how.
 *
 * @module
 */
import { inspect } from "./models/inspect/command.ts";

Deno.exit(await inspect(Deno.args));
