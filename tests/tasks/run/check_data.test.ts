/**
 * What a resumed run is compared with: both of its data sets, and its device.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { TaskError } from "../../../tasks/cli/command.ts";
import { checkData, resumeWarnings } from "../../../tasks/run/resume.ts";

const set = (sha256: string) => ({ name: `images of ${sha256}`, sha256 });
const manifest = { data: { train: set("a"), test: set("b") } } as never;

Deno.test("checkData() compares the training images and the test images", () => {
  checkData("run", manifest, { train: set("a"), test: set("b") } as never);
  assertThrows(
    () => checkData("run", manifest, { train: set("x"), test: set("b") } as never),
    TaskError,
    "data: expected images of a of SHA-256 a, as the run in run has it, found images of x of x",
  );
  assertThrows(
    () => checkData("run", manifest, { train: set("a"), test: set("x") } as never),
    TaskError,
    "data: expected images of b of SHA-256 b, as the run in run has it, found images of x of x",
  );
});

Deno.test("resumeWarnings() names damaged files and another device, not another number of threads", () => {
  const from = (device: string) => ({ step: 7, path: "run/step-7", device, epochs: [] });
  const device = "WebAssembly SIMD, 2 threads";
  const on = (description: string) => ({ device: { description } }) as never;
  assertEquals(
    resumeWarnings({ from: from("a\u001b[31m\nb"), damaged: [] }, on("c")),
    [
      "WARNING: this run was on a?[31m b and resumes on c: the last digits of its results will differ",
    ],
  );
  assertEquals(
    resumeWarnings({ from: from(device), damaged: [] }, on("WebAssembly SIMD, 8 threads")),
    [],
  );
  const [moved, ...more] = resumeWarnings({ from: from("a GPU"), damaged: [] }, on(device));
  assertEquals([moved!.includes("a GPU"), moved!.includes(device), more], [true, true, []]);
  assertEquals(resumeWarnings({ from: from(device), damaged: ["step-9 is damaged"] }, on(device)), [
    "WARNING: step-9 is damaged; run/step-7 is used instead",
  ]);
  assertEquals(resumeWarnings({ damaged: ["step-9 is damaged"] }, on(device)), [
    "WARNING: step-9 is damaged; the run starts over",
  ]);
});
