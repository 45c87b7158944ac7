/**
 * `deno task report`: a report from a folder of results. `--help` tells how.
 *
 * @module
 */
import { report } from "./report/command.ts";

Deno.exit(await report(Deno.args));
