/**
 * `deno task import`: reads weights from PyTorch. See `--help`.
 *
 * @module
 */
import { importNet } from "./export/import_command.ts";

Deno.exit(await importNet(Deno.args));
