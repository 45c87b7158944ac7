/**
 * `deno task quick`: --quick of every experiment, as a page and a picture. See `--help`.
 *
 * @module
 */
import { quick } from "./report/quick/command.ts";

Deno.exit(await quick(Deno.args));
