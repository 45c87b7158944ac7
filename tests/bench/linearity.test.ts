/**
 * Memory grows at most as batch and depth do; and the program that measures it.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chain, imagesOf } from "../../bench/linearity/chain.ts";
import { linearityFigure } from "../../bench/linearity/figure.ts";
import { fitLine } from "../../bench/linearity/line.ts";
import { linearity } from "../../bench/linearity/main.ts";
import { findLargest } from "../../bench/linearity/points.ts";
import { createTraining, stepper } from "../../bench/step.ts";
import { open } from "../../src/runtime/mod.ts";
import { forEachDevice } from "../devices.ts";
import { captured } from "../tasks/captured.ts";

/** What a device has allocated after two steps. */
async function bytesOf(device: "cpu" | "webgpu", depth: number, batch: number): Promise<number> {
  await using run = await open({ device });
  const step = stepper(run, createTraining(chain(depth, 8), imagesOf(batch, 32)));
  for (let i = 0; i < 2; i++) await run.read(await step());
  return run.memory().bytes;
}

/** Devices take memory in larger pieces than they need. */
const SLACK = 1.3;

forEachDevice("memory grows at most as depth does, and as the batch does", async ({ device }) => {
  const sizes = [10, 20, 40],
    by = async (at: (size: number) => Promise<number>) => {
      const bytes: number[] = [];
      for (const size of sizes) bytes.push(await at(size));
      for (let i = 1; i < bytes.length; i++) {
        assert(bytes[i]! > bytes[i - 1]!, `${bytes}`);
        assert(bytes[i]! <= SLACK * 2 * bytes[i - 1]!, `${bytes}`);
      }
    };
  await by((depth) => bytesOf(device as "cpu", depth, 16));
  await by((batch) => bytesOf(device as "cpu", 10, 2 * batch));
}, { devices: ["cpu", "webgpu"] });

Deno.test("fitLine() finds a line and its residuals", () => {
  assertEquals(fitLine([[1, 5], [2, 7], [4, 11]]), {
    slope: 2,
    intercept: 3,
    r2: 1,
    deviation: 0,
  });
  const { slope, r2, deviation } = fitLine([[0, 0], [1, 1], [2, 4]]);
  assertEquals(slope, 2);
  assertAlmostEquals(r2, 1 - (2 / 3) / (26 / 3), 1e-4);
  assertAlmostEquals(deviation, 2 / 3 / 4, 1e-4);
});

Deno.test("findLargest() finds the largest size to a quarter, and keeps the error beyond it", async () => {
  const tried: number[] = [];
  const at = (room: number) => (size: number) => {
    tried.push(size);
    return Promise.resolve(
      size <= room ? { ms: 1, bytes: 10 * size, buffers: 1 } : { full: `no room for ${size}` },
    );
  };
  const { fits, bytes, beyond } = await findLargest(64, 4096, at(700));
  assert(
    fits <= 700 && beyond!.size > 700 && beyond!.size / fits <= 1.25,
    `${fits} ${beyond?.size}`,
  );
  assertEquals([bytes, beyond!.message], [10 * fits, `no room for ${beyond!.size}`]);
  assertEquals(tried.slice(0, 4), [128, 256, 512, 1024]);
  assertEquals(await findLargest(100, 300, at(1000)), {
    fits: 300,
    bytes: 3000,
    beyond: undefined,
  });
  assertEquals((await findLargest(8, 64, at(8))).fits, 8);
});

Deno.test("linearityFigure() has time and memory along both axes", () => {
  const point = (size: number, along: "batch" | "depth") => ({
    device: "cpu",
    depth: 10,
    batch: 32,
    [along]: size,
    ms: 10 * size,
    bytes: size * 2 ** 20,
    buffers: 3,
    peakMiB: 100 + size,
  });
  const { panels } = linearityFigure("figure", {
    cpu: {
      batch: [1, 2, 4].map((size) => point(size, "batch")),
      depth: [5, 9].map((size) => point(size, "depth")),
    },
  });
  assertEquals(panels.map(({ title, lines }) => [title, lines.length]), [
    ["Time by batch", 1],
    ["Memory by batch", 2],
    ["Time by depth", 1],
    ["Memory by depth", 2],
  ]);
  assertEquals(panels[0]!.lines[0]!.points, [1, 2, 4].map((x) => ({ x, y: x / 100 })));
  assertEquals(panels[3]!.lines[1]!.points, [{ x: 5, y: 105 }, { x: 9, y: 109 }]);
});

Deno.test("bench:linearity says what is wrong with its command line", async () => {
  const { code, err } = await captured(() => linearity(["--device", "gpu"]));
  assertEquals([code, err], [
    2,
    "bench:linearity: --device: expected one of all, cpu, webgpu, found gpu; did you mean webgpu?",
  ]);
});
