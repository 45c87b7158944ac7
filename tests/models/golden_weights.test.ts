/**
 * The weights of every FitNet after some steps have the bits that are recorded, in every setting that this
 * machine has; `deno task golden` records them.
 */
import { assert, assertEquals } from "@std/assert";
import { differences, type Golden, NET_NAMES, trained } from "../../dev/golden/compare.ts";
import { settingsHere } from "../../dev/golden/settings.ts";
import { STEPS } from "../../dev/golden/train_weights.ts";
import golden from "../golden/weights.json" with { type: "json" };

const RECORDED = golden as Golden;

/** Few steps of each net; `GOODINIT_TESTS=all` for all that are recorded. */
const steps = Deno.env.get("GOODINIT_TESTS") === "all" ? STEPS : STEPS.slice(0, 1);

const { here, skipped } = await settingsHere();
for (const why of skipped) console.log(`golden weights: left out: ${why}`);

for (const { name, ways } of here) {
  const nets = RECORDED[name];
  Deno.test({
    name: nets ? `golden weights: ${name}` : `golden weights of ${name} are not recorded`,
    ignore: nets === undefined,
    fn: async () => {
      const faults: string[] = [];
      for (const net of NET_NAMES) {
        for (const way of ways) {
          const found = await trained(way, net, steps);
          faults.push(...differences(`${name}, ${way.name}, ${net}`, nets![net], found));
        }
      }
      assertEquals(faults, []);
    },
  });
}

Deno.test("golden weights of the settings that every machine has are recorded", () => {
  for (const name of ["cpu, baseline", "cpu, baseline, no Winograd"]) {
    assertEquals(Object.keys(RECORDED[name] ?? {}), [...NET_NAMES]);
  }
});

Deno.test("Winograd and fused multiply-add change bits, so that their settings test code of their own", () => {
  const hashes = (name: string) => NET_NAMES.map((net) => RECORDED[name]?.[net]?.["50"]?.sha256);
  const [baseline, direct] = [hashes("cpu, baseline"), hashes("cpu, baseline, no Winograd")];
  assert(baseline.some((hash, i) => hash !== direct[i]));
  const fused = hashes("cpu, fused multiply-add");
  assert(fused.every((hash, i) => hash !== baseline[i]));
});

Deno.test("differences() names net, steps and values, and says what a change of bits takes", () => {
  const weights = { sha256: "a", values: { "[0].w": 1, loss: 2 } };
  const found = { sha256: "b", values: { "[0].w": 1.5, loss: 2 } };
  assertEquals(differences("cpu, fitnet1", { 5: weights }, { 5: weights }), []);
  assertEquals(differences("cpu, fitnet1", { 5: weights }, { 5: found }), [
    "cpu, fitnet1: the weights after 5 steps have other bits: [0].w 1 → 1.5, loss 2 → 2. If the change of bits " +
    "is meant, run deno task golden and name the change in the changelog",
  ]);
  assertEquals(differences("cpu, fitnet1", undefined, { 5: found }), [
    "cpu, fitnet1: the weights after 5 steps are not recorded. Run deno task golden",
  ]);
});
