/**
 * Training steps of this library, reading each loss; or the kernels of a convolution.
 *
 *     deno run -P=bench bench/peers/goodinit.ts '{"net":"fitnet1","batch":128,"seconds":3}' '{"device":"cpu"}'
 *     deno run -P=bench bench/peers/goodinit.ts '{"convolution":"32×16×80×160","seconds":3}' '{"device":"cpu"}'
 *
 * @module
 */
import { open } from "../../src/runtime/mod.ts";
import type { OpenOptions } from "../../src/device/open.ts";
import { profileTable } from "../../tasks/run/mod.ts";
import { significant } from "../measure.ts";
import { stepper, trainingOf } from "../step.ts";
import { convolutionRows, countFlops } from "../suites/convolution.ts";
import { given, report, type Work } from "./work.ts";
import type { Tuple } from "../../src/tuple.ts";

const options: OpenOptions = JSON.parse(Deno.args[1]!);

async function training(work: Work): Promise<void> {
  await using run = await open(options);
  const step = stepper(run, trainingOf(work.net, work.batch));
  await report("goodinit", run.description, work, async (read) => {
    const loss = await step();
    return read ? (await run.read(loss))[0]! : NaN;
  });
}

/** Steps that are profiled, after those that warm up. */
const PROFILED = 3, WARMING = 2;

/** Prints the kernels of some steps as a table, in a line of JSON. */
async function profile({ net, batch }: Work): Promise<void> {
  await using run = await open({ ...options, profile: true });
  const most = await run.peak(), step = stepper(run, trainingOf(net, batch));
  for (let i = 0; i < WARMING; i++) await run.read(await step());
  await run.profile();
  for (let i = 0; i < PROFILED; i++) await run.read(await step());
  const table = profileTable(await run.profile(), most);
  console.log(JSON.stringify({ task: `${net}-${batch}`, table }));
}

async function convolution(name: string, seconds: number): Promise<void> {
  await using run = await open({ ...options, profile: true });
  const [batch, side, channels, outputs] = name.split("×").map(Number) as Tuple<number, 4>;
  const size = { batch, side, channels, outputs }, most = { gflops: NaN, gbps: NaN };
  const gflops: Record<string, number> = {};
  for await (
    const row of convolutionRows({ run, budget: 1000 * seconds / 3, most }, size, "convolution")
  ) {
    const [, ...direction] = row.name.split(" ");
    gflops[direction.join(" ")] = significant(countFlops(size) / row.callMs! / 1e6);
  }
  console.log(
    JSON.stringify({ library: "goodinit", device: run.description, task: name, gflops }),
  );
}

const work = given() as Work | { readonly convolution: string; readonly seconds: number };
if ("convolution" in work) await convolution(work.convolution, work.seconds);
else if (work.profile) await profile(work);
else await training(work);
