/**
 * `deno task export`: writes a trained net for PyTorch or ONNX.
 *
 * @module
 */
import { writeFile } from "../cli/write_file.ts";
import { type Command, command } from "../cli/command.ts";
import { describeNonFinite, nonFiniteTensors } from "../models/finite.ts";
import { type OpenModel, openModel } from "../models/open.ts";
import { givenFields, NET_OPTIONS, NET_SECTION } from "../models/options.ts";
import { RUN_FILES } from "../run/files.ts";
import { newFile, newFolder } from "../cli/output_paths.ts";
import { copyWhitening } from "./copy_whitening.ts";
import { toTorch } from "./layout.ts";
import { pythonModule } from "./module.ts";
import { onnxFile } from "./onnx.ts";
import { netSteps } from "./steps.ts";
import { torchFile } from "./torch_file.ts";

const TABLE = {
  to: {
    kind: "choice",
    choices: ["pytorch", "onnx"] as const,
    default: "pytorch",
    help: "The format.",
  },
  ...NET_OPTIONS,
} as const;

const EXPORT: Command<typeof TABLE> = {
  name: "export",
  table: TABLE,
  page: {
    command: "deno task export",
    about: "write a trained net for PyTorch or ONNX.",
    operands: {
      names: [
        ["RUN_OR_WEIGHTS", "The folder of a run, or a weights file.", "path"],
        [
          "OUT",
          "For PyTorch a new or empty folder for model.py and model.safetensors; for ONNX a new file.",
          "path",
        ],
      ],
      least: 2,
    },
    sections: [NET_SECTION],
    examples: [
      ["deno task export runs/MY-RUN --to pytorch exported", "For PyTorch:"],
      ["deno task export runs/MY-RUN --to onnx net.onnx", "For ONNX:"],
    ],
    notes: [
      "In PyTorch and ONNX images are [batch, channels, height, width]. PyTorch's weights are [out, in, " +
      "height, width] and [out, in]; piece k of a maxout is the k-th block of consecutive channels. Dropout " +
      "is left out.",
      "model.py has a class Net, whose preprocess() does what training did to pixels, and load(), which " +
      "reads the weights and needs no package but torch. An ONNX file takes preprocessed images.",
      "deno task import reads the weights back from PyTorch, bit for bit.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

async function toPytorch(trained: OpenModel, out: string): Promise<readonly string[]> {
  const { model, tensors } = trained;
  await newFolder(out, "OUT");
  const files = [`${out}/model.safetensors`, `${out}/model.py`] as const;
  await writeFile(files[0], torchFile(model, tensors));
  await writeFile(files[1], pythonModule(model, netSteps(model)));
  return [...files, ...await copyWhitening(trained, `${out}/${RUN_FILES.whitening}`)];
}

async function toOnnx({ model, tensors }: OpenModel, out: string): Promise<readonly string[]> {
  await newFile(out, "OUT");
  const steps = netSteps(model);
  await writeFile(out, onnxFile(model, steps, toTorch(steps, tensors)));
  return [out];
}

/** What a user must know, a line each. */
const warnings = ({ model: { preprocessing, mean }, tensors }: OpenModel): string[] => [
  ...(preprocessing !== "scale" && !mean
    ? ["the weights do not hold the mean image of their training, so it is left out"]
    : []),
  ...nonFiniteTensors(tensors).map((each) => `not finite: ${describeNonFinite([each])}`),
];

/** Runs the task; returns the exit code. */
export const exportNet = (args: readonly string[]): Promise<number> =>
  command(EXPORT, args, async ({ values, operands: [path, out] }) => {
    const trained = await openModel(path!, givenFields(values));
    const files = await (values.to === "onnx" ? toOnnx : toPytorch)(trained, out!);
    for (const line of warnings(trained)) console.error(`export: ${line}`);
    console.log(files.join("\n"));
  });
