/**
 * `deno task datasets`: lists the known data sets, and where each is stored. See `--help`.
 *
 * @module
 */
import { datasets } from "./datasets/list_command.ts";

Deno.exit(await datasets(Deno.args));
