/**
 * `deno task experiment NAME`, `deno task ablate:…` and `deno task repro:…`: runs an experiment. See
 * `--help`.
 *
 * @module
 */
import { experimentCommand } from "./experiments/command.ts";
import { attachLivePageToGrid } from "./live/attach.ts";

Deno.exit(await experimentCommand(Deno.args, [attachLivePageToGrid]));
