/**
 * `deno task import`: weights from PyTorch.
 *
 * @module
 */
import { SafetensorsError, writeAtomically } from "../../src/train/mod.ts";
import { type Command, command, TaskError } from "../cli/command.ts";
import { pickFields } from "../models/fields.ts";
import { DATA_OPTIONS, givenFields, LOSS_OPTION, NET_OPTIONS } from "../models/options.ts";
import { newFile } from "../cli/new_place.ts";
import { ownWeights } from "./torch_file.ts";
import { openWeights, shardHint } from "./weight_files.ts";

const { dataset } = DATA_OPTIONS;

const TABLE = {
  ...NET_OPTIONS,
  dataset: { ...dataset, help: "What it was trained on.", otherwise: "what the file says" },
  loss: { ...LOSS_OPTION, help: "The loss it was trained by.", otherwise: "what the file says" },
} as const;

const IMPORT: Command<typeof TABLE> = {
  name: "import",
  table: TABLE,
  page: {
    command: "deno task import",
    about: "make a weights file from one of PyTorch's.",
    operands: {
      names: [
        [
          "FILE",
          "A safetensors file of the names and shapes that deno task export gives, an index of shards " +
          "(*.safetensors.index.json), or a folder with either.",
          "path",
        ],
        ["OUT", "The weights file to write; there must be none.", "path"],
      ],
      least: 2,
    },
    examples: [
      ["deno task import exported/model.safetensors tuned.safetensors", "What was exported, back:"],
      [
        "deno task import new.safetensors new/weights.safetensors --net fitnet1 --activation relu",
        "What PyTorch wrote, which does not say what net it is:",
      ],
    ],
    notes: [
      "Numbers of F16, BF16 and F64 become F32. Names may have module., _orig_mod., model., net. or " +
      "state_dict. before them, also several; integers that the net does not have, such as " +
      "num_batches_tracked, are left out, which a line says.",
      'In Python, save_file(net.state_dict(), "new.safetensors") of safetensors.torch writes such a file.',
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

const reportLeftOut = (names: readonly string[]) =>
  console.error(`import: left out, as integers that the net does not have: ${names.join(", ")}`);

/** Runs the task; returns the exit code. */
export const importNet = (args: readonly string[]): Promise<number> =>
  command(IMPORT, args, async ({ values, operands: [path, out] }) => {
    const weights = await openWeights(path!), { dataset, loss } = values;
    const given = { ...givenFields(values), ...pickFields({ dataset, loss }) };
    try {
      const own = ownWeights(weights, given, { onLeftOut: reportLeftOut });
      await newFile(out!, "OUT");
      await writeAtomically(out!, own);
    } catch (error) {
      if (!(error instanceof SafetensorsError || error instanceof TaskError)) throw error;
      const hint = error instanceof SafetensorsError ? shardHint(weights.path) : "";
      throw new TaskError(`${weights.path}: ${error.message}${hint}`, { cause: error });
    }
    console.log(out);
  });
