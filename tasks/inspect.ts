/**
 * `deno task inspect`: the layers of a net, their sizes and costs. `--help` tells how.
 *
 * @module
 */
import { inspect } from "./models/inspect/command.ts";

Deno.exit(await inspect(Deno.args));
