/**
 * `deno task inspect`: lists the layers of a net, their sizes and costs. See `--help`.
 *
 * @module
 */
import { inspect } from "./models/inspect/command.ts";

Deno.exit(await inspect(Deno.args));
