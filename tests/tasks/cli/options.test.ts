import { assert, assertEquals, assertThrows } from "@std/assert";
import { closestString, levenshteinDistance } from "../../../src/closest_string.ts";
import { formatHelp } from "../../../tasks/cli/help.ts";
import { EXPERIMENT_OPTIONS } from "../../../tasks/experiments/options.ts";
import { NET_OPTIONS } from "../../../tasks/models/options.ts";
import { DEVICE_OPTIONS } from "../../../tasks/cli/device_options.ts";
import { taskCommand } from "../../../tasks/run/settings.ts";
import { trainPage } from "../../../tasks/training/page.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import {
  type Option,
  OptionError,
  type Table,
  usageLine,
} from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";

const TABLE = {
  kind: { kind: "choice", choices: ["large", "small"], default: "small", help: "How large." },
  rate: { kind: "number", above: 0, below: 1, help: "How fast.", otherwise: "as needed" },
  "drop-at": { kind: "numbers", help: "When." },
  epochs: { kind: "integer", from: 1, default: 3, help: "How often." },
  out: { kind: "path", value: "DIR", help: "Where." },
  mirror: { kind: "flag", default: true, help: "Whether images are mirrored." },
  quiet: { kind: "flag", default: false, help: "Whether to be silent." },
} as const;

const valuesOf = (...args: string[]) => {
  const parsed = parseOptions(TABLE, args);
  assert(parsed !== "help");
  return parsed.values;
};

Deno.test("parseOptions() fills in defaults", () => {
  assertEquals(valuesOf(), {
    kind: "small",
    rate: undefined,
    "drop-at": undefined,
    epochs: 3,
    out: undefined,
    mirror: true,
    quiet: false,
  });
});

Deno.test("parseOptions() reads values of every kind", () => {
  const args = "--kind large --rate=0.5 --drop-at 5,7.5 --epochs 4 --out a/b --no-mirror --quiet";
  assertEquals(valuesOf(...args.split(" ")), {
    kind: "large",
    rate: 0.5,
    "drop-at": [5, 7.5],
    epochs: 4,
    out: "a/b",
    mirror: false,
    quiet: true,
  });
  assertEquals(valuesOf("--drop-at", "none")["drop-at"], []);
});

Deno.test("parseOptions() says which options were given", () => {
  const parsed = parseOptions(TABLE, ["--epochs", "3"]);
  assert(parsed !== "help" && parsed.given.has("epochs") && !parsed.given.has("kind"));
  for (const args of [["--mirror", "--rate=0.5"], ["--no-mirror", "--rate", "0.5"]]) {
    const parsed = parseOptions(TABLE, args);
    assertEquals(parsed !== "help" && [...parsed.given], ["rate", "mirror"]);
  }
});

Deno.test("parseOptions() asks for help", () => {
  assertEquals(parseOptions(TABLE, ["--help"]), "help");
  assertEquals(parseOptions(TABLE, ["--epochs", "2", "-h"]), "help");
});

const MOST = Number.MAX_SAFE_INTEGER;

const FAULTS: readonly (readonly [args: string, says: string])[] = [
  ["--epoch 3", "expected a known option, found --epoch; did you mean --epochs?"],
  ["--epohcs=3", "did you mean --epochs?"],
  ["--no-miror", "found --no-miror; did you mean --mirror?"],
  ["--zzzzzzzzz 1", "found --zzzzzzzzz; --help lists them"],
  ["--large", "expected a known option, found --large; did you mean --kind large?"],
  ["stray", "expected options only, found stray"],
  ["large", "expected options only, found large; did you mean --kind large?"],
  ["--EPOCHS 3", "found --EPOCHS; did you mean --epochs?"],
  ["--Drop_At 3", "found --Drop_At; did you mean --drop-at?"],
  ["--kind SMALL", "found SMALL; did you mean small?"],
  ["--lr 0.1", "found --lr; did you mean --rate?"],
  ["-e 3", "found -e; did you mean --epochs?"],
  ["--milestones=3", "found --milestones=3; did you mean --drop-at?"],
  ["--kind smal", "--kind: expected one of large, small, found smal; did you mean small?"],
  ["--kind", "--kind: expected one of large, small, found nothing"],
  ["--rate fast", "--rate: expected a number above 0 and below 1, found fast"],
  ["--rate 1", "--rate: expected a number above 0 and below 1, found 1"],
  ["--epochs 2.5", "--epochs: expected an integer of at least 1, found 2.5"],
  ["--epochs 0", "--epochs: expected an integer of at least 1, found 0"],
  ["--epochs", "--epochs: expected an integer of at least 1, found nothing"],
  ["--epochs -1", "--epochs: expected an integer of at least 1, found -1"],
  ["--epochs --rate 0.5", "--epochs: expected an integer of at least 1, found nothing"],
  ["--rate -0.5", "--rate: expected a number above 0 and below 1, found -0.5"],
  ["--rate -.5", "--rate: expected a number above 0 and below 1, found -.5"],
  ["--rate -Infinity", "--rate: expected a number above 0 and below 1, found -Infinity"],
  ["--kind -1", "--kind: expected one of large, small, found -1"],
  ["--out -1", "expected a known option, found -1; --help lists them"],
  ["--drop-at -1", "--drop-at: expected numbers above 0 such as 5,7.5, or none, found -1"],
  ["--quiet -1", "expected a known option, found -1; --help lists them"],
  ["--drop-at 3,x", "--drop-at: expected numbers above 0 such as 5,7.5, or none, found 3,x"],
  ["--out=", "expected"],
];

for (const [args, says] of FAULTS) {
  Deno.test(`parseOptions() rejects ${args}`, () => {
    assertThrows(() => parseOptions(TABLE, args.split(" ")), OptionError, says);
  });
}

const TABLES: Readonly<Record<string, Table>> = {
  "train:cifar": trainTable("cifar"),
  "train:mnist": trainTable("mnist"),
  experiments: EXPERIMENT_OPTIONS,
  nets: { ...NET_OPTIONS, ...DEVICE_OPTIONS },
};

/** Values that no option of a kind takes. */
const NEVER = {
  integer: [
    "-1",
    "1.5",
    "abc",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "1e400",
  ]
    .concat("1.00000000000000000001", "0x", "1,5", "NaN", "Infinity", "-Infinity", "1e16", "1e-1"),
  number: ["-1", "abc", "1e400", "-1e400", "3.5e38", "NaN", "Infinity", "-Infinity", "0,5"],
} as const;

for (const [task, table] of Object.entries(TABLES)) {
  Deno.test(`parseOptions() names the bounds of every number of ${task}, and what it found`, () => {
    const numeric = Object.entries(table)
      .filter((entry): entry is [string, Option & { kind: "integer" | "number" }] =>
        entry[1].kind === "integer" || entry[1].kind === "number"
      );
    assert(numeric.length >= 3, `${numeric.length}`);
    for (const [name, option] of numeric) {
      const values: readonly string[] = NEVER[option.kind];
      for (const value of values) {
        for (const args of [[`--${name}`, value], [`--${name}=${value}`]]) {
          const { message } = assertThrows(() => parseOptions(table, args), OptionError);
          const isBelow = option.kind === "integer" && option.to === undefined &&
            !(Number(value) > MOST);
          const what = option.kind === "number"
            ? "a number"
            : isBelow
            ? `an integer of at least ${option.from}`
            : `an integer from ${option.from} to ${option.to ?? MOST}`;
          assert(
            message.startsWith(`--${name}: expected ${what}`) &&
              message.endsWith(`, found ${value}`),
            `${args}: ${message}`,
          );
        }
      }
    }
  });
}

Deno.test("parseOptions() accepts the largest and the least value of an option", () => {
  const table = trainTable("mnist");
  const valueOf = (name: keyof typeof table, ...args: string[]) => {
    const parsed = parseOptions(table, args);
    return parsed !== "help" && parsed.values[name];
  };
  assertEquals(valueOf("seed", "--seed", "9007199254740991"), 9007199254740991);
  assertEquals(valueOf("seed", "--seed", "0"), 0);
  assertEquals(valueOf("epochs", "--epochs", "1e3"), 1000);
  assertEquals(valueOf("watch-port", "--watch-port", "65535"), 65535);
  assertThrows(
    () => valueOf("watch-port", "--watch-port", "65536"),
    OptionError,
    "--watch-port: expected an integer from 0 to 65535, found 65536",
  );
  assertThrows(
    () => valueOf("threads", "--threads", "100000"),
    OptionError,
    "--threads: expected an integer from 1 to 1024, found 100000",
  );
  assertThrows(
    () => valueOf("rate", "--rate", "1e39"),
    OptionError,
    "--rate: expected a number above 0 and of at most 3.4028234663852886e+38, found 1e39",
  );
});

const OPERANDS = { names: [["RUN", "A run."], ["IMAGE", "A picture."]], least: 1 } as const;

Deno.test("parseOptions() keeps operands as they are written, between options", () => {
  const parsed = parseOptions(TABLE, ["7", "--epochs", "4", "a b.png"], OPERANDS);
  assert(parsed !== "help");
  assertEquals([parsed.operands, parsed.values.epochs], [["7", "a b.png"], 4]);
});

Deno.test("parseOptions() rejects too few and too many operands", () => {
  const parse = (args: string[], more = {}) => () =>
    parseOptions(TABLE, args, { ...OPERANDS, ...more });
  assertThrows(parse([]), OptionError, "expected RUN [IMAGE], found nothing; see --help");
  assertThrows(parse(["a", "b", "c"]), OptionError, "expected RUN [IMAGE], found a b c");
  parse(["a", "b", "c"], { repeats: true })();
  assertEquals(usageLine({ ...OPERANDS, repeats: true }), "RUN [IMAGE]...");
});

Deno.test("formatHelp() shows operands", () => {
  const page = formatHelp({ ...trainPage("cifar"), command: "x", operands: OPERANDS }, TABLE);
  assert(
    page.includes("USAGE\n  x RUN [IMAGE] [--OPTION VALUE]...\n\nOPERANDS\n  RUN\n      A run.\n"),
  );
});

Deno.test("closestString() finds a word by its prefix or its letters, or none", () => {
  assertEquals(levenshteinDistance("kitten", "sitting"), 3);
  assertEquals(closestString("fitnet", ["fitnet4", "xavier"]), "fitnet4");
  assertEquals(closestString("momentm", ["decay", "momentum"]), "momentum");
  assertEquals(closestString("quite-else", ["lr", "momentum"]), undefined);
  assertEquals(closestString("3", ["1", "2", "16"]), undefined);
});

Deno.test("formatHelp() shows every option with its default, in lines that fit a terminal", () => {
  for (const task of ["cifar", "mnist", "pictures"] as const) {
    const table = trainTable(task), page = formatHelp(trainPage(task), table);
    for (const name of Object.keys(table)) assert(page.includes(`--${name}`), name);
    assert(page.startsWith(`NAME\n  deno task ${taskCommand(task)} - `));
    assert(page.includes("\nEXAMPLES\n"));
    for (const line of page.split("\n")) assert(line.length <= 112, line);
  }
  assert(formatHelp(trainPage("cifar"), TABLE).includes("      How large. Default: small.\n"));
  const page = formatHelp(trainPage("cifar"), trainTable("cifar")).replace(/\s+/g, " ");
  assert(!page.includes("One of fitnet1"), "nets that are described are not listed again");
  assert(page.includes("For highwayMlp: the hidden layers"));
  assert(page.includes("yes, as published (vggCifar, resnet20, resnet56)"));
});

Deno.test("the help of deno task train speaks of pictures, not of what other tasks train on", () => {
  const page = formatHelp(trainPage("pictures"), trainTable("pictures")).replace(/\s+/g, " ");
  assert(page.includes("deno task train --data photos "));
  assert(page.includes("--crop N Rows and columns of the window"));
  for (
    const other of [
      "train a FitNet",
      "download",
      "GOODINIT_MIRRORS",
      ":fast",
      "those of the FitNets",
    ]
  ) {
    assert(!page.includes(other), other);
  }
});
