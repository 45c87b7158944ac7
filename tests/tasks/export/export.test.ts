import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type StoredTensor,
} from "../../../src/train/mod.ts";
import { exportNet } from "../../../tasks/export/export_command.ts";
import { importNet } from "../../../tasks/export/import_command.ts";
import { type Fields, modelFields } from "../../../tasks/models/fields.ts";
import { fromTorch, toTorch } from "../../../tasks/export/layout.ts";
import { MODEL } from "../../../tasks/export/onnx_schema.ts";
import { netSteps } from "../../../tasks/export/steps.ts";
import { ownWeights, torchFile } from "../../../tasks/export/torch_file.ts";
import { openSafetensors } from "../../../src/train/safetensors/header.ts";
import { folderOf } from "../../data/fixtures.ts";
import { fill } from "../../golden/fill.ts";
import { tensorsOf, weightsOf } from "../nets.ts";
import { captured } from "../captured.ts";
import { decode } from "./protobuf.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

/** A weights file from the bytes of PyTorch's. */
const ownFile = (bytes: Uint8Array<ArrayBuffer>, given: Fields) =>
  ownWeights(openSafetensors(bytes), given).bytes;

const MNIST = parseModel({ net: "fitnetMnist", activation: "relu" });

Deno.test("toTorch() puts output channels first, and features in the order channel, row, column", () => {
  const own = tensorsOf(MNIST), torch = toTorch(netSteps(MNIST), own);
  assertEquals([...torch.keys()].slice(0, 3), ["conv1.weight", "conv1.bias", "conv2.weight"]);
  assertEquals([...torch.keys()].slice(-2), ["classifier.weight", "classifier.bias"]);
  const w = own.get("2.w")!, conv = torch.get("conv2.weight")!;
  assertEquals([w.shape, conv.shape], [[3, 3, 16, 16], [16, 16, 3, 3]]);
  // Row 2, column 1, input 5, output 7.
  assertEquals(conv.data[((7 * 16 + 5) * 3 + 2) * 3 + 1], w.data[((2 * 3 + 1) * 16 + 5) * 16 + 7]);
  const dense = own.get("17.w")!, linear = torch.get("classifier.weight")!;
  assertEquals([dense.shape, linear.shape], [[108, 10], [10, 108]]);
  // Row 2, column 1, channel 5, class 3, of images of 3 × 3 × 12.
  assertEquals(
    linear.data[3 * 108 + (5 * 3 + 2) * 3 + 1],
    dense.data[((2 * 3 + 1) * 12 + 5) * 10 + 3],
  );
  assertEquals(torch.get("conv1.bias"), own.get("0.b"));
});

const NETS: readonly Fields[] = [
  { net: "fitnet1" },
  { net: "fitnet4", blocks: "5-5-5", activation: "tanh", dropout: "0" },
  { net: "fitnet4" },
  { net: "fitnetMnist", loss: "hinge", subset: "100" },
  { net: "fitnetMnist", input: "20x24x3", classes: "7" },
];

for (const fields of NETS) {
  Deno.test(`torchFile() and ownWeights() keep every bit of ${JSON.stringify(fields)}`, () => {
    const known = parseModel(fields), { height, width, channels, preprocessing } = known;
    const mean = fill(height * width * channels, 9, 1);
    const model = preprocessing === "contrast" ? { ...known, mean } : known;
    const own = tensorsOf(model);
    const again = decodeSafetensors(ownFile(torchFile(model, own), {}));
    assertEquals(again.metadata, modelFields(model));
    assertEquals(parseModel(again.metadata), model);
    assertEquals([...again.tensors], [...own]);
  });
}

Deno.test("fromTorch() says which tensor is missing, unknown or of another shape", () => {
  const steps = netSteps(MNIST), torch = toTorch(steps, tensorsOf(MNIST));
  const says = (change: (tensors: Map<string, StoredTensor>) => void, what: string) => {
    const changed = new Map(torch);
    change(changed);
    assertThrows(() => fromTorch(steps, changed), SafetensorsError, what);
  };
  const one = { shape: [1], data: new Float32Array(1) };
  says((t) => t.delete("conv3.bias"), "conv3.bias: expected F32 [16], found none");
  says((t) => t.set("conv3.bias", one), "conv3.bias: expected F32 [16], found [1]");
  says(
    (t) => t.set("conv7.bias", one),
    "expected tensors named conv1.weight, conv1.bias to classifier.bias, found conv7.bias; did you mean",
  );
  says(
    (t) => t.set("conv3.bias", { shape: [16], data: new Int32Array(16) }),
    "conv3.bias: expected F32 [16]",
  );
});

Deno.test("export and import, and the files that they write", async () => {
  const weights = weightsOf({ net: "fitnetMnist", activation: "relu" });
  await using folder = await folderOf({ "w.safetensors": weights });
  const at = (name: string) => `${folder.path}/${name}`;
  const torch = await captured(() =>
    exportNet([at("w.safetensors"), "--to", "pytorch", at("torch")])
  );
  assertEquals(torch, {
    code: 0,
    out: `${at("torch/model.safetensors")}\n${at("torch/model.py")}`,
    err: "",
  });
  const text = await Deno.readTextFile(at("torch/model.py"));
  assertStringIncludes(text, "class Net(nn.Sequential):");
  assertStringIncludes(text, "return pixels * 0.004");
  assert(text.split("\n").every((line) => line.length <= 100));

  const back = await captured(() => importNet([at("torch"), at("new/back.safetensors")]));
  assertEquals(back, { code: 0, out: at("new/back.safetensors"), err: "" });
  assertEquals(await Deno.readFile(at("new/back.safetensors")), weights);

  const onnx = await captured(() =>
    exportNet([at("w.safetensors"), at("net.onnx"), "--to", "onnx"])
  );
  assertEquals(onnx, { code: 0, out: at("net.onnx"), err: "" });
  const { producerName } = decode(MODEL, await Deno.readFile(at("net.onnx")));
  assertEquals(producerName, ["@goodinit/goodinit"]);
});

Deno.test("import takes a file without metadata, with options that describe its net", async () => {
  const model = parseModel({
    net: "fitnetMnist",
    activation: "relu",
    dropout: "0.1",
    loss: "hinge",
  });
  const own = tensorsOf(model), { tensors } = decodeSafetensors(torchFile(model, own));
  await using folder = await folderOf({ "t.safetensors": encodeSafetensors(tensors) });
  const file = `${folder.path}/t.safetensors`, out = `${folder.path}/w.safetensors`;
  const bare = await captured(() => importNet([file, out]));
  assertEquals([bare.code, bare.out], [1, ""]);
  assertEquals(
    bare.err.split(";")[0],
    `import: ${file}: net: expected the name of a net, found none`,
  );
  const args = "--net fitnetMnist --activation relu --loss hinge --dropout 0.1".split(" ");
  assertEquals((await captured(() => importNet([file, out, ...args]))).code, 0);
  const again = decodeSafetensors(await Deno.readFile(out));
  assertEquals([...again.tensors], [...own]);
  assertEquals(again.metadata, modelFields(model));
});

Deno.test("export of color nets says that the mean image is missing", async () => {
  await using folder = await folderOf({ "w.safetensors": weightsOf({ net: "fitnet1" }) });
  const out = `${folder.path}/torch`;
  const { code, err } = await captured(() => exportNet([`${folder.path}/w.safetensors`, out]));
  assertEquals([code, err.split("\n").length], [0, 1]);
  assertStringIncludes(err, "do not hold the mean image");
  const text = await Deno.readTextFile(`${out}/model.py`);
  assert(!text.includes("mean") && !text.includes("preprocess("), text);
});

Deno.test("export and import say in one line what is wrong, and print help", async () => {
  await using folder = await folderOf({
    "w.safetensors": weightsOf({ net: "fitnetMnist" }),
    "t.safetensors": torchFile(MNIST, tensorsOf(MNIST)),
  });
  const at = (name: string) => `${folder.path}/${name}`;
  const line = async (task: typeof exportNet, ...args: string[]) => {
    const { code, out, err } = await captured(() => task(args));
    assertEquals([out, err.split("\n").length], ["", 1], err);
    return `${code} ${err.replaceAll(folder.path, "…")}`;
  };
  const weights = at("w.safetensors");
  assertEquals(
    await line(exportNet, weights),
    "2 export: expected RUN_OR_WEIGHTS OUT, found …/w.safetensors; see --help",
  );
  assertEquals(
    await line(exportNet, weights, at("out"), "--to", "torch"),
    "2 export: --to: expected one of pytorch, onnx, found torch; did you mean pytorch?",
  );
  assertStringIncludes(
    await line(exportNet, weights, folder.path),
    "2 export: OUT: expected a new or empty folder, found …",
  );
  assertEquals(
    await line(exportNet, weights, weights, "--to", "onnx"),
    "2 export: OUT: expected the name of a new file, found …/w.safetensors there already",
  );
  assertEquals(
    await line(importNet, at("none"), at("out")),
    "1 import: …/none: expected a safetensors file, found nothing there",
  );
  assertEquals(
    await line(importNet, at("t.safetensors"), weights),
    "2 import: OUT: expected the name of a new file, found …/w.safetensors there already",
  );
  assertStringIncludes(
    await line(importNet, at("t.safetensors"), at("out"), "--activation", "maxout"),
    "1 import: …/t.safetensors: conv1.weight: expected F32 [32,1,3,3], found [16,1,3,3]",
  );
  for (
    const [task, usage] of [[exportNet, "RUN_OR_WEIGHTS OUT"], [importNet, "FILE OUT"]] as const
  ) {
    const { code, out } = await captured(() => task(["--help"]));
    assertEquals(code, 0);
    assertStringIncludes(out, `${usage} [--OPTION VALUE]...`);
  }
});
