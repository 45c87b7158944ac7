/**
 * The registries of models and optimizers: what is known of each, and that they are made by it.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Activation, countParameters, type ModelRecord } from "../../src/models/mod.ts";
import {
  createModel,
  MODEL_NAMES,
  MODEL_RECORDS,
  MODELS,
  OWN_OPTIONS,
  ownOptions,
} from "../../src/models/registry.ts";
import {
  createOptimizer,
  OPTIMIZER_NAMES,
  OPTIMIZER_RECORDS,
  optimizerOptions,
  ownedOptions,
} from "../../src/optim/optimizers.ts";
import { key } from "../../src/random.ts";
import { placeholder, tensor } from "../../src/tensor.ts";

Deno.test("createModel() builds each model at the sizes of its record, with its own options", () => {
  const count = (name: (typeof MODEL_NAMES)[number], own = {}) => {
    const { height, width, channels } = MODEL_RECORDS[name].images;
    const images = placeholder({ shape: [1, height, width, channels], dtype: "f32" });
    return countParameters(createModel(name, own).init(key(0), images));
  };
  for (const name of MODEL_NAMES) assert(count(name) > 0, name);
  assertEquals(count("fitnet4", { activation: "maxout", blocks: "5-5-5" }), 2_331_574);
  assertEquals(count("fitnet1", { activation: "relu", blocks: "5-5-5" }), 128_102);
  assertEquals(Object.keys(MODELS), [...MODEL_NAMES]);
});

Deno.test("ownOptions() names the options that a model has for itself", () => {
  assertEquals(ownOptions("fitnet4").map(([name]) => name), ["blocks", "batchnorm", "shrink"]);
  assertEquals(ownOptions("fitnetMnist"), []);
  for (const name of MODEL_NAMES) {
    for (const [, option] of ownOptions(name)) {
      assert(
        "from" in option ? option.default >= option.from : option.choices.includes(option.default),
      );
    }
  }
});

Deno.test("OWN_OPTIONS lists an option once, with every model that has it and all its values", () => {
  const names = OWN_OPTIONS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  const { models, choices } = OWN_OPTIONS.find(({ name }) => name === "blocks")!;
  assertEquals(models.map(([net]) => net), ["fitnet4"]);
  assertEquals(choices, ["5-6-6", "5-5-5"]);
});

Deno.test("a record's activation is the model's own", () => {
  for (const name of MODEL_NAMES) {
    const { activation }: ModelRecord = MODEL_RECORDS[name];
    const kinds = (options: { readonly activation?: Activation }) =>
      createModel(name, options).layers.map(({ kind }) => kind);
    if (activation) assertEquals(kinds({}), kinds({ activation }), name);
  }
});

Deno.test("a record's dropout rate is the model's own", () => {
  for (const name of MODEL_NAMES) {
    const rates = (options: { readonly dropout?: number }) =>
      createModel(name, options).layers.filter(({ kind }) => kind === "dropout").length;
    assertEquals(rates({}), rates({ dropout: MODEL_RECORDS[name].dropout }), name);
  }
});

Deno.test("createOptimizer() creates each optimizer, with its own options", () => {
  const params = { w: tensor([1, 2]) };
  for (const name of OPTIMIZER_NAMES) {
    const { learningRate } = OPTIMIZER_RECORDS[name];
    const optimizer = createOptimizer(name, { learningRate });
    const [next] = optimizer.step(params, params, optimizer.init(params));
    assertEquals(next.w.shape, [2], name);
  }
  assertThrows(() => createOptimizer("sgd", { learningRate: 1, momentum: 2 }), RangeError);
  createOptimizer("adam", { learningRate: 1, momentum: 2 });
});

Deno.test("optimizerOptions() names the options that an optimizer has for itself", () => {
  assertEquals(optimizerOptions("sgd").map(([name]) => name), ["momentum", "nesterov"]);
  assertEquals(optimizerOptions("lion").map(([name]) => name), ["beta1", "beta2"]);
  assertEquals(optimizerOptions("adagrad"), []);
});

Deno.test("ownedOptions() has each option once, with the optimizers that have it", () => {
  const owned = ownedOptions().map(({ name, owners }) => [name, owners.map(([o]) => o)]);
  assertEquals(owned.map(([name]) => name), ["momentum", "nesterov", "decay", "beta1", "beta2"]);
  assertEquals(owned[0], ["momentum", ["sgd", "lars"]]);
});
