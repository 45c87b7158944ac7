/**
 * What the options of `fit` and `evaluate` must be.
 *
 * @module
 */
import {
  checkKind,
  checkOptions,
  FLAG,
  functionOf,
  LAYER,
  NUMBER,
  objectWith,
  optional,
  type OptionCheck,
  PARAMS,
  RUNTIME,
  SIGNAL,
  TEXTS,
} from "../check_options.ts";
import { closestString } from "../closest_string.ts";
import { hasAll } from "../describe_value.ts";
import { LOSSES } from "../nn/mod.ts";

const LOSS: OptionCheck = functionOf(
  "(outputs, labels) => losses, such as nn.LOSSES.softmax",
  (value) => {
    const near = typeof value === "string" && closestString(value, Object.keys(LOSSES));
    return near ? `did you mean nn.LOSSES.${near}?` : undefined;
  },
);

const OPTIMIZER: OptionCheck = objectWith(
  "an optimizer, such as optim.sgd({ learningRate: 0.1 })",
  ["init", "step"],
  (value) =>
    typeof value === "function" ? "call it with its options, { learningRate: 0.1 }" : undefined,
);

/** What can be trained or evaluated on. */
const SOURCE: OptionCheck = {
  expected:
    "prepared images, as data.prepareMnist(train, test).train, or batches { images, labels }",
  accepts: (value) =>
    typeof value === "function" || !hasAll(value, "then") && (
        hasAll(value, "dataset", "scale", "offset", "mean") || hasAll(value, "batches") ||
        typeof value === "object" && value !== null &&
          (Symbol.iterator in value || Symbol.asyncIterator in value)
      ),
  hint: (value) =>
    hasAll(value, "images", "labels", "classes")
      ? "data.prepareMnist, data.prepareCifar or data.preparePictures prepares it"
      : undefined,
};

const CHECKPOINT: OptionCheck = objectWith(
  "an object with a folder",
  ["folder"],
  (value) => typeof value === "string" ? `did you mean { folder: "${value}" }?` : undefined,
);

const METRICS: OptionCheck = {
  expected: "metrics by name, such as { top5: nn.METRICS.top5 }",
  accepts: (value) =>
    typeof value === "object" && value !== null &&
    Object.values(value).every((metric) => hasAll(metric, "parts", "value")),
};

/** The options that both have. */
const SHARED = {
  net: LAYER,
  params: PARAMS,
  batch: optional(NUMBER),
  loss: optional(LOSS),
  logits: optional(functionOf("of the net's output")),
  metrics: optional(METRICS),
} as const;

const FIT: Readonly<Record<string, OptionCheck>> = {
  ...SHARED,
  optimizer: OPTIMIZER,
  train: SOURCE,
  test: optional(SOURCE),
  epochs: NUMBER,
  seed: optional(NUMBER),
  objective: optional(functionOf("({ output, labels, … }) => losses")),
  trainable: optional(functionOf("(path) => boolean")),
  classNames: optional(TEXTS),
  augment: optional(FLAG),
  accumulate: optional(NUMBER),
  averaging: optional(NUMBER),
  best: optional({
    expected: 'options of the best epoch, such as { metric: "loss", patience: 5 }',
    accepts: (value) => typeof value === "object" && value !== null,
  }),
  labelSmoothing: optional(NUMBER),
  mixing: optional(functionOf("(images, key) => mixed, such as train.mixup(0.2)")),
  onNonFinite: optional({
    expected: 'stop, skip, lower-rate, or options such as { action: "lower-rate", factor: 0.5 }',
    accepts: (value) => typeof value === "string" || hasAll(value, "action"),
  }),
  onMemory: optional(functionOf("(needed, available) => void")),
  prefetch: optional(FLAG),
  resident: optional(FLAG),
  progressEvery: optional(NUMBER),
  progressSteps: optional(NUMBER),
  signal: optional(SIGNAL),
  distributed: optional(objectWith("what distributed() gives", ["rank", "size"])),
  checkpoint: optional(CHECKPOINT),
  resume: optional(
    objectWith("what await train.findCheckpoint(folder) returns", ["damaged"]),
  ),
  newOptimizer: optional(FLAG),
};

/** Throws TypeError on arguments of `fit` of another kind than documented. */
export function checkFit(run: unknown, options: unknown): void {
  checkKind("fit", "the first argument", run, RUNTIME);
  checkOptions("fit", options, FIT);
}

/** Throws TypeError on arguments of `evaluate` of another kind than documented. */
export function checkEvaluate(run: unknown, options: unknown): void {
  checkKind("evaluate", "the first argument", run, RUNTIME);
  checkOptions("evaluate", options, { ...SHARED, test: SOURCE });
}
