/**
 * The rows of docs/systems.md leave nothing out.
 */
import { assertEquals } from "@std/assert";
import { SYSTEMS } from "../../dev/systems/rows.ts";
import { renderSystems } from "../../dev/systems/render.ts";
import { MODEL_NAMES } from "../../src/models/registry.ts";

Deno.test("every model of the paper's tables has a row, and so has every golden file", async () => {
  const models = new Set(SYSTEMS.map(({ model }) => model));
  assertEquals(MODEL_NAMES.filter((name) => !models.has(name)), ["branching"]);
  const named = new Set(SYSTEMS.flatMap(({ golden = [] }) => golden));
  const files = await Array.fromAsync(
    Deno.readDir(new URL("../golden/systems", import.meta.url)),
    ({ name }) => name,
  );
  const golden = files.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));
  assertEquals(golden.filter((name) => !named.has(name)), []);
});

Deno.test("renderSystems() has a line for each system, with counts and outcomes", () => {
  const outcome = { batch: 16, units: 40, converged: 39, trials: 2 };
  const range = { before: [0.5, 2], after: [0.93, 1.2] } as const;
  const text = renderSystems(SYSTEMS, { fitnet4: { ...outcome, ...range } });
  assertEquals(text.split("\n").filter((line) => line.startsWith("| ")).length, SYSTEMS.length + 2);
  const line = text.split("\n").find((line) => line.startsWith("| FitNet-4, LSUV"))!;
  assertEquals(/\| 2,742,102 +\|/.test(line), true);
  assertEquals(line.includes("39 of 40 units, 2 trials, 0.5–2 → 0.93–1.2"), true);
});
