/**
 * `deno task bench` from its command line to its file.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bench } from "../../bench/main.ts";
import type { Result } from "../../bench/result.ts";
import { findConvolutions, fitnetSizes } from "../../bench/suites/fitnet_convolutions.ts";
import { fitnet1 } from "../../src/models/mod.ts";
import { captured } from "../tasks/captured.ts";

async function measured(...args: string[]) {
  const folder = await Deno.makeTempDir(), path = `${folder}/new/figures.json`;
  const { code, out, err } = await captured(() => bench([...args, "--out", path]));
  assertEquals([code, err], [0, ""], out);
  const result: Result = JSON.parse(await Deno.readTextFile(path));
  await Deno.remove(folder, { recursive: true });
  return { result, out };
}

Deno.test("bench measures matrix products, compares them with the peak, and writes both", async () => {
  const { result, out } = await measured("--device", "cpu", "--quick", "--only", "matmul");
  const { date, deno, machine, device, ceilings, rows, command } = result;
  assert(/^\d{4}-\d\d-\d\d$/.test(date) && machine.includes("×"), `${date} ${machine}`);
  assertEquals([deno, device.name], [Deno.version.deno, "cpu"]);
  assertStringIncludes(command, "deno task bench --device cpu --quick --only matmul");
  assert(ceilings.gflops > 0.1 && ceilings.gbps > 0.01, JSON.stringify(ceilings));
  assertEquals(rows.map(({ name }) => name), ["256×256×256", "512×512×512"]);
  for (const { suite, ms, callMs, gflops, ofPeak, error } of rows) {
    assertEquals(suite, "matmul");
    assert(ms.low <= ms.median && ms.median <= ms.high && ms.runs >= 3, JSON.stringify(ms));
    assert(callMs! > 0 && Math.abs(ofPeak! / (gflops! / ceilings.gflops) - 1) < 1e-3);
    assert(error! > 0 && error! < 1e-5, `${error}`);
  }
  for (const text of ["GFLOP/s in multiply-adds", "of peak", "512×512×512", "figures.json"]) {
    assertStringIncludes(out, text);
  }
});

Deno.test("bench measures a training step, its losses and memory, and its kernels", async () => {
  const { result: { rows: [row, ...others] }, out } = await measured(
    ...["--device", "cpu", "--quick", "--only", "steps", "--profile", "--seconds", "0.01"],
  );
  assertEquals([row!.name, others], ["fitnetMnist, batch 16", []]);
  assert(row!.imagesPerSecond! > 0 && row!.gflops! > 0 && row!.bytes! > 2 ** 20);
  assert(row!.losses!.length === 4 && row!.losses![2]! < row!.losses![0]!, `${row!.losses}`);
  assert(row!.error! < 1e-5, `${row!.error}`);
  assertStringIncludes(out, "outside kernels:");
});

Deno.test("bench measures the three directions of a convolution and memory bandwidth", async () => {
  const { result: { rows } } = await measured(
    ...["--device", "cpu", "--quick", "--only", "elementwise,convolution", "--seconds", "0.01"],
  );
  assertEquals(rows.slice(0, 3).map(({ name }) => name), [
    "8×6×6×16→24 forward",
    "8×6×6×16→24 input gradient",
    "8×6×6×16→24 weight gradient",
  ]);
  assert(rows.every(({ error }) => error! < 1e-5), JSON.stringify(rows));
  assert(rows.filter(({ suite }) => suite === "elementwise").every(({ gbps }) => gbps! > 0));
});

Deno.test("bench measures LSUV in forward passes", async () => {
  const { result: { rows } } = await measured(
    ...["--device", "cpu", "--quick", "--only", "lsuv", "--seconds", "0.01"],
  );
  assertEquals(rows.map(({ name }) => name), ["fitnetMnist maxout, batch 8"]);
  assert(rows[0]!.forwardPasses! > 0.1, `${rows[0]!.forwardPasses}`);
});

Deno.test("findConvolutions() are a net's sizes, each once", () => {
  const sizes = findConvolutions(fitnet1(), { shape: [4, 32, 32, 3], dtype: "f32" });
  assertEquals(
    sizes.map(({ batch, side, channels, outputs }) => [batch, side, channels, outputs]),
    [
      [4, 32, 3, 32],
      [4, 32, 16, 32],
      [4, 16, 16, 64],
      [4, 16, 32, 64],
      [4, 8, 32, 96],
      [4, 8, 48, 96],
      [4, 8, 48, 128],
    ],
  );
  assertEquals(fitnetSizes(false).length, 20);
});

Deno.test("bench says what is wrong with its command line", async () => {
  const { code, err } = await captured(() => bench(["--only", "matmul,convolutions"]));
  assertEquals(code, 2);
  assertStringIncludes(err, "bench: --only: expected some of matmul, convolution, ");
  assertStringIncludes(err, "found convolutions; did you mean convolution?");
});
