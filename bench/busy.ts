/**
 * The cost of other load on the machine: training steps on one thread and on all, in turns, while busy
 * processes run beside them.
 *
 *     deno run -P=bench bench/busy.ts [BUSY PROCESSES…]
 *
 * @module
 */
import { fitnet1 } from "../src/models/mod.ts";
import { dense, type Layer, relu, sequential } from "../src/nn/mod.ts";
import { open } from "../src/runtime/mod.ts";
import type { Params } from "../src/tensor.ts";
import { median } from "./measure.ts";
import { createTraining, stepper } from "./step.ts";

type Net = Layer<readonly Params[]>;
const perceptron = (layers: number, width: number) =>
  sequential(
    ...Array.from({ length: layers }, (): Layer[] => [dense(width), relu]).flat(),
    dense(10),
  ) as Net;

/** Nets, the shape of their batches, steps per measurement, and measurements. */
const NETS: readonly (readonly [string, Net, readonly number[], number, number])[] = [
  ["100 layers of 32, batch 32", perceptron(100, 32), [32, 784], 5, 40],
  ["2 layers of 100, batch 32", perceptron(2, 100), [32, 784], 50, 40],
  ["2 layers of 1000, batch 128", perceptron(2, 1000), [128, 784], 1, 40],
  ["FitNet-1, batch 32", fitnet1(), [32, 32, 32, 3], 1, 30],
];

const command = new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] });
const counts = Deno.args.length > 0 ? Deno.args.map(Number) : [0, 1, 2, 4];
const threads = navigator.hardwareConcurrency;
console.log(`ms a step on 1 and ${threads} threads: mean, median; ratio of the means`);
for (const count of counts) {
  const busy = Array.from({ length: count }, () => command.spawn());
  console.log(`beside ${count} busy process${count === 1 ? "" : "es"}`);
  for (const [name, net, shape, together, rounds] of NETS) {
    const training = createTraining(net, { shape, dtype: "f32" });
    const ways = await Promise.all([1, threads].map((threads) => open({ device: "cpu", threads })));
    const steps = ways.map((run) => {
      const step = stepper(run, training);
      return async () => {
        const from = performance.now();
        for (let i = 0; i < together; i++) await run.read(await step());
        return (performance.now() - from) / together;
      };
    });
    const taken: [number[], number[]] = [[], []];
    for (const step of steps) for (let i = 0; i < 3; i++) await step();
    for (let round = 0; round < rounds; round++) {
      for (const i of round % 2 ? [0, 1] as const : [1, 0] as const) {
        taken[i].push(await steps[i]!());
      }
    }
    for (const run of ways) await run[Symbol.asyncDispose]();
    const mean = taken.map((ms) => ms.reduce((a, b) => a + b, 0) / ms.length);
    const cells = taken.map((ms, i) => `${mean[i]!.toFixed(2)}, ${median(ms).toFixed(2)}`);
    const ratio = (mean[1]! / mean[0]!).toFixed(2);
    console.log(`  ${name.padEnd(29)} ${cells.map((c) => c.padEnd(18)).join("")} ${ratio}`);
  }
  for (const process of busy) process.kill("SIGKILL");
  await Promise.all(busy.map((process) => process.status));
}
