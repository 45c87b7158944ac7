/**
 * The memory of a training task: its line, its manifest, and the line in which a run that does not fit ends.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { MemoryError } from "../../../src/device/memory_error.ts";
import { memoryLimit, parseBytes } from "../../../tasks/cli/memory_limit.ts";
import { TaskError } from "../../../tasks/cli/command.ts";
import type { RunEvent } from "../../../tasks/run/events.ts";
import { readWholeManifest } from "../../../tasks/run/read_manifest.ts";
import { inOptions, memoryLine, memoryWarning } from "../../../tasks/training/memory.ts";
import { runTraining } from "../../../tasks/training/run_training.ts";
import { TrainingMemoryError } from "../../../src/train/mod.ts";
import { folderOf } from "../../data/fixtures.ts";
import { noWebGpu } from "../../devices.ts";
import { specOf } from "./spec.ts";

const LINE = "--procedural --net fitnetMnist --activation relu --threads 1 --subset 64 " +
  "--test-subset 8 --epochs 1 --batch";

/** Runs work with `GOODINIT_MEMORY`. */
async function within<T>(memory: string, work: () => Promise<T>): Promise<T> {
  Deno.env.set("GOODINIT_MEMORY", memory);
  try {
    return await work();
  } finally {
    Deno.env.delete("GOODINIT_MEMORY");
  }
}

Deno.test("a run tells what it needs before its first step, and writes it to its manifest", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/run`, events: RunEvent[] = [];
  await runTraining(await specOf(path, `${LINE} 16 --device cpu`), (event) => {
    events.push(event);
  });
  const at = events.findIndex(({ kind }) => kind === "memory"), event = events[at]!;
  assert(event.kind === "memory");
  assert(at < events.findIndex(({ kind }) => kind === "step" || kind === "epoch"));
  const { total, device, activations, state } = event.memory;
  assert(total >= device && device > activations + state && state > 4 * 3 * 11_258);
  assertEquals((await readWholeManifest(path))?.memory, event.memory);
});

for (const device of ["cpu", "reference", "webgpu"]) {
  Deno.test({
    name: `a run that does not fit ends in one line that names a batch that does (${device})`,
    ignore: device === "webgpu" && noWebGpu !== undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using folder = await folderOf({});
      const line = `${LINE} 64 --device ${device}`, path = `${folder.path}/run`;
      const start = async (more: string) => {
        const spec = await specOf(path, `${line} ${more}`);
        return await within("6M", () => runTraining(spec, () => {}));
      };
      const { message } = await assertRejects(() => start("--init orthonormal"), MemoryError);
      assertMatch(message, /^--batch: expected to need at most the .* available, found .* MiB \(/);
      const [, batch] = /; use --batch (\d+) or less$|; use --batch (\d+) or less, or --accumulate/
        .exec(message)!;
      assert(Number(batch) >= 1 && Number(batch) < 64, message);
      const { status, fault } = JSON.parse(await Deno.readTextFile(`${path}/manifest.json`));
      assertEquals([status, `${fault}`], ["failed", `MemoryError: ${message}`]);
    },
  });
}

Deno.test("an initialization that does not fit names LSUV's batch", async () => {
  await using folder = await folderOf({});
  const spec = await specOf(`${folder.path}/run`, `${LINE} 64 --device cpu --init lsuv`);
  const error = await assertRejects(
    () => within("1M", () => runTraining(spec, () => {})),
    MemoryError,
  );
  assertStringIncludes(error.message, "use a smaller --lsuv-batch or --batch");
});

Deno.test("the memory of a run in words", () => {
  const memory = { total: 9e9, device: 8e9, activations: 7e9, state: 3e7, dataset: 5e7 };
  assertEquals(
    memoryLine(memory),
    "memory: about 8.4 GiB (activations 6.5 GiB, weights and state 29 MiB; images 48 MiB besides)",
  );
  assertStringIncludes(memoryLine({ ...memory, available: 2e10 }), "8.4 GiB, of 19 GiB available");
  assertEquals([memoryWarning(memory), memoryWarning({ ...memory, available: 2e10 })], [
    undefined,
    undefined,
  ]);
  assertMatch(
    memoryWarning({ ...memory, available: 1e10 })!,
    /^memory: .* found 8\.38 GiB; .*--batch/,
  );
  const { message } = inOptions(
    new TrainingMemoryError("fit: expected 1, found 2", { batch: 8, accumulate: 4 }),
  ) as Error;
  assertEquals(message, "--batch: expected 1, found 2; use --batch 8 or less, or --accumulate 4");
  const other = new Error("other");
  assertEquals(inOptions(other), other);
});

Deno.test("GOODINIT_MEMORY is a size, or any", async () => {
  assertEquals(["4G", "1.5GiB", "512", "3kb", "0", "-1G", "G", ""].map(parseBytes), [
    ...[2 ** 32, 1.5 * 2 ** 30, 2 ** 29, 3072],
    ...[undefined, undefined, undefined, undefined],
  ]);
  assertEquals(memoryLimit(), undefined);
  assertEquals(await within("any", () => Promise.resolve(memoryLimit())), Infinity);
  await assertRejects(
    () => within("lots", async () => void await memoryLimit()),
    TaskError,
    "lots",
  );
});
