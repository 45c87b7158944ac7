/**
 * Faults of training: steps, epochs, checkpoints, what is kept and measured.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const STEP = "tests/train/step.test.ts", FIT = "tests/train/fit.test.ts";
const EXTRAS = "tests/train/extras.test.ts", EVALUATE = "tests/train/evaluate.test.ts";
const MIXING = "tests/train/mixing.test.ts", TARGETS = "tests/train/targets.test.ts";
const RESUME = "tests/train/checkpoint/resume.test.ts";
const REFUSE = "tests/train/checkpoint/refuse.test.ts";
const CHECKPOINT = "tests/train/checkpoint/checkpoint.test.ts";
const MEASURES = "tests/train/measures.test.ts", GO_ON = "tests/train/nonfinite/go_on.test.ts";
const FIND = "tests/train/nonfinite/find.test.ts";

/** Faults of steps and epochs. */
const STEPS: readonly Fault[] = [
  ...faultsIn("src/train/step.ts", [STEP], [
    ["key: foldIn(key, step), step }", "key, step }", "the same dropout mask at every step"],
    ["    step: add(step, 1),\n    metrics", "    step,\n    metrics", "the step is never counted"],
    [
      "add(where(first, 0, before), where(good, more, 0))",
      "add(before, where(good, more, 0))",
      "sums of an epoch go on from the one before",
    ],
    [
      "add(where(first, 0, before), where(good, more, 0))",
      "add(where(first, 0, before), more)",
      "a diverged step is counted",
    ],
    [
      "accumulate(metrics.loss, mul(value, batch))",
      "accumulate(metrics.loss, value)",
      "the mean loss is divided by the batch twice",
    ],
  ]),
  ...faultsIn("src/train/nonfinite/recovery.ts", [STEP, FIND, GO_ON], [
    [
      "squares.length > 0 ? mul(fine, less(squares.reduce(add), HUGE)) : fine",
      "fine",
      "a gradient that is not finite moves the weights",
    ],
    [
      "const good = mul(verdict.all, converging), ends",
      "const good = verdict.all, ends",
      "training goes on after a diverged step",
    ],
    [
      "next: choose(good, after, last ?? before)",
      "next: choose(good, after, before)",
      "weights whose loss was not finite are kept as the last good ones",
    ],
  ]),
  ...faultsIn("src/train/keys.ts", ["tests/train/keys.test.ts", FIT], [
    [
      "dropout: key(1), batches: words(2)",
      "dropout: key(1), batches: words(1)",
      "dropout and batches share a key",
    ],
    [
      "calibration: words(3)",
      "calibration: words(2)",
      "LSUV's images come in the order of training",
    ],
  ]),
  ...faultsIn("src/train/averaging.ts", [EXTRAS], [
    ["div(add(t, 1), add(t, 10))", "decay", "averages move slowly from the first step on"],
    [
      "const share = sub(1, d)",
      "const share = d",
      "averages keep what they should move by",
    ],
  ]),
  ...faultsIn("src/train/accumulation.ts", [EXTRAS], [
    ["foldIn(carry.key, part)", "carry.key", "all parts of a batch have one dropout mask", {
      tests: ["tests/train/accumulation.test.ts"],
    }],
    ["mul(sum, 1 / parts)", "sum", "gradients of parts are summed, not averaged"],
    [
      "add(where(part, before, 0), more)",
      "add(before, more)",
      "sums of parts go on from the batch before",
    ],
  ]),
  ...faultsIn("src/train/best.ts", [EXTRAS], [
    [
      "value > most + (best === undefined ? 0 : minDelta)",
      "value >= most + (best === undefined ? 0 : minDelta)",
      "of equally good epochs the last is the best",
    ],
    [
      "isLoss ? -test.loss : test.accuracy",
      "isLoss ? test.loss : test.accuracy",
      "the epoch of the largest loss is the best",
    ],
    [">= patience && epochs", "> patience && epochs", "patience lasts an epoch longer"],
  ]),
  ...faultsIn("src/train/best_keeper.ts", [EXTRAS], [
    [
      "this.params = this.#copy(params);",
      "this.params ??= this.#copy(params);",
      "the first best weights are kept",
    ],
  ]),
  ...faultsIn("src/train/evaluate.ts", [EVALUATE, TARGETS, FIT], [
    [
      "less(iota(batch), count)",
      "less(iota(batch), batch)",
      "the padding of the last batch is evaluated",
    ],
    [
      "loss: loss / examples, accuracy",
      "loss: loss / (examples + 1), accuracy",
      "losses are divided by one more",
    ],
    [
      'const { images, labels } = materialize(inputs, "test");',
      'const { images, labels } = materialize(inputs, "train");',
      "test images are prepared as training images",
      { tests: [EVALUATE, FIT, "tests/train/input/device_dataset.test.ts"] },
    ],
  ]),
  ...faultsIn("src/train/session.ts", [FIT, MEASURES], [
    ["this.step % everySteps === 0", "this.step % everySteps === 1", "progress comes a step late"],
    [
      "this.#firstStep = start.step + 1;",
      "this.#firstStep = 1;",
      "a resumed run does not know its first step",
      { tests: [MEASURES] },
    ],
    ["if (bad >= 0) throw", "if (bad > 0) throw", "divergence in the first step is not noticed"],
    ["trainLoss: loss[0]! / count", "trainLoss: loss[0]!", "the training loss is a sum"],
  ]),
  ...faultsIn("src/train/mixing.ts", [MIXING], [
    [
      "mul(partner(images), sub(1, own))",
      "mul(partner(images), own)",
      "mixed images are too bright or too dark",
    ],
    ["sub(batch - 1, iota(batch))", "iota(batch)", "every image is mixed with itself"],
    [
      "sub(constant(1), mul(area, 1 / (height * width)))",
      "mul(area, 1 / (height * width))",
      "labels have the share of the window, not of the rest",
    ],
    [
      "foldIn(key, MIXING)), partner = partners(images)",
      "key), partner = partners(images)",
      "mixing and dropout share a key",
    ],
    [
      "split(foldIn(key, MIXING), 3)",
      "split(key, 3)",
      "windows and the layers of a net share keys",
    ],
    [
      "const [forPart, forRow, forColumn] = split(foldIn(key, MIXING), 3);",
      "const [forPart, forRow, forColumn] = [foldIn(key, MIXING), foldIn(key, MIXING), foldIn(key, MIXING)];",
      "a window's row, column and size are one number",
    ],
  ]),
  ...faultsIn("src/train/objective.ts", [TARGETS, FIT, EXTRAS, "tests/train/learned.test.ts"], [
    [
      "mul(perExample(ofSide(side), side.output, labels), side.weight)",
      "perExample(ofSide(side), side.output, labels)",
      "companions weigh 1",
    ],
    ["trained[i] ? w : given[i]![1]", "w", "frozen parameters are trained"],
    [
      "after[i] !== w ? after[i] : trained[i] ? undefined : w",
      "trained[i] ? undefined : w",
      "running statistics do not move",
    ],
    ["if (!smoothing) return loss;", "return loss;", "label smoothing is without effect"],
    [
      "losses(pass, partner(labels)), sub(1, own)",
      "losses(pass, labels), sub(1, own)",
      "mixed images have the labels of one alone",
      { tests: [MIXING] },
    ],
  ]),
  ...faultsIn(
    "src/train/distillation.ts",
    [MEASURES, "tests/train/stages/stages.test.ts", EXTRAS],
    [
      [
        'typeof weight === "number" ? weight : weight(step)',
        "1",
        "the weight of distillation is without effect",
      ],
      ["temperature = 3", "temperature = 1", "the default temperature is 1"],
    ],
  ),
  ...faultsIn("src/train/rate_range.ts", ["tests/train/rate_range.test.ts"], [
    ["mean / (1 - SMOOTHING ** (i + 1))", "mean", "the first losses are smoothed toward 0"],
    ["lowest.rate / 10", "lowest.rate", "the suggested rate is the lowest point's"],
    [
      "event.trainLoss * taken - before.trainLoss * (taken - 1)",
      "event.trainLoss",
      "losses are means since the start",
    ],
  ]),
  ...faultsIn("src/train/stages/pretrain.ts", ["tests/train/stages/stages.test.ts"], [
    ["else now = merge(event.params);", "", "what a stage has learned is dropped"],
  ]),
  ...faultsIn("src/train/meter.ts", [MEASURES, FIT], [
    ["this.#images / took", "took / this.#images", "speed is seconds an image"],
  ]),
];

/** Faults of what is written and read again. */
const KEPT: readonly Fault[] = [
  ...faultsIn("src/train/checkpoint/fingerprint.ts", [REFUSE], [
    ['    "test data": test,\n', "", "another test set is not noticed on resuming"],
    ['    "seed": String(seed),\n', "", "another seed is not noticed on resuming"],
    [
      '    "augment": String(augment),\n',
      "",
      "augmentation that is off is not noticed on resuming",
    ],
    [
      '"batch": String(examples.images.shape[0])',
      '"batch": "?"',
      "another batch size is not noticed on resuming",
    ],
    [
      "sha256(await concatenate(text, ...await run.read(constants)))",
      "sha256(await concatenate(text))",
      "data that a net closes over is not compared",
    ],
    ["accumulate > 1 && {", "accumulate > 2 && {", "two parts of a batch count as none", {
      tests: [REFUSE, EXTRAS],
    }],
  ]),
  ...faultsIn("src/train/checkpoint/checkpoint.ts", [CHECKPOINT, RESUME], [
    ["if (found !== expected)", "if (expected === undefined)", "a damaged checkpoint is read"],
  ]),
  ...faultsIn("src/train/checkpoint/parse_metadata.ts", [CHECKPOINT, RESUME], [
    [
      "INFINITE.includes(each) ? Number(each) : each",
      "each",
      "an accuracy of NaN comes back as text",
    ],
    ["elapsed ?? texts.seconds", "elapsed", "older checkpoints have no time"],
  ]),
  ...faultsIn("src/train/checkpoint/checkpoint_folder.ts", [CHECKPOINT, RESUME], [
    [
      '!name.endsWith(".tmp")).reverse()',
      '!name.endsWith(".tmp"))',
      "the oldest checkpoint is resumed",
    ],
    [
      "each !== name && each !== before",
      "each !== name",
      "only one checkpoint is kept, so a damaged one is the end",
    ],
    ["    before = name;\n", "", "checkpoints pile up"],
    [
      "if (!(error instanceof SafetensorsError || fileErrorCode(error))) throw error;",
      "",
      "an error of the program counts as damage",
      { tests: [CHECKPOINT, REFUSE] },
    ],
  ]),
  ...faultsIn("src/train/checkpoint/saver.ts", [RESUME, CHECKPOINT], [
    [
      "step - savedStep >= everySteps",
      "step - savedStep > everySteps",
      "checkpoints come a step late",
    ],
    [
      "behind: (step) => step > savedStep",
      "behind: () => false",
      "no checkpoint is written at the end",
    ],
    [
      "const before = resumed?.elapsed ?? 0;",
      "const before = 0;",
      "the time of earlier sessions is forgotten",
    ],
  ]),
  ...faultsIn("src/train/checkpoint/resume.ts", [RESUME, REFUSE, EXTRAS], [
    ["if (resume) checkSame(trains, resume, newOptimizer);", "", "any checkpoint is resumed"],
    [
      "if (checkpoint && !resume) await checkNew(checkpoint.folder);",
      "",
      "a new run writes over another's checkpoints",
    ],
    [
      "hasBest ? { ...fresh, best: fresh.params } : fresh",
      "fresh",
      "the best weights are lost on resuming",
    ],
  ]),
  ...faultsIn("src/train/write_atomically.ts", ["tests/train/write_atomically.test.ts"], [
    [
      "await files.remove(temporary).catch(() => {});",
      "",
      "a failed write leaves its temporary file",
    ],
    [
      "await files.create(temporary, bytes);\n    await files.rename(temporary, path);",
      "await files.create(path, bytes);",
      "a file is written in place",
    ],
  ]),
];

/** Faults of `src/train`. */
export const TRAIN: readonly Fault[] = [...STEPS, ...KEPT];
