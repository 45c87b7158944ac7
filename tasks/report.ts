/**
 * `deno task report`: a report from a folder of results. `--help` says how.
 *
 * @module
 */
import { report } from "./report/command.ts";

Deno.exit(await report(Deno.args));
