/**
 * `deno task import`: reads weights from PyTorch.
 *
 * @module
 */
import { SafetensorsError } from "../../src/train/mod.ts";
import { writeFile } from "../cli/write_file.ts";
import { type Command, command, TaskError } from "../cli/command.ts";
import { type Fields, pickFields } from "../models/fields.ts";
import { describeNonFinite } from "../models/finite.ts";
import { whiteningBeside } from "../models/open.ts";
import {
  DATA_OPTIONS,
  givenFields,
  LOSS_OPTION,
  NET_OPTIONS,
  NET_SECTION,
} from "../models/options.ts";
import { newFile } from "../cli/output_paths.ts";
import { copyWhitening } from "./copy_whitening.ts";
import { type OwnWeights, ownWeights } from "./torch_file.ts";
import { openWeights, shardHint, type WeightFiles } from "./weight_files.ts";

const { dataset } = DATA_OPTIONS;

const TABLE = {
  ...NET_OPTIONS,
  dataset: {
    ...dataset,
    help: "The data set that the net was trained on.",
    otherwise: "as in the file's metadata",
  },
  loss: {
    ...LOSS_OPTION,
    help: "The loss that the net was trained with.",
    otherwise: "as in the file's metadata",
  },
} as const;

const IMPORT: Command<typeof TABLE> = {
  name: "import",
  table: TABLE,
  page: {
    command: "deno task import",
    about: "convert a weights file from PyTorch to one of goodinit.",
    operands: {
      names: [
        [
          "FILE",
          "A safetensors file with the names and shapes of deno task export, an index of shards " +
          "(*.safetensors.index.json), or a folder with either.",
          "path",
        ],
        ["OUT", "The weights file to write; it must not exist.", "path"],
      ],
      least: 2,
    },
    sections: [NET_SECTION],
    examples: [
      ["deno task import exported/model.safetensors tuned.safetensors", "An exported net:"],
      [
        "deno task import new.safetensors new/weights.safetensors --net fitnet1 --activation relu",
        "A file written by PyTorch, which does not describe its net:",
      ],
    ],
    notes: [
      "F16, BF16 and F64 are converted to F32. Names may have the prefixes module., _orig_mod., model., " +
      "net. and state_dict., also several; integer tensors that the net does not have, such as " +
      "num_batches_tracked, are left out with a message.",
      "The whitening of a net's images is whitening.safetensors beside FILE; it is copied beside OUT.",
      'In Python, save_file(net.state_dict(), "new.safetensors") of safetensors.torch writes such a file.',
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

const reportLeftOut = (names: readonly string[]) =>
  console.error(`import: left out, as integers that the net does not have: ${names.join(", ")}`);

/** A net and its weights from PyTorch's. Throws a {@linkcode TaskError} that names their file. */
function convert(weights: WeightFiles, given: Fields): OwnWeights {
  try {
    return ownWeights(weights, given, { onLeftOut: reportLeftOut });
  } catch (error) {
    if (!(error instanceof SafetensorsError || error instanceof TaskError)) throw error;
    const hint = error instanceof SafetensorsError ? shardHint(weights.path) : "";
    throw new TaskError(`${weights.path}: ${error.message}${hint}`, { cause: error });
  }
}

/** Runs the task; returns the exit code. */
export const importNet = (args: readonly string[]): Promise<number> =>
  command(IMPORT, args, async ({ values, operands: [path, out] }) => {
    const weights = await openWeights(path!), { dataset, loss } = values;
    const given = { ...givenFields(values), ...pickFields({ dataset, loss }) };
    const { model, bytes, nonFinite } = convert(weights, given);
    for (const each of nonFinite) console.error(`import: not finite: ${describeNonFinite([each])}`);
    await newFile(out!, "OUT");
    await copyWhitening({ path: weights.path, model }, whiteningBeside(out!));
    await writeFile(out!, bytes);
    console.log(out);
  });
