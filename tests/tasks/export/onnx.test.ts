import { assert, assertEquals } from "@std/assert";
import { testBatches } from "../../../src/data/mod.ts";
import { onnxFile } from "../../../tasks/export/onnx.ts";
import { MODEL } from "../../../tasks/export/onnx_schema.ts";
import { netSteps } from "../../../tasks/export/steps.ts";
import { assertClose } from "../../devices.ts";
import { EXPORTED, exported } from "../../golden/exports/models.ts";
import { goldenExports } from "../../golden/read.ts";
import { preparedOf, torchTensors } from "./exported.ts";
import { decode } from "./protobuf.ts";

const { nets } = goldenExports();

const fileOf = (name: (typeof EXPORTED)[number]) => {
  const model = exported(name);
  return onnxFile(model, netSteps(model), torchTensors(nets[name]!));
};

Deno.test("onnxFile() writes one chain of nodes from images to scores, with all weights", () => {
  for (const name of EXPORTED) {
    const { graph: [graph] = [], opsetImport, metadataProps } = decode(MODEL, fileOf(name));
    const tensors = torchTensors(nets[name]!), { classes, net, activation } = exported(name);
    assertEquals(opsetImport, [{ version: [13] }]);
    const known = new Set<string>(["images", ...tensors.keys()]), made: string[] = [];
    for (const { input, output } of graph.node) {
      for (const value of input ?? []) {
        assert(known.has(value), `${name}: ${value} before it is made`);
      }
      for (const value of output) {
        assert(!known.has(value), `${name}: ${value} made twice`);
        known.add(value);
        made.push(value);
      }
    }
    assertEquals(made.at(-1), "scores");
    const { type: [{ tensorType: [{ shape: [{ dim }] }] }] } = graph.output[0];
    assertEquals(dim, [{ dimParam: ["batch"] }, { dimValue: [classes] }]);
    // Heads of companions are for training alone.
    const computed = [...tensors.keys()].filter((tensor) => !tensor.startsWith("companion"));
    assertEquals(
      graph.initializer.map(({ name: [tensor] }: { name: string[] }) => tensor),
      computed,
    );
    for (const { name: [tensor], dims, dataType, rawData: [bytes] } of graph.initializer) {
      assertEquals([dims, dataType], [tensors.get(tensor)!.shape, [1]]);
      assertEquals(new Float32Array(bytes.slice().buffer), tensors.get(tensor)!.data);
    }
    const texts = Object.fromEntries(metadataProps!.map(({ key, value }) => [key[0], value[0]]));
    assertEquals([texts.net, texts.activation], [net, activation]);
  }
});

Deno.test("onnxFile() makes Conv, Split and Max of a maxout convolution, and Gemm of a dense layer", () => {
  const { graph: [{ node }] = [] } = decode(MODEL, fileOf("fitnetMnist_maxout"));
  const maxout = ["Conv", "Split", "Max"], block = [...maxout, ...maxout, "MaxPool"];
  assertEquals(node.flatMap(({ opType }: { opType: string[] }) => opType), [
    ...block,
    ...block,
    ...block,
    "Flatten",
    "Gemm",
  ]);
});

const wanted = Deno.env.get("GOODINIT_ONNXRUNTIME");

Deno.test({
  name: "an ONNX runtime gives PyTorch's logits" +
    (wanted ? "" : ": left out without GOODINIT_ONNXRUNTIME, as the runtime is 140 MB"),
  ignore: !wanted,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const specifier = "npm:onnxruntime-web@1.30.0/wasm", ort = await import(specifier);
    ort.env.wasm.numThreads = 1;
    for (const name of EXPORTED) {
      const session = await ort.InferenceSession.create(fileOf(name));
      const prepared = preparedOf(exported(name), nets[name]!);
      const { count, height, width, channels } = prepared.dataset, plane = height * width;
      const { images } = testBatches(prepared, { batch: count }).next().value!;
      const planes = new Float32Array(images.length);
      images.forEach((value, i) => {
        const pixel = Math.floor(i / channels), at = pixel % plane, image = (pixel - at) / plane;
        planes[(image * channels + i % channels) * plane + at] = value;
      });
      const x = new ort.Tensor("float32", planes, [count, channels, height, width]);
      const { scores } = await session.run({ images: x });
      assertEquals(scores.dims, nets[name]!.scores.shape);
      assertClose(scores.data, nets[name]!.scores.data, { relative: 1e-5, absolute: 1e-5 }, name);
    }
  },
});
