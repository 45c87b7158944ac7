/**
 * `deno task train`: trains a net on your own pictures. See `--help`.
 *
 * @module
 */
import { attachLivePage } from "./live/attach.ts";
import { attachFigures } from "./plots/attach.ts";
import { train } from "./training/train_command.ts";

Deno.exit(await train("pictures", Deno.args, { attach: [attachLivePage, attachFigures] }));
