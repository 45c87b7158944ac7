/**
 * Training steps of this library, reading each loss; or the kernels of a convolution.
 *
 *     deno run -A bench/peers/goodinit.ts '{"net":"fitnet1","batch":128,"seconds":3}' '{"device":"cpu"}'
 *     deno run -A bench/peers/goodinit.ts '{"convolution":"32×16×80×160","seconds":3}' '{"device":"cpu"}'
 *
 * @module
 */
import { open } from "../../src/runtime/mod.ts";
import type { OpenOptions } from "../../src/device/open.ts";
import { significant } from "../measure.ts";
import { createTraining, imagesFor, NETS, stepper } from "../step.ts";
import { convolutionRows, countFlops } from "../suites/convolution.ts";
import { given, report, type Work } from "./work.ts";
import type { Tuple } from "../../src/tuple.ts";

const options: OpenOptions = JSON.parse(Deno.args[1]!);

async function training(work: Work): Promise<void> {
  await using run = await open(options);
  const step = stepper(run, createTraining(NETS[work.net](), imagesFor(work.net, work.batch)));
  await report("goodinit", run.description, work, async () => (await run.read(await step()))[0]!);
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
else await training(work);
