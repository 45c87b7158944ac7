/**
 * Faults of the application: options, runs, experiments, exports.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const OPTIMIZER = "tests/tasks/training/build_optimizer.test.ts";
const SETTINGS = "tests/tasks/training/settings.test.ts";
const RECIPES = "tests/tasks/training/recipes.test.ts", LOCK = "tests/tasks/run/lock.test.ts";
const DATA = "tests/tasks/run/check_data.test.ts";
const CHECK = "tests/tasks/training/check_resume.test.ts", CSV = "tests/tasks/run/csv.test.ts";
const RESUME = "tests/tasks/run/resume.test.ts", OUTPUTS = "tests/tasks/models/outputs.test.ts";
const FOLDER = "tests/tasks/run/run_folder.test.ts",
  CONFUSION = "tests/tasks/models/evaluate.test.ts";
const TENSORBOARD = "tests/tasks/tensorboard/tensorboard.test.ts";

/** Faults of options and settings. */
const OPTIONS: readonly Fault[] = [
  ...faultsIn("tasks/training/build_optimizer.ts", [OPTIMIZER, SETTINGS, RECIPES], [
    [
      "Math.max(1, Math.round(epochs * stepsPerEpoch))",
      "Math.max(1, Math.floor(epochs * stepsPerEpoch))",
      "milestones are rounded down",
    ],
    [
      "Math.max(1, Math.round(epochs * stepsPerEpoch))",
      "Math.round(epochs * stepsPerEpoch)",
      "a milestone may be at step 0",
    ],
    ["decayBiases ? () => true : notBias", "notBias", "--decay-biases is without effect"],
    ["decayBiases ? () => true : notBias", "() => true", "biases always decay"],
    ["(notBias(path) ? 1 : biasRate)", "1", "--bias-rate is without effect"],
    ["clipNorm: clip,", "", "--clip is without effect"],
    ["warmupSchedule(course, steps(warmup))", "course", "--warmup is without effect"],
    [
      "return constrain(optimizer, maxNorm((path) => limits(path) ?? Infinity));",
      "return optimizer;",
      "--max-norm is without effect",
      { tests: [OPTIMIZER] },
    ],
    [
      'if (typeof value !== "number" || end === undefined) return [name, value];',
      "return [name, value];",
      "--momentum-end is without effect",
      { tests: [OPTIMIZER, RECIPES] },
    ],
  ]),
  ...faultsIn("tasks/training/optimizer_settings.ts", [SETTINGS, RECIPES, OPTIMIZER], [
    [
      "Number((part / whole * epochs).toFixed(4))",
      "Math.floor(part / whole * epochs)",
      "a recipe's drops are at whole epochs",
    ],
    [
      'decayBiases: values["decay-biases"]',
      "decayBiases: false",
      "the command line's --decay-biases is dropped",
    ],
    [
      "{ [`${name}End`]: end, [`${name}Until`]: until ?? values.epochs }",
      "{ [`${name}End`]: end, [`${name}Until`]: until }",
      "a linear change ends nowhere",
    ],
  ]),
  ...faultsIn("tasks/training/by_layer.ts", [RECIPES, OPTIMIZER], [
    ["w.rank >= 2", "w.rank >= 1", "biases count as layers"],
    ["numbers[i] ?? numbers[0]!", "numbers[0]!", "all layers have the first number"],
  ]),
  ...faultsIn("tasks/training/check_resume.ts", [CHECK], [
    [
      'if (FREE_ON_RESUME.has(name) || name === "epochs") continue;',
      "continue;",
      "a resumed run takes other options",
    ],
    ["longer: epochs > before", "longer: epochs >= before", "every resumed run counts as longer"],
    [
      'Array.isArray(value) ? value.join() || "none" : String(value)',
      "Array.isArray(value) ? `${value.length}` : String(value)",
      "lists are compared by their length",
    ],
  ]),
  ...faultsIn("tasks/training/forecast.ts", ["tests/tasks/training/forecast.test.ts"], [
    [
      "(left * batch + tests * tested / STEP_OVER_TEST)",
      "(left * batch)",
      "the time of tests is left out",
    ],
    ["Math.ceil(epochs * left / steps)", "epochs", "tests that are done are counted as to come"],
    [
      "(step - from.step) * extent.batch * 1000 /",
      "(step - from.step) * extent.batch /",
      "seconds are milliseconds",
    ],
  ]),
];

/** Faults of what is written and read again. */
const RUNS: readonly Fault[] = [
  ...faultsIn("tasks/run/lock.ts", [LOCK], [
    ["if (await folder.tryLock(true)) return;", "return;", "two programs write to one folder"],
    ["        folder.close();\n      },", "      },", "a folder stays locked"],
    [
      "if (isFile && UNFINISHED.test(name))",
      'if (isFile && name.endsWith(".tmp"))',
      "a user's own .tmp files are deleted",
    ],
  ]),
  ...faultsIn("tasks/run/owner.ts", [LOCK], [
    [">= 1000 * ABANDONED", ">= ABANDONED", "a folder counts as abandoned after a moment"],
    [
      "if (Deno.readTextFileSync(file) === textOf(owner)) Deno.removeSync(file);",
      "Deno.removeSync(file);",
      "another program's claim is removed",
    ],
    [
      "if (await readText(path) === gone) await Deno.remove",
      "await Deno.remove",
      "a claim made meanwhile is removed",
      {
        survives: "only where another program claims the folder between two calls",
      },
    ],
    [
      'const isElsewhere = other ? other.host !== host : text === "";',
      "const isElsewhere = false;",
      "a claim of another machine is ignored",
    ],
  ]),
  ...faultsIn("tasks/run/csv.ts", [CSV, FOLDER], [
    ['text === "" ? NaN : NUMBER', 'text === "" ? 0 : NUMBER', "an empty cell is 0"],
    ['text === "true"', 'text !== ""', "false is true"],
  ]),
  ...faultsIn("tasks/run/resume.ts", [DATA, RESUME], [
    [
      'for (const split of ["train", "test"] as const)',
      'for (const split of ["train"] as const)',
      "another test set is not noticed on resuming",
    ],
    ["if (other !== task)", "if (other === undefined)", "a run of another task is resumed"],
    [
      "if (version === configuration.version) return;",
      "return;",
      "a run of another version is resumed",
    ],
    [
      "moved = from && withoutSpeed(from.device) !== withoutSpeed(device)",
      "moved = false",
      "another device is not warned of",
    ],
  ]),
  ...faultsIn("tasks/run/run_folder.ts", [FOLDER, RESUME, "tests/tasks/run/observers.test.ts"], [
    [
      "this.#manifest = { ...this.#manifest, ...fields };",
      "this.#manifest = fields;",
      "a manifest loses what was written before",
    ],
    ["two(at.getMonth() + 1)", "two(at.getMonth())", "folders are named by the month before"],
    [
      "this.#epochs = [...this.#epochs, row];",
      "this.#epochs = [row];",
      "a table has its last epoch alone",
    ],
  ]),
  ...faultsIn("tasks/run/profile_table.ts", ["tests/tasks/run/profile_table.test.ts"], [
    ["(100 * share).toFixed(decimals)", "share.toFixed(decimals)", "shares are printed as percent"],
    [
      "ofBandwidth: kernel.gbps / most.gbps",
      "ofBandwidth: kernel.gbps / most.gflops",
      "bandwidth is compared with the peak of arithmetic",
    ],
    ["calls > 0 ? ms / calls : 0", "ms", "the time of all calls is printed as that of one"],
  ]),
  ...faultsIn("tasks/models/evaluate/confusion.ts", [CONFUSION, OUTPUTS], [
    [
      "precision = share(right, predicted)!, recall = share(right, count)!",
      "precision = share(right, count)!, recall = share(right, predicted)!",
      "precision and recall are swapped",
    ],
    ["loss: lossSum / count", "loss: lossSum", "the loss is a sum"],
    [
      ".sort(([, , a], [, , b]) => b - a);",
      ".sort(([, , a], [, , b]) => a - b);",
      "the rarest mistakes come first",
    ],
  ]),
  ...faultsIn("tasks/tensorboard/crc32c.ts", [TENSORBOARD], [
    [
      "(crc << 17)) + 0xa282ead8",
      "(crc << 16)) + 0xa282ead8",
      "checksums are masked otherwise than TensorFlow's",
    ],
  ]),
  ...faultsIn("tasks/tensorboard/record.ts", [TENSORBOARD], [
    [
      "view.setUint32(HEAD + content.length, maskedCrc32c(content), true);",
      "view.setUint32(HEAD + content.length, maskedCrc32c(content.subarray(1)), true);",
      "a record's checksum leaves out its first byte",
    ],
  ]),
];

/** Faults of `tasks` but for pages and plots. */
export const TASKS: readonly Fault[] = [...OPTIONS, ...RUNS];
