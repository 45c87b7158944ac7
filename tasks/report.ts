/**
 * `deno task report`: writes a report from a folder of results. See `--help`.
 *
 * @module
 */
import { report } from "./report/command.ts";

Deno.exit(await report(Deno.args));
