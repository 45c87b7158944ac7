/**
 * Checkpoints of earlier days, which users have: they are read, and resumed to the same bits.
 */
import { assertEquals } from "@std/assert";
import { open } from "../../../src/runtime/mod.ts";
import { folderOf } from "../../data/fixtures.ts";
import { resumeIn, setting, trainTo } from "./interrupted.ts";

for (const batches of ["host", "device"] as const) {
  Deno.test(`fit() resumes a checkpoint of 0.1.0 with batches of the ${batches}`, async () => {
    const options = { ...setting(), resident: batches === "device" };
    await using run = await open({ device: "reference" });
    const whole = await trainTo(run, options);
    const file = new URL(
      `../../golden/checkpoints/${batches}_batches.safetensors`,
      import.meta.url,
    );
    await using at = await folderOf({ "step-000000006.safetensors": await Deno.readFile(file) });
    const resumed = await resumeIn(run, at.path, options, { everySteps: Infinity });
    assertEquals(resumed, { ...whole, checkpoints: [12] });
  });
}
