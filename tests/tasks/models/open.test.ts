import { assertEquals, assertRejects } from "@std/assert";
import { encodeSafetensors } from "../../../src/train/mod.ts";
import { TaskError } from "../../../tasks/cli/command.ts";
import { openModel } from "../../../tasks/models/open.ts";
import { folderOf } from "../../data/fixtures.ts";
import { tensorsOf, weightsOf } from "../nets.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const tensors = tensorsOf(parseModel({ net: "fitnetMnist", activation: "relu" }));
const bare = encodeSafetensors(tensors);

Deno.test("openModel() takes the net from the weights file, from a run's folder or alone", async () => {
  const bytes = weightsOf({ net: "fitnetMnist", activation: "relu", loss: "hinge" }, tensors);
  await using folder = await folderOf({ "weights.safetensors": bytes, "other.safetensors": bytes });
  for (const name of ["", "/", "/weights.safetensors", "/other.safetensors"]) {
    const { model, tensors: found, params } = await openModel(folder.path + name);
    assertEquals([model.net, model.activation, model.loss], ["fitnetMnist", "relu", "hinge"]);
    assertEquals([...found], [...tensors]);
    assertEquals(params.length, 18);
  }
});

Deno.test("openModel() takes from the manifest what the weights lack", async () => {
  const settings = { net: "fitnetMnist", activation: "relu", dataset: "mnist", loss: "hinge" };
  await using folder = await folderOf({
    "weights.safetensors": encodeSafetensors(tensors, { net: "fitnetMnist", init: "lsuv" }),
    "manifest.json": json({
      status: "finished",
      settings,
      model: { classes: "10", input: "28x28x1" },
    }),
  });
  const { model } = await openModel(folder.path);
  assertEquals([model.activation, model.loss, model.width], ["relu", "hinge", 28]);
});

Deno.test("openModel() gives options precedence over both", async () => {
  await using folder = await folderOf({
    "weights.safetensors": weightsOf({ net: "fitnetMnist", activation: "relu" }, tensors),
  });
  const { model } = await openModel(folder.path, { activation: "tanh" });
  assertEquals(model.activation, "tanh");
});

Deno.test("openModel() says which option weights without metadata need", async () => {
  await using folder = await folderOf({ "bare.safetensors": bare });
  const path = `${folder.path}/bare.safetensors`;
  await assertRejects(
    () => openModel(path),
    TaskError,
    `${path}: net: expected the name of a net, found none; give --net fitnet1, fitnet4`,
  );
  const { model } = await openModel(path, { net: "fitnetMnist", activation: "relu" });
  assertEquals(model.classes, 10);
});

Deno.test("openModel() rejects weights of another net", async () => {
  await using folder = await folderOf({ "bare.safetensors": bare });
  const path = `${folder.path}/bare.safetensors`;
  const fault = await assertRejects(() => openModel(path, { net: "fitnetMnist" }), TaskError);
  assertEquals(
    fault.message,
    `${path}: safetensors: expected the tensors 0.w, 0.b, 1.w, 1.b, 3.w, 3.b, 4.w, 4.b, 6.w, 6.b, ` +
      "7.w, 7.b, 11.w, 11.b, found 2.w; did you mean 1.w?; they do not belong to fitnetMnist maxout with 10 classes: --net, " +
      "its own options, --activation, --dropout, --classes and --input describe another",
  );
});

Deno.test("openModel() reports a missing path, with the nearest existing one", async () => {
  await using folder = await folderOf({
    "runs/first-run/manifest.json": json({ status: "running" }),
    "notes.txt": json("no weights"),
    "broken/weights.safetensors": bare,
    "broken/manifest.json": Uint8Array.of(1),
  });
  const rejects = (name: string, says: string) =>
    assertRejects(() => openModel(folder.path + name), TaskError, folder.path + says);
  await rejects(
    "/runs/first-rum",
    "/runs/first-rum: expected a run's folder or a weights file, found nothing there; did you mean " +
      `${folder.path}/runs/first-run?`,
  );
  await rejects(
    "/runs/first-run",
    "/runs/first-run/weights.safetensors: expected a run's weights, found no such file; the run is not over",
  );
  await rejects("/notes.txt", "/notes.txt: safetensors: expected");
  await rejects("/broken", "/broken/manifest.json: expected JSON, found other text");
});
