/**
 * `deno task train:cifar`: trains a FitNet on CIFAR-10 or CIFAR-100. See `--help`.
 *
 * @module
 */
import { attachLivePage } from "./live/attach.ts";
import { attachFigures } from "./plots/attach.ts";
import { attachTensorBoard } from "./tensorboard/attach.ts";
import { train } from "./training/train_command.ts";

Deno.exit(
  await train("cifar", Deno.args, { attach: [attachLivePage, attachFigures, attachTensorBoard] }),
);
