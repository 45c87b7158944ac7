/**
 * `deno task import`: weights from PyTorch. `--help` tells how.
 *
 * @module
 */
import { SafetensorsError, writeAtomically } from "../src/train/mod.ts";
import { type Command, command, TaskError } from "./command.ts";
import { fieldsIn } from "./model/fields.ts";
import { DATA_OPTIONS, LOSS_OPTION, NET_OPTIONS, netFieldsOf } from "./model/options.ts";
import { newFile } from "./new_place.ts";
import { ownFile } from "./portable/torch_file.ts";

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
          "A safetensors file of the names and shapes that deno task export gives, or the folder that it wrote.",
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
      'In Python, save_file(net.state_dict(), "new.safetensors") of safetensors.torch writes such a file.',
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

async function read(path: string): Promise<[file: string, bytes: Uint8Array<ArrayBuffer>]> {
  const folder = (await Deno.stat(path).catch(() => undefined))?.isDirectory;
  const file = folder ? `${path}/model.safetensors` : path;
  try {
    return [file, await Deno.readFile(file)];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new TaskError(`${file}: expected a safetensors file, found nothing there`);
  }
}

/** Runs the task; returns the exit code. */
export const importNet = (args: readonly string[]): Promise<number> =>
  command(IMPORT, args, async ({ values, operands: [path, out] }) => {
    const [file, bytes] = await read(path!);
    const { dataset, loss } = values;
    const given = { ...netFieldsOf(values), ...fieldsIn({ dataset, loss }) };
    try {
      const own = ownFile(bytes, given);
      await newFile(out!, "OUT");
      await writeAtomically(out!, own);
    } catch (error) {
      if (!(error instanceof SafetensorsError || error instanceof TaskError)) throw error;
      throw new TaskError(`${file}: ${error.message}`, { cause: error });
    }
    console.log(out);
  });

if (import.meta.main) Deno.exit(await importNet(Deno.args));
