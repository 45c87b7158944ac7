/**
 * A system's net: built, counted, and named.
 *
 * @module
 */
import type { Layer } from "../../src/nn/mod.ts";
import { createModel, MODEL_RECORDS } from "../../src/models/registry.ts";
import type { ModelRecord } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Tensor } from "../../src/tensor.ts";
import { entries } from "../../src/tree.ts";
import type { SystemNet } from "./rows.ts";

/** The net of a system, with its original's activation unless its options name another. */
export function createNet({ model, options }: SystemNet): Layer {
  const { activation = "maxout" }: ModelRecord = MODEL_RECORDS[model];
  return createModel(model, { activation, dropout: 0, ...options }) as Layer;
}

/** Its trained parameters; running statistics are not counted. */
export function countTrained(system: SystemNet): number {
  const made = createNet(system).init(key(0), { shape: [1, ...system.input], dtype: "f32" });
  return entries<Tensor>(made)
    .filter(([path]) => !/\.(mean|variance)$/.test(path))
    .reduce((sum, [, { size }]) => sum + size, 0);
}

/** The call that builds it: `allCnn({ family: "A" })`. */
export function callOf({ model, options = {} }: SystemNet): string {
  const own = Object.entries(options).filter(([name]) => name !== "activation");
  const given = own.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
  return given === "" ? model : `${model}({ ${given} })`;
}
