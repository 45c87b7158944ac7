/**
 * `deno task import`: weights from PyTorch. `--help` says how.
 *
 * @module
 */
import { importNet } from "./export/import_command.ts";

Deno.exit(await importNet(Deno.args));
