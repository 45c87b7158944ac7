import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dense, sequential } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { loadParams, saveParams, storedName } from "../../src/train/params_file.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
} from "../../src/train/safetensors.ts";
import { forEachDevice, runtimeOf } from "../devices.ts";
import { tinyNet, tinyParams } from "./fixtures.ts";

const values = (params: Params) => leaves<Tensor>(params).map((x) => x.data!);

Deno.test("storedName() joins indices and names by dots", () => {
  assertEquals(["[0].w", "[2][0].b", "state.step", "[10]"].map(storedName), [
    "0.w",
    "2.0.b",
    "state.step",
    "10",
  ]);
});

forEachDevice("loadParams() gives back what saveParams() was given", async (run) => {
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

Deno.test("loadParams() says which tensor is missing, unknown or of another shape", () => {
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
