import { assertEquals } from "@std/assert";
import { DEVICES } from "../../../src/device/open.ts";
import { choosePreset, presetDefault, presetValues } from "../../../tasks/training/presets.ts";

const gpu = (there: boolean) => () => Promise.resolve(there);

Deno.test("choosePreset() takes the paper's on a hardware GPU, the quick one elsewhere", async () => {
  const chosen = async (there: boolean) =>
    await Promise.all(DEVICES.map(async (device) => {
      const { preset, why } = await choosePreset({ device }, gpu(there));
      return `${device}: ${preset}, ${why}`;
    }));
  assertEquals(await chosen(true), [
    "auto: paper, a hardware GPU",
    "webgpu: paper, a hardware GPU",
    "cpu: quick, on cpu",
    "reference: quick, on reference",
  ]);
  assertEquals(await chosen(false), [
    "auto: quick, no hardware GPU: cpu",
    "webgpu: quick, no hardware GPU: webgpu",
    "cpu: quick, on cpu",
    "reference: quick, on reference",
  ]);
});

Deno.test("choosePreset() takes the one that is asked for, and looks for no GPU then", async () => {
  const never = () => Promise.reject(new Error("asked"));
  for (const preset of ["paper", "quick"] as const) {
    const chosen = await choosePreset({ preset, device: "auto" }, never);
    assertEquals(chosen, { preset, why: "as asked for" });
  }
});

Deno.test("presetDefault() says what an option is by each preset", () => {
  assertEquals(
    presetDefault("cifar", "epochs"),
    "230 with --preset paper, 5 (10 on procedural images) with quick",
  );
  assertEquals(presetDefault("cifar", "net"), "fitnet4 with --preset paper, fitnet1 with quick");
  assertEquals(presetDefault("mnist", "net"), "fitnetMnist");
  assertEquals(presetDefault("mnist", "lsuv-dropout"), "on with --preset paper, off with quick");
});

Deno.test("presetValues() distinguishes procedural images from real ones", () => {
  assertEquals(presetValues("mnist", "quick", "mnist").epochs, 3);
  assertEquals(presetValues("mnist", "quick", "procedural").epochs, 10);
  assertEquals(presetValues("cifar", "paper", "procedural").epochs, 230);
});
