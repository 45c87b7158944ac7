import { MODEL_NAMES } from "../../../src/models/registry.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { inspect } from "../../../tasks/models/inspect/command.ts";
import { summary, type SummaryRow } from "../../../src/nn/mod.ts";
import type { Fields } from "../../../tasks/models/fields.ts";
import { buildNet, imageSpec } from "../../../tasks/models/model.ts";
import { folderOf } from "../../data/fixtures.ts";
import { weightsOf } from "../nets.ts";
import { captured } from "../captured.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

const rowsOf = (fields: Fields, batch = 1) => {
  const model = parseModel(fields);
  return summary(buildNet(model), imageSpec(model, batch)).rows;
};

/** Parameters, operations and bytes of a layer. */
type Costs = readonly [parameters: number, flops: number, bytes: number];

/** A 3 × 3 convolution of an image of `side` pixels: two for each product, the biases, the maxout. */
function conv(side: number, from: number, to: number, pieces = 1): Costs {
  const pixels = side * side, made = pieces * to;
  return [
    9 * from * made + made,
    pixels * made * (18 * from + 1) + (pieces - 1) * pixels * to,
    4 * pixels * to,
  ];
}

const dense = (from: number, to: number, pieces = 1): Costs => [
  (from + 1) * pieces * to,
  pieces * to * (2 * from + 1) + (pieces - 1) * to,
  4 * to,
];

/** Max pooling to `side` pixels by windows of `size`. */
const pool = (side: number, channels: number, size: number): Costs => [
  0,
  side * side * channels * size * size,
  4 * side * side * channels,
];

const NOTHING: Costs = [0, 0, 0];

const costs = (rows: readonly SummaryRow[]): Costs[] =>
  rows.map(({ parameters, flops, bytes }) => [parameters, flops, bytes]);

const FITNET1 = [
  ...[3, 16, 16].map((from) => conv(32, from, 16, 2)),
  pool(16, 16, 2),
  ...[16, 32, 32].map((from) => conv(16, from, 32, 2)),
  pool(8, 32, 2),
  conv(8, 32, 48, 2),
  conv(8, 48, 48, 2),
  conv(8, 48, 64, 2),
  [0, 64 * 64, 4 * 64] as const,
  NOTHING,
  dense(64, 500, 5),
  dense(500, 10),
];

Deno.test("summary() of FitNet-1 are the closed forms", () => {
  const rows = rowsOf({ net: "fitnet1" });
  assertEquals(costs(rows), FITNET1);
  assertEquals(rows.map(({ name }) => name).slice(-4), [
    "[11] globalMaxPool",
    "[12] flatten",
    "[13] dense",
    "[14] dense",
  ]);
  assertEquals([rows[0]!.output.shape, rows[11]!.output.shape], [[1, 32, 32, 16], [1, 64]]);
  assertEquals(rows.reduce((sum, { parameters }) => sum + parameters, 0), 348_694);
});

Deno.test("summary() of a batch have its operations and memory, and the same parameters", () => {
  assertEquals(
    costs(rowsOf({ net: "fitnet1" }, 3)),
    FITNET1.map(([parameters, flops, bytes]) => [parameters, 3 * flops, 3 * bytes] as const),
  );
});

Deno.test("summary() of FitNet-MNIST are the closed forms; dropout and flatten cost nothing", () => {
  assertEquals(costs(rowsOf({ net: "fitnetMnist" })), [
    conv(28, 1, 16, 2),
    conv(28, 16, 16, 2),
    pool(13, 16, 4),
    conv(13, 16, 16, 2),
    conv(13, 16, 16, 2),
    pool(6, 16, 4),
    conv(6, 16, 12, 2),
    conv(6, 12, 12, 2),
    pool(3, 12, 2),
    NOTHING,
    NOTHING,
    dense(108, 10),
  ]);
});

Deno.test("summary() of FitNet-4 with ReLU are the closed forms", () => {
  const chain = (side: number, from: number, channels: readonly number[]) =>
    channels.flatMap((to, i) => [
      conv(side, i === 0 ? from : channels[i - 1]!, to),
      [0, side * side * to, 4 * side * side * to] as const,
    ]);
  assertEquals(costs(rowsOf({ net: "fitnet4", activation: "relu", classes: "100" })), [
    NOTHING,
    ...chain(32, 3, [32, 32, 32, 48, 48]),
    pool(16, 48, 2),
    NOTHING,
    ...chain(16, 48, [80, 80, 80, 80, 80, 80]),
    pool(8, 80, 2),
    NOTHING,
    ...chain(8, 80, [128, 128, 128, 128, 128, 128]),
    [0, 64 * 128, 4 * 128],
    NOTHING,
    NOTHING,
    dense(128, 500),
    [0, 500, 2000],
    NOTHING,
    dense(500, 100),
  ]);
});

Deno.test("inspect prints a table of a net, with or without weights", async () => {
  await using folder = await folderOf({
    "w.safetensors": weightsOf({ net: "fitnetMnist", activation: "relu" }),
  });
  const alone = await captured(() => inspect(["--net", "fitnetMnist", "--activation", "relu"]));
  const saved = await captured(() => inspect([`${folder.path}/w.safetensors`]));
  assertEquals([alone.code, alone.err], [0, ""]);
  assertEquals(alone, saved);
  const lines = alone.out.split("\n");
  assertEquals(lines[0], "fitnetMnist relu | 28x28x1 | 10 classes | one image");
  assertEquals(lines[1]!.split(/ +/), ["layer", "output", "parameters", "FLOPs", "memory"]);
  assertEquals(lines[2]!.split(/ {2,}/), ["[0] conv", "28×28×16", "160", "238,336", "50,176"]);
  assertEquals(lines.at(-1)!.split(/ +/).slice(0, 2), ["all", "11,258"]);
  const many = await captured(() => inspect(["--net", "fitnet1", "--batch", "64"]));
  assertStringIncludes(many.out, "fitnet1 maxout | 32x32x3 | 10 classes | a batch of 64 images");
});

Deno.test("inspect says in one line what is wrong, and prints help", async () => {
  const line = async (...args: string[]) => {
    const { code, out, err } = await captured(() => inspect(args));
    assertEquals(out, "");
    return `${code} ${err}`;
  };
  assertEquals(
    await line(),
    "2 inspect: expected RUN_OR_WEIGHTS or --net NAME, found neither; see --help",
  );
  assertEquals(
    await line("--net", "fitnet"),
    `2 inspect: --net: expected one of ${
      MODEL_NAMES.join(", ")
    }, found fitnet; did you mean fitnet1?`,
  );
  assertEquals(
    await line("--net", "fitnet1", "--input", "32"),
    "2 inspect: --input: expected HEIGHTxWIDTHxCHANNELS with 1 or 3 channels, such as 32x32x3, found 32",
  );
  assertStringIncludes(
    await line("--net", "fitnet1", "--input", "1x1x1"),
    "1 inspect: input: expected images that fitnet1 can take, found 1x1x1: [3] maxPool2d: expected ",
  );
  const help = await captured(() => inspect(["-h"]));
  assertEquals(help.code, 0);
  assertStringIncludes(help.out, "USAGE\n  deno task inspect [RUN_OR_WEIGHTS] [--OPTION VALUE]...");
});
