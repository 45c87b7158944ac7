import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dense, sequential } from "../../../src/nn/mod.ts";
import { key } from "../../../src/random.ts";
import { type Params, type Tensor, tensor } from "../../../src/tensor.ts";
import { leaves } from "../../../src/tree.ts";
import { loadParams, saveParams, storedName } from "../../../src/train/safetensors/params_file.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
} from "../../../src/train/safetensors/safetensors.ts";
import { forEachDevice, runtimeOf } from "../../devices.ts";
import { tinyNet, tinyParams } from "../fixtures.ts";
import { f32, fileOf, i64, type Raw } from "./safetensors_files.ts";

const values = (params: Params) => leaves<Tensor>(params).map((x) => x.data!);

Deno.test("storedName() joins indices and names by dots", () => {
  assertEquals(["[0].w", "[2][0].b", "state.step", "[10]"].map(storedName), [
    "0.w",
    "2.0.b",
    "state.step",
    "10",
  ]);
});

forEachDevice("loadParams() inverts saveParams()", async (run) => {
  const params = run.jit(() => tinyParams())();
  const bytes = await saveParams(run, params, { epoch: "3" });
  const { tensors, metadata } = decodeSafetensors(bytes);
  assertEquals([...tensors.keys()], ["0.w", "0.b", "4.w", "4.b"]);
  assertEquals(metadata, { epoch: "3" });
  const again = loadParams(bytes, tinyParams());
  assertEquals(values(again), [...await run.read(leaves<Tensor>(params))]);
  assertEquals(
    leaves<Tensor>(again).map((x) => x.shape),
    leaves<Tensor>(params).map((x) => x.shape),
  );
});

Deno.test("loadParams() names the tensor that is missing, unknown or of another shape", () => {
  const net = dense(2), like = net.init(key(0), { shape: [1, 3], dtype: "f32" });
  const w = { shape: [3, 2], data: new Float32Array(6) },
    b = { shape: [2], data: new Float32Array(2) };
  const load = (tensors: Record<string, typeof w>) => () =>
    loadParams(encodeSafetensors(new Map(Object.entries(tensors))), like);
  load({ w, b })();
  assertThrows(load({ w }), SafetensorsError, "b: expected f32[2], found none");
  assertThrows(load({ w, b, c: b }), SafetensorsError, "expected the tensors w, b, found c");
  assertThrows(
    load({ w: { ...w, shape: [2, 3] }, b }),
    SafetensorsError,
    "w: expected f32[3, 2], found f32[2, 3]",
  );
});

Deno.test("saveParams() rejects two tensors of one name", async () => {
  const run = await runtimeOf("reference"), x = tensor([1]);
  await assertRejects(
    () => saveParams(run, { a: { b: x }, "a.b": x }),
    SafetensorsError,
    "two of a.b",
  );
});

Deno.test("a net of no parameters is a file of no tensors", async () => {
  const run = await runtimeOf("reference"), net = sequential(tinyNet().layers[1]);
  const params = net.init(key(0), { shape: [1, 2], dtype: "f32" });
  assertEquals(loadParams(await saveParams(run, params), params), params);
});

const LIKE = dense(2).init(key(0), { shape: [1, 3], dtype: "f32" });
const W = f32([3, 2], [1, 2, 3, 4, 5, 6]), B = f32([2], [7, 8]);

/** What the names come to, of a file of W and B under others, and what is left out. */
function loaded(tensors: Record<string, Raw>) {
  let leftOut: readonly string[] = [];
  const { w, b } = loadParams(fileOf(tensors), LIKE, { onLeftOut: (names) => leftOut = names });
  return { w: [...w.data!], b: [...b.data!], leftOut };
}

const PREFIXES = [
  "module.",
  "_orig_mod.",
  "model.",
  "net.",
  "state_dict.",
  "_orig_mod.module.",
  "module._orig_mod.",
  "state_dict.model._orig_mod.module.",
  "_fsdp_wrapped_module.",
];

for (const prefix of PREFIXES) {
  Deno.test(`loadParams() finds tensors behind ${prefix}, and leaves out integers by name`, () => {
    const counter = `${prefix}bn.num_batches_tracked`;
    assertEquals(
      loaded({ [`${prefix}w`]: W, [counter]: i64([], [2n ** 40n]), [`${prefix}b`]: B }),
      { w: [1, 2, 3, 4, 5, 6], b: [7, 8], leftOut: [counter] },
    );
  });
}

Deno.test("loadParams() prefers a net's own name, even if it looks like a wrapper's", () => {
  const like = { net: { w: tensor([0]) }, module: { w: tensor([0]) } };
  const bytes = fileOf({ "module.net.w": f32([1], [1]), "module.module.w": f32([1], [2]) });
  const { net, module } = loadParams(bytes, like);
  assertEquals([net.w.data![0], module.w.data![0]], [1, 2]);
});

Deno.test("loadParams() finds tensors of nets wrapped within a net", () => {
  const like = [{ w: tensor([0]) }];
  const [layer] = loadParams(fileOf({ "0._orig_mod.w": f32([1], [5]) }), like);
  assertEquals(layer!.w.data![0], 5);
});

Deno.test("loadParams() names the tensor nearest to an unknown one", () => {
  const bytes = fileOf({ "module.gane": f32([1], [5]) });
  const load = () => loadParams(bytes, { gain: tensor([0]) });
  assertThrows(load, SafetensorsError, "found module.gane; did you mean gain?");
});

Deno.test("loadParams() rejects unknown float tensors and duplicate names", () => {
  const rejects = (tensors: Record<string, Raw>, what: string) =>
    assertThrows(() => loaded(tensors), SafetensorsError, what);
  rejects(
    { w: W, b: B, "module.running_mean": B },
    "expected the tensors w, b, found module.running_mean",
  );
  rejects({ w: W, "module.c": B }, "found module.c");
  rejects({ w: W, b: B, "module.w": W }, "expected one tensor for w, found w and module.w");
  rejects({ w: W, n: i64([1], [1n]) }, "b: expected f32[2], found none");
  rejects({ w: W, b: i64([2], [1n, 2n]) }, "b: expected f32[2], found i32[2]");
});

Deno.test("loadParams() converts floats of other widths", () => {
  const b: Raw = { dtype: "BF16", shape: [2], bytes: [0x80, 0x3f, 0, 0xc0] };
  assertEquals(loaded({ w: W, b }).b, [1, -2]);
});
