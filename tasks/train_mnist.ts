/**
 * `deno task train:mnist`: trains a FitNet on MNIST. See `--help`.
 *
 * @module
 */
import { attachLivePage } from "./live/attach.ts";
import { attachFigures } from "./plots/attach.ts";
import { attachTensorBoard } from "./tensorboard/attach.ts";
import { train } from "./training/train_command.ts";

Deno.exit(
  await train("mnist", Deno.args, { attach: [attachLivePage, attachFigures, attachTensorBoard] }),
);
