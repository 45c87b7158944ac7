/**
 * The optimizer of a command line: options that decide it have the effect that their help says.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import { tensor } from "../../../src/tensor.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import { buildOptimizer, rateAt } from "../../../tasks/training/build_optimizer.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import { resolveSettings } from "../../../tasks/training/settings.ts";

function settings(line: string, task: "cifar" | "mnist" = "cifar") {
  const parsed = parseOptions(trainTable(task), line.split(" "));
  assert(parsed !== "help");
  return resolveSettings(task, parsed, "quick");
}

/** A weight and a bias of 1 after some steps of a gradient. */
function after(
  line: string,
  { gradient = 0, steps = 1, task = "cifar" as "cifar" | "mnist" } = {},
) {
  let params = { w: tensor([1]), b: tensor([1]) };
  const gradients = { w: tensor([gradient]), b: tensor([gradient]) };
  const optimizer = buildOptimizer(settings(line, task), 10, params);
  let state = optimizer.init(params);
  for (let i = 0; i < steps; i++) [params, state] = optimizer.step(params, gradients, state);
  return evaluate([params.w, params.b]).map(([value]) => Number(value!.toFixed(5)));
}

const DECAY = "--rate 1 --momentum 0 --weight-decay 0.25";

Deno.test("--decay-biases decides whether weight decay is for biases too", () => {
  assertEquals(after(`${DECAY} --decay-biases`), [0.75, 0.75]);
  assertEquals(after(`${DECAY} --no-decay-biases`), [0.75, 1]);
  assertEquals(after(DECAY), [0.75, 1], "the authors' solver for CIFAR has none of biases");
  const adam = "--optimizer adamw --rate 1 --weight-decay 0.25";
  assertEquals(after(`${adam} --decay-biases`), [0.75, 0.75]);
  assertEquals(after(`${adam} --no-decay-biases`), [0.75, 1]);
});

Deno.test("--bias-rate, --clip, --momentum and --nesterov change a step", () => {
  const plain = "--rate 0.1 --momentum 0 --weight-decay 0";
  assertEquals(after(plain, { gradient: 1 }), [0.9, 0.9]);
  assertEquals(after(`${plain} --bias-rate 2`, { gradient: 1 }), [0.9, 0.8]);
  // The norm of both gradients is 5; each becomes 1 / √2.
  assertEquals(after(`${plain} --clip 1`, { gradient: 5 / Math.SQRT2 }), [0.92929, 0.92929]);
  const moved = "--rate 0.1 --momentum 0.5 --weight-decay 0";
  assertEquals(after(moved, { gradient: 1, steps: 2 }), [0.75, 0.75]);
  assertEquals(after(`${moved} --nesterov`, { gradient: 1, steps: 2 }), [0.675, 0.675]);
});

/** The steps at which the rate changes, of the first 40. */
function changes(line: string, stepsPerEpoch: number): number[] {
  const run = settings(line);
  const rates = Array.from({ length: 40 }, (_, step) => rateAt(run, stepsPerEpoch, step));
  return rates.flatMap((rate, i) => i > 0 && rate !== rates[i - 1] ? [i] : []);
}

Deno.test("epochs become the nearest number of steps, and at least one", () => {
  assertEquals(changes("--epochs 12 --drop-at 1.9,2.5,9.1", 3), [6, 8, 27]);
  assertEquals(changes("--epochs 12 --drop-at 0.01", 3), [1]);
  assertEquals(changes("--epochs 10 --drop-at 2,3", 4), [8, 12]);
  assertEquals(changes("--epochs 10 --schedule step --drop-every 2.9", 3), [9, 18, 27, 36]);
});

Deno.test("rateAt() multiplies by --drop-by at each milestone", () => {
  const run = settings("--rate 0.5 --epochs 8 --drop-at 1,3 --drop-by 0.2");
  const rates = [0, 9, 10, 29, 30].map((step) => Number(rateAt(run, 10, step).toFixed(6)));
  assertEquals(rates, [0.5, 0.5, 0.1, 0.1, 0.02]);
});

Deno.test("--max-norm bounds the weights of each output after a step", () => {
  const params = { w: tensor([[3, 0.3], [4, 0.4]]) }, grads = { w: tensor([[0, 0], [0, 0]]) };
  const optimizer = buildOptimizer(
    settings(`${DECAY.replace("0.25", "0")} --max-norm 1`),
    10,
    params,
  );
  const [next] = optimizer.step(params, grads, optimizer.init(params));
  assertEquals([...evaluate([next.w])[0]!].map((v) => v.toFixed(4)), [
    "0.6000",
    "0.3000",
    "0.8000",
    "0.4000",
  ]);
});

Deno.test("--momentum-end changes the momentum by the epoch that --momentum-until names", () => {
  const line = "--rate 1 --weight-decay 0 --epochs 10 --momentum 0.5 --momentum-end 0.75";
  const params = { w: tensor([0]) }, grads = { w: tensor([-1]) };
  const optimizer = buildOptimizer(settings(`${line} --momentum-until 2`), 10, params);
  const moved = [0, 10, 20, 40].map((step) => {
    const state = { step: tensor([step], [], "i32"), velocity: { w: tensor([-1]) } };
    return evaluate([optimizer.step(params, grads, state as never)[0].w])[0]![0];
  });
  assertEquals(moved, [1.5, 1.625, 1.75, 1.75]);
});
