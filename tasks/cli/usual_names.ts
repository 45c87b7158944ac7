/**
 * What options and their values are called elsewhere, in PyTorch, Keras, timm and Caffe, and what they are
 * called here: for "did you mean" messages.
 *
 * @module
 */
import { closestString, normalizeName } from "../../src/closest_string.ts";
import type { Option, Table } from "./option_table.ts";

/** An option of ours, with a value where one is meant, by its names elsewhere; a command has some of them. */
export const USUAL_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "rate": ["lr", "learning-rate", "base-lr", "init-lr", "step-size-lr", "eta", "alpha"],
  "rate-end": ["end-lr", "min-lr", "lr-min", "final-lr", "end-learning-rate"],
  "batch": ["batch-size", "bs", "b", "mini-batch", "train-batch-size"],
  "epochs": ["e", "epoch", "n-epochs", "num-epochs", "nb-epoch", "max-epochs", "max-epoch", "ep"],
  "weight-decay": ["wd", "l2", "weightdecay", "l2-regularization", "weight-decay-rate"],
  "clip": ["grad-clip", "clip-grad", "max-grad-norm", "gradient-clip", "clipnorm"],
  "schedule": ["scheduler", "lr-scheduler", "lr-schedule", "sched", "lr-policy"],
  "drop-by": [
    "lr-decay",
    "gamma",
    "lr-gamma",
    "decay-rate",
    "lr-decay-rate",
    "learning-rate-decay",
  ],
  "drop-at": ["milestones", "lr-milestones", "decay-epochs", "lr-steps"],
  "drop-every": ["step-size", "lr-step-size", "lr-decay-epochs"],
  "warmup": ["warmup-epochs", "warm-up", "lr-warmup", "lr-warmup-epochs", "warmup-steps"],
  "restart-every": ["t-0", "cycle-length", "lr-cycle"],
  "label-smoothing": ["smoothing", "smooth", "label-smooth", "ls"],
  "mixup": ["mixup-alpha", "mix-up"],
  "cutmix": ["cutmix-alpha", "cut-mix"],
  "accumulate": [
    "grad-accum",
    "grad-accum-steps",
    "gradient-accumulation-steps",
    "accumulate-grad-batches",
    "accum-iter",
    "iter-size",
    "virtual-batch",
  ],
  "averaging": ["ema", "ema-decay", "model-ema", "model-ema-decay", "polyak", "swa"],
  "keep-best": ["save-best", "save-best-only", "restore-best-weights", "best", "monitor"],
  "patience": ["early-stopping", "early-stop", "es-patience", "early-stopping-patience"],
  "optimizer": ["opt", "optim", "solver"],
  "loss": ["criterion", "loss-fn", "loss-function", "objective"],
  "net": ["model", "arch", "architecture", "network", "a", "m", "backbone"],
  "activation": ["act", "nonlinearity", "act-layer", "activation-fn"],
  "dropout": ["drop", "drop-rate", "dropout-rate", "p-drop", "keep-prob"],
  "init": ["initializer", "initialization", "weight-init", "init-method", "kernel-initializer"],
  "std": ["stddev", "sigma", "init-std", "standard-deviation"],
  "lsuv-tolerance": ["tol", "tolerance", "tol-var", "lsuv-tol"],
  "lsuv-trials": ["max-trials", "t-max", "max-iter", "lsuv-max-iter"],
  "data": [
    "data-dir",
    "data-path",
    "data-folder",
    "dataset-dir",
    "root",
    "d",
    "input-dir",
    "train-dir",
  ],
  "dataset": ["ds", "data-set", "dataset-name"],
  "size": ["img-size", "image-size", "imgsz", "resize", "input-size", "resolution"],
  "input": ["input-shape", "in-shape"],
  "crop": ["crop-size", "center-crop", "random-crop"],
  "augment": ["aug", "augmentation", "data-augmentation"],
  "preprocessing": ["normalization", "transform", "transforms", "preprocess"],
  "subset": ["limit", "max-samples", "num-samples", "n-samples", "train-size", "limit-train"],
  "count": ["limit", "max-samples", "num-samples", "n"],
  "classes": ["num-classes", "n-classes", "nb-classes"],
  "seed": ["random-seed", "manual-seed", "rng-seed", "s"],
  "seeds": ["seed", "random-seed", "manual-seed"],
  "device webgpu": ["gpu", "cuda", "use-gpu", "use-cuda", "gpus", "gpu-id", "mps", "metal"],
  "device cpu": ["no-gpu", "no-cuda", "force-cpu", "use-cpu"],
  "threads": ["workers", "num-workers", "num-threads", "n-threads", "nproc", "j", "cores"],
  "out": [
    "output",
    "output-dir",
    "out-dir",
    "save-dir",
    "o",
    "save",
    "log-dir",
  ],
  "resume": ["checkpoint", "ckpt", "restore", "continue", "load", "resume-from", "from-checkpoint"],
  "checkpoint-every": ["save-every", "save-freq", "checkpoint-interval", "save-interval"],
  "watch": ["dashboard", "visualize", "live", "plot"],
  "watch-port": ["port", "p"],
  "quiet": ["q", "silent", "no-verbose"],
  "top": ["top-k", "k"],
  "to": ["format", "f", "export-format"],
};

/** A value of ours by its names elsewhere; an option has some of them as its choices. */
export const USUAL_VALUES: Readonly<Record<string, readonly string[]>> = {
  "webgpu": ["gpu", "cuda", "mps", "metal", "vulkan", "cuda:0", "nvidia", "directml", "xpu"],
  "cpu": ["wasm", "simd", "host"],
  "he": ["kaiming", "kaiming-normal", "he-normal", "msra", "kaiming-uniform", "he-uniform"],
  "glorot": ["xavier-normal", "xavier-uniform", "glorot-normal", "glorot-uniform"],
  "orthonormal": ["orthogonal", "ortho"],
  "gaussian": ["normal", "random-normal", "randn"],
  "vlrelu": ["leakyrelu", "lrelu"],
  "softmax": ["crossentropy", "ce", "categorical-crossentropy", "nll", "softmax-cross-entropy"],
  "squaredHinge": ["l2svm", "multi-margin-squared"],
  "hinge": ["svm", "multi-margin"],
  "multistep": ["multisteplr", "piecewise"],
  "exponential": ["exponentiallr"],
  "poly": ["polynomial", "polynomiallr"],
  "cosine": ["cosineannealing", "cosineannealinglr", "cos"],
  "restarts": ["cosineannealingwarmrestarts", "sgdr", "cosine-restarts", "cosine-warm-restarts"],
  "onecycle": ["onecyclelr", "one-cycle", "1cycle"],
  "caffenet": ["alexnet"],
  "googlenet": ["inception", "inception-v1"],
  "vgg16": ["vgg"],
  "pictures": ["imagefolder", "images", "imagenet"],
  "paper": ["full"],
};

/** Those of our names that are called so elsewhere. */
const oursFor = (usual: typeof USUAL_OPTIONS, word: string): readonly string[] =>
  Object.entries(usual)
    .filter(([, others]) => others.some((each) => normalizeName(each) === normalizeName(word)))
    .map(([own]) => own);

const hasChoice = (option: Option, value: string): boolean =>
  option.kind === "choice" && option.choices.includes(value);

/** Whether a table has an option, and the value where one is named with it. */
export const isOffered = (table: Table, target: string): boolean => {
  const [name, value] = target.split(" "), option = table[name!];
  return option !== undefined && (value === undefined || hasChoice(option, value));
};

/**
 * The option that an unknown one stands for, with its value where that is meant: the one that is called so
 * elsewhere, the one that has the word among its choices, or the one spelled most alike.
 */
export function nearestOption(table: Table, word: string): string | undefined {
  const names = Object.keys(table), bare = word.replace(/^no-(?=.)/, "");
  const same = names.find((name) => normalizeName(name) === normalizeName(bare));
  const owner = names.find((name) => hasChoice(table[name]!, bare));
  const usual = [word, bare].flatMap((each) => oursFor(USUAL_OPTIONS, each));
  return same ?? usual.find((target) => isOffered(table, target)) ??
    (owner && `${owner} ${bare}`) ?? closestString(bare, names);
}

/** The choice that an unknown value stands for: the one that is called so elsewhere, or spelled most alike. */
export const nearestChoice = (choices: readonly string[], word: string): string | undefined =>
  choices.find((choice) => normalizeName(choice) === normalizeName(word)) ??
    oursFor(USUAL_VALUES, word).find((own) => choices.includes(own)) ??
    closestString(word, choices);
