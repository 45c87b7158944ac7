import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { prepareCifar, procedural } from "../../../src/data/mod.ts";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import { placeholder, tensor } from "../../../src/tensor.ts";
import { countParameters } from "../../../src/models/mod.ts";
import { key } from "../../../src/random.ts";
import type { PresetName, TaskName } from "../../../tasks/run/settings.ts";
import { rateDrops } from "../../../tasks/run/rate_drops.ts";
import { describeSettings } from "../../../tasks/training/describe.ts";
import { buildOptimizer } from "../../../tasks/training/build_optimizer.ts";
import { buildRunNet } from "../../../tasks/training/build.ts";
import type { TrainingSpec } from "../../../tasks/training/session.ts";
import { runImages } from "../../../tasks/training/whiten.ts";
import { resolveSettings } from "../../../tasks/training/settings.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";

function settings(task: TaskName, line = "", preset: PresetName = "quick") {
  const parsed = parseOptions(trainTable(task), line.split(" ").filter(Boolean));
  assert(parsed !== "help");
  return resolveSettings(task, parsed, preset);
}

Deno.test("resolveSettings() has the authors' CIFAR solver as default", () => {
  const { optimizer, rate, momentum, decay, weightDecay, batch, augment, decayBiases, dropAt } =
    settings("cifar", "--epochs 230");
  assertEquals([optimizer, rate, momentum, decay], ["sgd", 0.01, 0.9, undefined]);
  assertEquals([weightDecay, batch, augment, decayBiases], [5e-4, 128, true, false]);
  assertEquals(dropAt.map(Math.round), [102, 153, 204]);
});

Deno.test("resolveSettings() has the authors' MNIST solver as default", () => {
  const { net, optimizer, rate, decay, weightDecay, batch, augment, decayBiases, dropAt } =
    settings("mnist", "--epochs 10");
  assertEquals([net, optimizer, rate, decay], ["fitnetMnist", "rmsprop", 0.002, 0.99]);
  assertEquals([weightDecay, batch, augment, decayBiases], [5e-4, 64, false, true]);
  assertEquals(dropAt, [3, 6, 9]);
});

Deno.test("resolveSettings() has FitNet-4 for 230 epochs, and the authors' LSUV, by the paper's preset", () => {
  const { preset, net, blocks, epochs, batch, dropAt, lsuv, lsuvMode, lsuvDropout } = settings(
    "cifar",
    "",
    "paper",
  );
  assertEquals([preset, net, blocks, epochs, batch], ["paper", "fitnet4", "5-6-6", 230, 128]);
  assertEquals([lsuv, lsuvMode, lsuvDropout], ["paper2015", "fresh", true]);
  // The authors divided the rate after 40, 60 and 80 of 90 thousand steps.
  const steps = dropAt.map((epoch) => epoch / epochs * 90_000);
  assertEquals(steps.map((step) => Math.round(step / 100)), [400, 600, 800]);
  const mnist = settings("mnist", "", "paper");
  assertEquals([mnist.net, mnist.epochs, mnist.batch], ["fitnetMnist", 53, 64]);
  assertEquals(mnist.dropAt.map((epoch) => Math.round(epoch)), [16, 32, 48]);
});

Deno.test("resolveSettings() gives options precedence over the preset's values", () => {
  const { net, blocks, epochs, batch, lsuv, lsuvMode, lsuvDropout, dropAt } = settings(
    "cifar",
    "--net fitnet1 --epochs 9 --batch 32 --lsuv common --lsuv-mode fixed --no-lsuv-dropout",
    "paper",
  );
  assertEquals([net, blocks, epochs, batch, dropAt], ["fitnet1", undefined, 9, 32, [4, 6, 8]]);
  assertEquals([lsuv, lsuvMode, lsuvDropout], ["common", "fixed", false]);
  const he = settings("cifar", "--init he", "paper");
  assertEquals([he.lsuv, he.lsuvMode, he.lsuvDropout], [undefined, undefined, false]);
});

Deno.test("resolveSettings() has more quick epochs on the fewer procedural images", () => {
  assertEquals(settings("cifar").epochs, 5);
  const asked = settings("cifar", "--dataset procedural");
  assertEquals(settings("cifar", "--procedural"), asked);
  assertEquals([asked.dataset, asked.epochs, asked.dropAt[0]], ["procedural", 10, 4.4444]);
  const parsed = parseOptions(trainTable("cifar"), []);
  assert(parsed !== "help");
  const instead = resolveSettings("cifar", parsed, "quick", "procedural");
  assertEquals([instead.dataset, instead.epochs], ["procedural", 10]);
});

Deno.test("resolveSettings() gives each optimizer and initializer its own defaults", () => {
  assertEquals(settings("cifar", "--optimizer rmsprop").rate, 0.0005);
  assertEquals(settings("cifar", "--optimizer adam").rate, 0.001);
  assertEquals(settings("cifar", "--init gaussian").std, 0.01);
  assertEquals(settings("cifar", "--pre-init gaussian").std, 1);
  assertEquals(settings("cifar", "--batch 32").lsuvBatch, 32);
  assertEquals(settings("cifar", "--init he").lsuv, undefined);
  assertEquals(settings("cifar", "--net fitnet4").blocks, "5-6-6");
});

Deno.test("resolveSettings() leaves what plain runs do without out of their settings", () => {
  const plain = JSON.parse(JSON.stringify(settings("cifar")));
  for (
    const name of [
      "nesterov",
      "momentumEnd",
      "biasRate",
      "layerRates",
      "maxNorm",
      "schedule",
      "power",
    ]
  ) {
    assertEquals(plain[name], undefined, name);
  }
});

Deno.test("resolveSettings() completes the learning rate's course", () => {
  const at = (line: string) => {
    const { schedule, dropAt, dropBy, dropEvery, rateEnd, rateUntil, power } = settings(
      "cifar",
      `--epochs 8 ${line}`,
    );
    return { schedule, dropAt, dropBy, dropEvery, rateEnd, rateUntil, power };
  };
  const none = { dropAt: [], dropBy: 0.1, dropEvery: undefined, power: undefined };
  assertEquals(at("--schedule linear"), {
    ...none,
    schedule: "linear",
    rateEnd: 0,
    rateUntil: 8,
  });
  assertEquals(at("--schedule poly --power 2 --rate-until 6"), {
    ...none,
    schedule: "poly",
    rateEnd: undefined,
    rateUntil: 6,
    power: 2,
  });
  const step = at("--schedule step --drop-every 2.5 --drop-by 0.5");
  assertEquals([step.schedule, step.dropEvery, step.dropBy], ["step", 2.5, 0.5]);
  assertEquals(rateDrops({ ...step, epochs: 8 }), [2.5, 5, 7.5]);
  assertEquals(rateDrops({ ...step, epochs: 5 }), [2.5]);
  assertEquals(rateDrops({ dropAt: [0, 3], epochs: 5 }), [3]);
  assertEquals(rateDrops({ schedule: "linear", dropAt: [], epochs: 5 }), []);
});

Deno.test("resolveSettings() has momentum's change, factors and limits", () => {
  const { nesterov, momentum, momentumEnd, momentumUntil, biasRate, layerRates, maxNorm } =
    settings(
      "cifar",
      "--epochs 6 --nesterov --momentum 0.5 --momentum-end 0.7 --bias-rate 2 --max-norm 1.9",
    );
  assertEquals([nesterov, momentum, momentumEnd, momentumUntil], [true, 0.5, 0.7, 6]);
  assertEquals([biasRate, layerRates, maxNorm], [2, undefined, [1.9]]);
});

Deno.test("runImages() shifts training images as far as the settings say", async () => {
  const splits = prepareCifar(
    procedural({ split: "train", count: 4, size: 16 }),
    procedural({ split: "test", count: 4, size: 16 }),
  );
  const padding = async (line: string) => {
    const spec = { settings: settings("cifar", line), data: { splits } } as unknown as TrainingSpec;
    const images = await runImages(undefined as never, spec);
    return images.splits.train.augmentation?.padding;
  };
  assertEquals(await padding(""), 8);
  assertEquals(await padding("--shift 3"), 3);
  assertEquals(await padding("--net resnet20"), 4);
  assertEquals(settings("cifar", "--net resnet20 --no-augment").shift, undefined);
});

const FAULTS: readonly (readonly [TaskName, line: string, says: string])[] = [
  ["cifar", "--shift 3 --no-augment", "--shift: expected --augment beside it, found --no-augment"],
  ["cifar", "--blocks 5-5-5", "--blocks: expected --net fitnet4 beside it, found --net fitnet1"],
  ["cifar", "--init he --lsuv authors", "--lsuv: expected --init lsuv beside it, found --init he"],
  [
    "cifar",
    "--optimizer adam --momentum 0.5",
    "--momentum: expected --optimizer sgd or lars beside it",
  ],
  [
    "cifar",
    "--decay 0.5",
    "--decay: expected --optimizer rmsprop beside it, found --optimizer sgd",
  ],
  [
    "cifar",
    "--procedural --dataset cifar100",
    "--procedural: expected no other --dataset beside it, found cifar100",
  ],
  [
    "cifar",
    "--std 0.1",
    "--std: expected gaussian or uniform weights beside it, found --init lsuv",
  ],
  [
    "cifar",
    "--init he --lsuv-dropout",
    "--lsuv-dropout: expected --init lsuv beside it, found --init he",
  ],
  [
    "mnist",
    "--nesterov",
    "--nesterov: expected --optimizer sgd or lars beside it, found --optimizer rmsprop",
  ],
  [
    "cifar",
    "--momentum-until 3",
    "--momentum-until: expected --momentum-end beside it, found none",
  ],
  [
    "cifar",
    "--schedule step",
    "--schedule step: expected --drop-every beside it, found none",
  ],
  [
    "cifar",
    "--drop-every 3",
    "--drop-every: expected --schedule step or exponential beside it, found --schedule multistep",
  ],
  [
    "cifar",
    "--schedule linear --drop-at 3",
    "--drop-at: expected --schedule multistep beside it, found --schedule linear",
  ],
  [
    "cifar",
    "--schedule poly --rate-end 1",
    "--rate-end: expected --schedule linear or cosine or restarts beside it, found --schedule poly",
  ],
  [
    "cifar",
    "--schedule restarts",
    "--schedule restarts: expected --restart-every beside it, found none",
  ],
  ["cifar", "--mixup 0.2 --cutmix 1", "--cutmix: expected no --mixup beside it, found --mixup 0.2"],
  [
    "mnist",
    "--label-smoothing 0.1 --loss hinge",
    "--label-smoothing: expected --loss softmax beside it, found --loss hinge",
  ],
  [
    "cifar",
    "--batch 100 --accumulate 3",
    "--accumulate: expected a divisor of the batch size, 100, found 3",
  ],
  ["mnist", "--augment", "--augment: expected the task train:cifar or train, found train:mnist"],
];

for (const [task, line, says] of FAULTS) {
  Deno.test(`resolveSettings() rejects ${line}`, () => {
    assertThrows(() => settings(task, line), OptionError, says);
  });
}

Deno.test("buildRunNet() builds the network asked for", () => {
  const image = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
  const count = (line: string, classes: number) =>
    countParameters(buildRunNet(settings("cifar", line), classes).init(key(0), image));
  assertEquals(count("", 10), 348_694);
  assertEquals(count("--net fitnet4", 10), 2_742_102);
  assertEquals(
    count("--net fitnet4 --activation relu --blocks 5-5-5 --init xavier", 10),
    1_071_542,
  );
  assertEquals(count("--net fitnet4 --activation relu --init glorot", 100), 1_321_896);
});

Deno.test("describeSettings() names what was chosen in one line", () => {
  const line = describeSettings(settings("cifar", "--drop-at none --pre-init gaussian"));
  assertEquals(
    line,
    "cifar10 augmented | fitnet1 maxout | lsuv (common) of gaussian weights, std 1 | " +
      "sgd rate 0.01, weight decay 0.0005 | softmax loss | 5 epochs of batch 128 | seed 0",
  );
});

Deno.test("describeSettings() counts one epoch as one", () => {
  const line = describeSettings(settings("cifar", "--epochs 1 --schedule step --drop-every 1"));
  assertStringIncludes(line, " | 1 epoch of batch 128 | ");
  assertStringIncludes(line, "every 1 epoch,");
});

Deno.test("describeSettings() says how rates and momentum change, and what differs by layer", () => {
  const text = (line: string) =>
    describeSettings(settings("cifar", line)).split(" | ").find((part) => part.startsWith("sgd"));
  assertEquals(
    text("--schedule step --drop-every 1.5 --drop-by 0.5 --nesterov --bias-rate 2"),
    "sgd rate 0.01 ×0.5 every 1.5 epochs, nesterov, bias rate ×2, weight decay 0.0005",
  );
  assertEquals(
    text("--schedule linear --momentum 0.5 --momentum-end 0.7 --momentum-until 3 --max-norm 1,2"),
    "sgd rate 0.01 to 0 linearly by epoch 5, momentum 0.5 to 0.7 by epoch 3, norms up to 1, 2, " +
      "weight decay 0.0005",
  );
  assertEquals(
    text("--schedule poly --power 0.5 --layer-rates 1,0.1"),
    "sgd rate 0.01 to 0 by the power 0.5 by epoch 5, layer rates ×1 ×0.1, weight decay 0.0005",
  );
  assertEquals(
    text("--schedule exponential --drop-every 2"),
    "sgd rate 0.01 ×0.1 in 2 epochs, gradually, weight decay 0.0005",
  );
});

Deno.test("resolveSettings() keeps the best epoch by accuracy where only patience is asked for", () => {
  const { keepBest, patience, accumulate } = settings("mnist", "--patience 3 --accumulate 1");
  assertEquals([keepBest, patience, accumulate], ["accuracy", 3, undefined]);
  assertEquals(settings("mnist", "").keepBest, undefined);
});

Deno.test("the schedules of the options follow the learning rate's course", () => {
  const rates = (line: string, steps: readonly number[]) => {
    const optimizer = buildOptimizer(
      settings("cifar", `--rate 0.1 --momentum 0 --epochs 10 ${line}`),
      4,
      {
        w: tensor([0]),
      },
    );
    return steps.map((step) => {
      const state = {
        ...optimizer.init({ w: tensor([0]) }) as object,
        step: tensor([step], [], "i32"),
      };
      const [next] = optimizer.step({ w: tensor([0]) }, { w: tensor([-1]) }, state as never);
      return Number(evaluate([next.w])[0]![0]!.toFixed(5));
    });
  };
  assertEquals(rates("--schedule cosine", [0, 20, 40]), [0.1, 0.05, 0]);
  assertEquals(rates("--schedule cosine --rate-end 0.02 --rate-until 5", [10, 20, 40]), [
    0.06,
    0.02,
    0.02,
  ]);
  assertEquals(rates("--schedule restarts --restart-every 5", [0, 10, 20, 30]), [
    0.1,
    0.05,
    0.1,
    0.05,
  ]);
  assertEquals(rates("--schedule onecycle", [0, 11, 39]), [0.004, 0.1, 0]);
  assertEquals(rates("--schedule linear --warmup 2", [0, 4, 8, 20]), [0, 0.045, 0.08, 0.05]);
});
