/**
 * `deno task datasets`: the data sets that are known, and where each is. `--help` says how.
 *
 * @module
 */
import { datasets } from "./datasets/list_command.ts";

Deno.exit(await datasets(Deno.args));
