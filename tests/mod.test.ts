/**
 * The root of the package: namespaces, and the names that every program uses.
 */
import { assert, assertEquals } from "@std/assert";
import * as g from "../mod.ts";

const NAMESPACES = ["data", "init", "models", "nn", "ops", "optim", "random", "train", "tree"];

Deno.test("the root exports the namespaces and what every program uses, and nothing else", () => {
  const isNamespace = (name: string) =>
    Object.prototype.toString.call(g[name as keyof typeof g]) === "[object Module]";
  const names = Object.keys(g);
  assertEquals(names.filter(isNamespace).sort(), NAMESPACES);
  assertEquals(
    names.filter((name) => !isNamespace(name)).sort(),
    [
      "DeviceError",
      "MemoryError",
      "Tensor",
      "distributed",
      "fit",
      "grad",
      "key",
      "lsuv",
      "normal",
      "open",
      "placeholder",
      "sequential",
      "split",
      "summary",
      "tensor",
      "uniform",
      "valueAndGrad",
    ],
  );
});

Deno.test("an export at the root is the same object as in its namespace", () => {
  assert(g.sequential === g.nn.sequential && g.lsuv === g.init.lsuv && g.fit === g.train.fit);
  for (const name of ["key", "normal", "split", "uniform"] as const) {
    assert(g[name] === g.random[name], name);
  }
});
