import { MODEL_NAMES } from "../../../src/models/registry.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { TaskError } from "../../../tasks/cli/command.ts";
import { modelFields, pickFields } from "../../../tasks/models/fields.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

Deno.test("parseModel() inverts modelFields()", () => {
  const mean = Float32Array.from({ length: 16 * 18 * 3 }, (_, i) => Math.fround(i / 7 - 3));
  const model = {
    net: "fitnet4",
    batchnorm: "yes",
    blocks: "5-5-5",
    shrink: "2",
    activation: "tanh",
    dropout: 0.25,
    classes: 7,
    height: 16,
    width: 18,
    channels: 3,
    preprocessing: "contrast",
    whitening: "5e1f",
    loss: "hinge",
    dataset: "procedural",
    subset: 50,
    mean,
  } as const;
  const fields = modelFields(model);
  assertEquals(fields.input, "16x18x3");
  assert(Object.values(fields).every((text) => typeof text === "string"));
  assertEquals(parseModel(fields), model);
  assertEquals(parseModel(JSON.parse(JSON.stringify(fields))), model);
});

Deno.test("parseModel() has the defaults of the training tasks", () => {
  const { height, width, channels, classes, activation, preprocessing, loss, dataset } = parseModel(
    {
      net: "fitnetMnist",
    },
  );
  assertEquals([height, width, channels, classes], [28, 28, 1, 10]);
  assertEquals([activation, preprocessing, loss, dataset], ["maxout", "scale", "softmax", "mnist"]);
  const color = parseModel({ net: "fitnet4", dataset: "cifar100" });
  assertEquals([color.height, color.channels, color.classes], [32, 3, 100]);
  assertEquals([color.blocks, color.preprocessing], ["5-6-6", "contrast"]);
  assertEquals(parseModel({ net: "fitnetMnist", dataset: "cifar10" }).height, 32);
  assertEquals(parseModel({ net: "fitnet1", dataset: "mnist" }).channels, 1);
  assertEquals(parseModel({ net: "fitnet1", classes: "100" }).dataset, "cifar100");
});

Deno.test("pickFields() picks the fields that exist, as strings", () => {
  assertEquals(
    pickFields({ net: "fitnet1", classes: 10, dropout: undefined, seed: 3, blocks: null }),
    {
      net: "fitnet1",
      classes: "10",
    },
  );
});

const FAULTS: readonly (readonly [fields: Record<string, string>, says: string])[] = [
  [{}, "net: expected the name of a net, found none; give --net fitnet1, fitnet4, fitnetMnist"],
  [
    { net: "fitnet5" },
    `net: expected one of ${MODEL_NAMES.join(", ")}, found fitnet5; did`,
  ],
  [{ net: "fitnet1", activation: "elu" }, "activation: expected one of maxout, relu"],
  [
    { net: "fitnet1", classes: "0" },
    "classes: expected an integer from 1 to 9007199254740991, found 0",
  ],
  [{ net: "fitnet1", dropout: "1" }, "dropout: expected a rate from 0 to below 1, found 1"],
  [{ net: "fitnet1", input: "32x32" }, "input: expected HEIGHTxWIDTHxCHANNELS"],
  [{ net: "fitnet1", input: "32x32x4" }, "with 1 or 3 channels"],
  [{ net: "fitnet1", mean: "AAAA" }, "mean: expected 12288 bytes in base64, found 3"],
  [{ net: "fitnet1", mean: "!" }, "mean: expected 12288 bytes in base64, found another text"],
];

for (const [fields, says] of FAULTS) {
  Deno.test(`parseModel() rejects ${JSON.stringify(fields)}`, () => {
    assertThrows(() => parseModel(fields), TaskError, says);
  });
}
