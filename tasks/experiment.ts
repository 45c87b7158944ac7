/**
 * `deno task experiment NAME`, `deno task ablate:…` and `deno task repro:…`: an experiment. `--help` says
 * how.
 *
 * @module
 */
import { experimentCommand } from "./experiments/command.ts";
import { attachLivePageToGrid } from "./live/attach.ts";

Deno.exit(await experimentCommand(Deno.args, [attachLivePageToGrid]));
