/**
 * `deno task inspect`: lists the layers of a net, their sizes and costs.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import { grouped } from "../../cli/format.ts";
import { aligned } from "../../cli/align.ts";
import { type Command, command } from "../../cli/command.ts";
import { summary } from "../../../src/nn/mod.ts";
import { buildNet, imageSpec, modelTitle, showSize, uncomputedParams } from "../model.ts";
import { describeNonFinite, nonFiniteTensors } from "../finite.ts";
import { type OpenModel, openModel } from "../open.ts";
import { givenFields, NET_OPTIONS, NET_SECTION } from "../options.ts";
import { parseModel } from "../parse_model.ts";
import { OptionError, type Values } from "../../cli/option_table.ts";

const TABLE = {
  batch: {
    kind: "integer",
    from: 1,
    default: 1,
    help: "Images per batch: operations and memory are those of a batch.",
  },
  ...NET_OPTIONS,
} as const;

const INSPECT: Command<typeof TABLE> = {
  name: "inspect",
  table: TABLE,
  page: {
    command: "deno task inspect",
    about:
      "list the layers of a net: the shape of their output, parameters, operations and memory.",
    operands: {
      names: [[
        "RUN_OR_WEIGHTS",
        "The folder of a run, or a weights file; without it, --net.",
        "path",
      ]],
      least: 0,
    },
    sections: [NET_SECTION],
    examples: [
      ["deno task inspect runs/MY-RUN", "A trained net:"],
      [
        "deno task inspect --net fitnet4 --activation relu --batch 128",
        "A net without weights, for batches of 128 images:",
      ],
    ],
    notes: [
      "FLOPs are those of a forward pass by the definition of each op: a multiply-add counts as two. " +
      "Devices may need fewer (Winograd).",
      "A layer with layers inside, which stand below it, has their sums.",
      "Memory is that of a layer's output, 4 bytes per number; 0 where the output is the input in another " +
      "shape, and for dropout, which does nothing outside training. Training needs as much again for " +
      "gradients, and more for the values that they are computed from.",
      "Weights that are NaN or infinite are counted below the table; evaluate and predict refuse them.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** The net that is inspected, with its tensors where it has weights. */
type Inspected = Pick<OpenModel, "model"> & Partial<Pick<OpenModel, "tensors">>;

async function modelAt(
  path: string | undefined,
  values: Values<typeof TABLE>,
): Promise<Inspected> {
  const given = givenFields(values);
  if (path !== undefined) return await openModel(path, given);
  if (values.net !== undefined) return { model: parseModel(given) };
  throw new OptionError("expected RUN_OR_WEIGHTS or --net NAME, found neither; see --help");
}

async function work(path: string | undefined, values: Values<typeof TABLE>): Promise<void> {
  const { batch } = values, { model, tensors } = await modelAt(path, values);
  const net = buildNet(model);
  uncomputedParams(net, model);
  const { rows, ...all } = summary(net, imageSpec(model, batch));
  console.log([
    modelTitle(model),
    showSize(model),
    counted(model.classes, "class", "classes"),
    batch === 1 ? "one image" : `a batch of ${counted(batch, "image")}`,
  ].join(" | "));
  const lines = aligned([
    ["layer", "output", "parameters", "FLOPs", "memory"],
    ...rows.map(({ name, depth, output, parameters, flops, bytes }) => [
      "  ".repeat(depth) + name,
      output.shape.slice(1).join("×"),
      ...[parameters, flops, bytes].map(grouped),
    ]),
    ["all", "", ...[all.parameters, all.flops, all.bytes].map(grouped)],
  ], 2);
  console.log(lines.join("\n"));
  for (const each of nonFiniteTensors(tensors ?? new Map())) {
    console.log(`not finite: ${describeNonFinite([each])}`);
  }
}

/** Runs the task; returns the exit code. */
export const inspect = (args: readonly string[]): Promise<number> =>
  command(INSPECT, args, ({ values, operands: [path] }) => work(path, values));
