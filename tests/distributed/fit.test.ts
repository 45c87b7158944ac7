import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { noWebGpu } from "../devices.ts";
import { forEachMpi, forOneMpi, launch, type MpiName } from "./mpirun.ts";
import type { TrainOptions, TrainResult } from "./train.ts";

const PROGRAM = new URL("train.ts", import.meta.url).pathname;

/** Trains by so many processes; 1 is without a launcher's environment. */
async function train(mpi: MpiName, processes: number, options: TrainOptions): Promise<TrainResult> {
  const { code, stdout, stderr } = await launch(mpi, processes, [PROGRAM, JSON.stringify(options)]);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

/** Throws unless two trainings agree up to rounding. */
function assertAlike(found: TrainResult, expected: TrainResult, tolerance = 1e-6): void {
  const differences = found.weights.map((w, i) => Math.abs(w - expected.weights[i]!));
  assert(Math.max(...differences) < tolerance, `weights differ by ${Math.max(...differences)}`);
  assertEquals(found.epochs.length, expected.epochs.length);
  found.epochs.forEach(({ trainLoss, trainAccuracy, test }, i) => {
    const whole = expected.epochs[i]!;
    assert(Math.abs(trainLoss - whole.trainLoss) < 1e-5);
    assertEquals([trainAccuracy, test?.accuracy], [whole.trainAccuracy, whole.test?.accuracy]);
    assertEquals(test?.count, whole.test?.count);
    assert(Math.abs(test!.loss - whole.test!.loss) < 1e-5);
  });
}

for (const [device, batch] of [["cpu", 12], ["cpu", 13], ["reference", 12]] as const) {
  forEachMpi(`2 and 3 processes train as one does, on ${device}, batch ${batch}`, async (mpi) => {
    const options = { net: "plain", device, batch } as const;
    const one = await train(mpi, 1, options);
    assertEquals([one.size, one.same, one.stopped], [1, true, false]);
    for (const size of [2, 3]) {
      const several = await train(mpi, size, options);
      assertEquals([several.size, several.step, several.same], [size, one.step, true]);
      assertAlike(several, one);
    }
  });
}

for (const action of ["skip", "lower-rate"] as const) {
  forOneMpi(`2 and 3 processes ${action} at the steps at which one does`, async (mpi) => {
    const options = { net: "plain", device: "cpu", batch: 13, bad: [17, 40] } as const;
    const all = { ...options, onNonFinite: { action } };
    const one = await train(mpi, 1, all);
    assertEquals(one.skips.map(([, count]) => count), [1, 2, 3, 4], "a step for each bad image");
    for (const [size, machines] of [[3, 1], [2, 2]] as const) {
      const several = await train(mpi, size, { ...all, machines });
      assertEquals([several.skips, several.same], [one.skips, true]);
      assertEquals(
        several.epochs.map(({ skippedSteps, rateFactor }) => [skippedSteps, rateFactor]),
        one.epochs.map(({ skippedSteps, rateFactor }) => [skippedSteps, rateFactor]),
      );
      assertAlike(several, one);
    }
  });
}

forOneMpi("all processes end at the same step after too many that were skipped", async (mpi) => {
  const onNonFinite = { action: "skip", limit: 1 } as const;
  const options = { net: "plain", device: "cpu", batch: 13, bad: [17, 40], onNonFinite };
  const { code, stderr, stdout } = await launch(mpi, 2, [PROGRAM, JSON.stringify(options)]);
  assert(code !== 0);
  assertStringIncludes(
    stderr + stdout,
    "after 1 skipped step in a row: the output of [0] poisoned",
  );
});

forEachMpi("the same number of processes trains the same bits again", async (mpi) => {
  const options = { net: "normalized", device: "cpu" } as const;
  const [first, second] = [await train(mpi, 3, options), await train(mpi, 3, options)];
  assertEquals(first.same, true);
  assertEquals(second, first);
});

forEachMpi("sums that overlap with the backward pass are the same to the bit", async (mpi) => {
  // Of two processes a sum has one order; of three, the library may choose another for each kind of sum.
  const options = { net: "normalized", device: "cpu", epochs: 1 } as const;
  const after = await train(mpi, 2, options);
  const during = await train(mpi, 2, { ...options, machines: 2 });
  assertEquals(during, after);
  const [first, again] = [
    await train(mpi, 3, { ...options, machines: 3 }),
    await train(mpi, 3, { ...options, machines: 3 }),
  ];
  assertEquals([first.same, again], [true, first]);
});

forEachMpi("all processes stop at the same step where sums overlap", async (mpi) => {
  const stops = { rank: 1, step: 3 },
    options = { net: "plain", device: "cpu", machines: 2 } as const;
  const { step, stopped, same } = await train(mpi, 2, { ...options, stops });
  assertEquals({ step, stopped, same }, { step: 4, stopped: true, same: true });
});

forEachMpi("gradients are summed by way of the host on webgpu", async (mpi) => {
  const one = await train(mpi, 1, { net: "plain", device: "webgpu", epochs: 1 });
  assertAlike(await train(mpi, 2, { net: "plain", device: "webgpu", epochs: 1 }), one);
}, noWebGpu);

forEachMpi("all processes stop at the same step when one asks to", async (mpi) => {
  const stops = { rank: 1, step: 3 };
  const { step, stopped, same } = await train(mpi, 2, { net: "plain", device: "cpu", stops });
  assertEquals({ step, stopped, same }, { step: 4, stopped: true, same: true });
});

forEachMpi(
  "a process that is killed ends the job; others resume from its checkpoints",
  async (mpi) => {
    const folder = await Deno.makeTempDir(), options = { net: "plain", device: "cpu" } as const;
    try {
      const fails = { rank: 1, step: 7 };
      const killed = await launch(mpi, 2, [PROGRAM, JSON.stringify({ ...options, folder, fails })]);
      assert(killed.code !== 0);
      assert(!killed.stdout.includes("weights"));
      const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
      assert(files.length > 0, "no checkpoint was written");
      const whole = await train(mpi, 1, options);
      for (const size of [3, 1]) {
        const resumed = await train(mpi, size, { ...options, folder });
        assertEquals([resumed.size, resumed.step, resumed.same], [size, whole.step, true]);
        // The first epoch of the last of these may lie before the checkpoint.
        assertAlike({ ...resumed, epochs: [] }, { ...whole, epochs: [] });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

forEachMpi("a batch with fewer examples than processes is refused", async (mpi) => {
  const options = { net: "plain", device: "cpu", batch: 2 };
  const { code, stderr, stdout } = await launch(mpi, 3, [PROGRAM, JSON.stringify(options)]);
  assert(code !== 0);
  assertStringIncludes(
    stderr + stdout,
    "fit: expected a batch of at least one example for each of 3 processes, found 2",
  );
});
