/**
 * The models to compare with: Torch's digit classifier, and a net that branches.
 */
import { assert, assertEquals } from "@std/assert";
import { orthonormal } from "../../src/init/mod.ts";
import { branching, countParameters, torchMnist } from "../../src/models/mod.ts";
import type { Weights } from "../../src/nn/mod.ts";
import { key, normal } from "../../src/random.ts";
import { open } from "../../src/runtime/mod.ts";
import { placeholder } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";
import { netSteps } from "../../tasks/export/steps.ts";
import { assertClose } from "../devices.ts";
import { initialized, measured } from "../init/nets.ts";
import { parseModel } from "../../tasks/models/parse_model.ts";

const images = (size: number, channels: number): Spec => ({
  shape: [2, size, size, channels],
  dtype: "f32",
});

Deno.test("torchMnist() has the layers, sizes and parameters of the original", () => {
  const net = torchMnist(), x = images(32, 1), params = net.init(key(0), x);
  assertEquals(countParameters(params), 105_506);
  assertEquals(net.layers.map(({ kind }) => kind), [
    "conv",
    "relu",
    "maxPool",
    "conv",
    "relu",
    "maxPool",
    "flatten",
    "dense",
    "relu",
    "dense",
  ]);
  const shapes: string[] = [];
  let y = placeholder(x);
  net.layers.forEach((layer, i) => {
    y = placeholder(layer(params[i]!, y));
    if (layer.kind !== "relu") shapes.push(y.shape.slice(1).join("×"));
  });
  assertEquals(shapes, ["28×28×32", "9×9×32", "5×5×64", "2×2×64", "256", "200", "10"]);
  assertEquals(countParameters(net.init(key(0), images(28, 1))), 105_506);
});

Deno.test("torchMnist() draws biases evenly within one over the root of the fan-in", async () => {
  await using run = await open({ device: "reference" });
  const net = torchMnist(), params = net.init(key(0), images(32, 1));
  const { w, b } = params[3] as Weights;
  assertEquals(w.shape, [5, 5, 32, 64]);
  const found = [...await run.read(b)], limit = 1 / Math.sqrt(5 * 5 * 32);
  assert(found.every((bias) => Math.abs(bias) <= limit));
  assert(Math.max(...found) > 0.8 * limit && Math.min(...found) < -0.8 * limit);
});

for (const activation of ["maxout", "relu"] as const) {
  Deno.test(`lsuv() brings every layer of branching ${activation} to unit variance`, async () => {
    await using run = await open({ device: "cpu", threads: 1 });
    const net = branching({ activation, init: orthonormal() }), x = normal(key(1), [4, 16, 16, 3]);
    const params = run.jit((k: ReturnType<typeof key>) => net.init(k, x))(key(0));
    const [scaled, rows] = await initialized(run, net.layers, params, x);
    assertEquals(rows.length, activation === "maxout" ? 15 : 8);
    assert(rows.every(({ converged }) => converged));
    assertClose(await measured(run, net.layers, scaled, x), rows.map(({ after }) => after), {
      relative: 1e-4,
    });
  });
}

Deno.test("branching() drops before the classifier where a rate is given", () => {
  const kinds = branching({ dropout: 0.5 }).layers.map(({ kind }) => kind);
  assertEquals(kinds.slice(-3), ["globalMaxPool", "dropout", "dense"]);
});

Deno.test("netSteps() has one step for branches side by side, with normalization or without", () => {
  const namesOf = (batchnorm: "yes" | "no") =>
    netSteps(parseModel({ net: "branching", batchnorm })).map(({ name }) => name);
  assertEquals(namesOf("no").slice(0, 6), [
    "conv1",
    "maxout1",
    "pool1",
    "concat1",
    "pool2",
    "concat2",
  ]);
  assertEquals(namesOf("yes").slice(0, 5), ["conv1", "batchnorm1", "maxout1", "pool1", "concat1"]);
});
