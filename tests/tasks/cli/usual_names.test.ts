/**
 * Options and values by the names that they have elsewhere.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DEVICE_OPTIONS } from "../../../tasks/cli/device_options.ts";
import { OptionError, type Table } from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import {
  isOffered,
  nearestChoice,
  nearestOption,
  USUAL_OPTIONS,
  USUAL_VALUES,
} from "../../../tasks/cli/usual_names.ts";
import { EXPERIMENT_OPTIONS } from "../../../tasks/experiments/options.ts";
import { DATA_OPTIONS, NET_OPTIONS } from "../../../tasks/models/options.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import { normalizeName } from "../../../src/closest_string.ts";

const TABLES: readonly Table[] = [
  trainTable("cifar"),
  trainTable("mnist"),
  EXPERIMENT_OPTIONS,
  { ...DATA_OPTIONS, ...NET_OPTIONS, ...DEVICE_OPTIONS },
  {
    top: { kind: "integer", help: "Of predict." },
    count: { kind: "integer", help: "Of evaluate." },
    to: { kind: "text", help: "Of export." },
  },
];

const choicesIn = (table: Table) =>
  Object.values(table).flatMap((option) => option.kind === "choice" ? [option.choices] : []);

Deno.test("every option that a usual name stands for exists in a task", () => {
  for (const target of Object.keys(USUAL_OPTIONS)) {
    assert(TABLES.some((table) => isOffered(table, target)), target);
  }
});

Deno.test("every value that a usual name stands for is a choice in a task", () => {
  const all = new Set(TABLES.flatMap(choicesIn).flat());
  for (const value of Object.keys(USUAL_VALUES)) assert(all.has(value), value);
});

Deno.test("a name stands for one option in each task, and for one value", () => {
  for (const table of TABLES) {
    const named = Object.entries(USUAL_OPTIONS).filter(([own]) => isOffered(table, own))
      .flatMap(([, others]) => others.map(normalizeName));
    assertEquals(named.length, new Set(named).size, named.toSorted().join(" "));
  }
  const values = Object.values(USUAL_VALUES).flat().map(normalizeName);
  assertEquals(values.length, new Set(values).size);
});

Deno.test("every usual name is answered by the option of ours", () => {
  for (const table of TABLES) {
    const names = Object.keys(table).map(normalizeName);
    for (const [own, others] of Object.entries(USUAL_OPTIONS)) {
      if (!isOffered(table, own)) continue;
      for (const other of others.filter((each) => !names.includes(normalizeName(each)))) {
        assertEquals(nearestOption(table, other), own, `--${other}`);
        const found = other.length === 1 ? `-${other}` : `--${other}`;
        const { message } = assertThrows(() => parseOptions(table, [found, "1"]), OptionError);
        assertEquals(message, `expected a known option, found ${found}; did you mean --${own}?`);
      }
    }
  }
});

const MEANT: readonly (readonly [found: string, meant: string])[] = [
  ["--lr", "--rate"],
  ["--learning-rate", "--rate"],
  ["--learning_rate", "--rate"],
  ["--gpu", "--device webgpu"],
  ["--cuda", "--device webgpu"],
  ["--batch-size", "--batch"],
  ["--weight_decay", "--weight-decay"],
  ["--wd", "--weight-decay"],
  ["--lr-decay", "--drop-by"],
  ["--epoch", "--epochs"],
  ["-e", "--epochs"],
  ["--model", "--net"],
  ["--resnet20", "--net resnet20"],
  ["--adam", "--optimizer adam"],
];

for (const [found, meant] of MEANT) {
  Deno.test(`${found} of the training tasks is answered by ${meant}`, () => {
    const { message } = assertThrows(() => parseOptions(trainTable("cifar"), [found]), OptionError);
    assertEquals(message, `expected a known option, found ${found}; did you mean ${meant}?`);
  });
}

const VALUES: readonly (readonly [option: string, found: string, meant: string])[] = [
  ["device", "gpu", "webgpu"],
  ["device", "cuda:0", "webgpu"],
  ["net", "resnet", "resnet20"],
  ["net", "ResNet-56", "resnet56"],
  ["net", "FitNet4", "fitnet4"],
  ["init", "he_normal", "he"],
  ["init", "kaiming_normal", "he"],
  ["init", "xavier_uniform", "glorot"],
  ["init", "orthogonal", "orthonormal"],
  ["init", "LSUV", "lsuv"],
  ["optimizer", "RMSprop", "rmsprop"],
  ["optimizer", "SGD", "sgd"],
  ["activation", "ReLU", "relu"],
  ["activation", "leaky_relu", "vlrelu"],
  ["loss", "cross-entropy", "softmax"],
  ["dataset", "CIFAR-10", "cifar10"],
];

for (const [option, found, meant] of VALUES) {
  Deno.test(`--${option} ${found} is answered by ${meant}`, () => {
    const parse = () => parseOptions(trainTable("cifar"), [`--${option}`, found]);
    const { message } = assertThrows(parse, OptionError);
    assert(message.startsWith(`--${option}: expected one of `), message);
    assert(message.endsWith(`, found ${found}; did you mean ${meant}?`), message);
  });
}

Deno.test("nearestChoice() knows no choice for a word that is none", () => {
  assertEquals(nearestChoice(["relu", "tanh"], "quadratic"), undefined);
});

Deno.test("a folder without an option is taken to be data", () => {
  const parse = (word: string) => () => parseOptions(trainTable("cifar"), [word]);
  const folder = Deno.makeTempDirSync();
  try {
    assertThrows(parse(folder), OptionError, `found ${folder}; did you mean --data ${folder}?`);
  } finally {
    Deno.removeSync(folder);
  }
  const { message } = assertThrows(parse("/absent/folder"), OptionError);
  assertEquals(message, "expected options only, found /absent/folder");
});
