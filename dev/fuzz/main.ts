/**
 * `deno task fuzz`: damages files of every format that is read, and checks how readers take them. See `--help`.
 *
 * @module
 */
import { type Command, command, EXIT, OptionError, type Values } from "../../tasks/cli/mod.ts";
import { FORMATS } from "./formats/mod.ts";
import { fileOf, type Find, judge, openFormat, type Recipe } from "./judge.ts";
import type { Span } from "./run.ts";
import { walkExperiment, walkRun } from "./side_files/walk.ts";
import { watchFormat } from "./watch.ts";

/** Folders whose files are damaged, and about how many ways there are. */
const FOLDERS: Readonly<Record<string, { readonly walk: typeof walkRun; readonly cases: number }>> =
  {
    "run-files": { walk: walkRun, cases: 20_000 },
    "experiment-files": { walk: walkExperiment, cases: 20_000 },
  };

/** The formats, then the folders whose files are damaged one after the other. */
const NAMES = [...FORMATS.map(({ name }) => name), ...Object.keys(FOLDERS)];

const TABLE = {
  format: {
    kind: "text",
    value: "NAME,…",
    help: `Formats: ${NAMES.join(", ")}.`,
    otherwise: "all of them",
  },
  count: { kind: "integer", from: 1, to: 2 ** 31, default: 10_000, help: "Files of each format." },
  seed: {
    kind: "integer",
    from: 0,
    to: 2 ** 31 - 1,
    help: "The seed, which decides all files; it is printed.",
    otherwise: "another one each time",
  },
  minutes: {
    kind: "number",
    above: 0,
    help: "Repeat with the next seeds until so many minutes have passed.",
    otherwise: "once",
  },
  recipe: {
    kind: "text",
    value: "JSON",
    help: "Read the file of one find again, as it was printed.",
    otherwise: "new files",
  },
} as const;

const COMMAND: Command<typeof TABLE> = {
  name: "fuzz",
  table: TABLE,
  page: {
    command: "deno task fuzz",
    about:
      "damage files of every format that is read, and check that readers accept them with valid values or " +
      "refuse them in one line, in time and in little memory.",
    examples: [
      ["deno task fuzz", "10,000 files of each format:"],
      ["deno task fuzz --format png,jpeg --count 300 --seed 7", "Some, the same ones again:"],
      ["nice deno task fuzz --minutes 240", "All night:"],
      [
        "17 2 * * * cd goodinit && nice deno task fuzz > fuzz.log 2>&1 || mail -s fuzz me < fuzz.log",
        "Every night, as a line of crontab that sends what was found:",
      ],
    ],
    notes: [
      "A file is a whole one with one to four edits: bytes, bits, lengths, truncation, parts of another file, " +
      "numbers in text, fields of JSON; most are given right checksums, so that what is behind them is reached.",
      "A find is an exception that is not one of this project's errors, an error of several lines, a file that " +
      "takes more than 5 seconds of computing or 400 MiB, does not end or ends the program, and one that is accepted " +
      "with values that are not valid. It is printed with as few edits as show it, as a line for dev/fuzz/finds.json, whose files a test " +
      "reads again.",
      "Exit codes: 0 nothing found, 1 something found, 2 a wrong command line.",
    ],
  },
};

/** The numbers of the formats that are asked for. */
function chosenFormats(text: string | undefined): number[] {
  if (text === undefined) return [...NAMES.keys()];
  return text.split(",").map((name) => {
    const at = NAMES.indexOf(name.trim());
    if (at >= 0) return at;
    throw new OptionError(`--format: expected one of ${NAMES.join(", ")}, found ${name}`);
  });
}

/** The most letters of a fault that are shown. */
const SHOWN = 400;

const showFind = ({ fault, ...recipe }: Find): string =>
  `  ${fault.replace(/\s+/g, " ").slice(0, SHOWN)}\n    ${JSON.stringify(recipe)}`;

/** Reads the file of a recipe again; whether it is still a find. */
async function again(text: string): Promise<boolean> {
  let recipe: Recipe;
  try {
    recipe = JSON.parse(text);
  } catch {
    throw new OptionError(`--recipe: expected JSON, found ${text}`);
  }
  const format = FORMATS.find(({ name }) => name === recipe.format);
  if (!format) throw new OptionError(`--recipe: expected a format, found ${recipe.format}`);
  const open = await openFormat(format), folder = await Deno.makeTempDir();
  const bytes = await fileOf(open, recipe), verdict = await judge(open, bytes, folder);
  await Deno.remove(folder, { recursive: true });
  console.log("fault" in verdict ? verdict.fault : verdict.accepted ? "accepted" : "refused");
  return "fault" in verdict;
}

/** How a format went: what is shown of it, and its finds in words. */
interface Outcome {
  readonly cells: readonly string[];
  readonly finds: readonly string[];
}

async function fuzzFormat(span: Span): Promise<Outcome> {
  const finds: string[] = [];
  const { files, accepted } = await watchFormat(span, (find) => finds.push(showFind(find)));
  return { cells: [`${files} files`, `${accepted} accepted`], finds };
}

/** Damages the files of a folder, in about as many ways as asked for. */
async function fuzzFolder(name: string, seed: number, count: number): Promise<Outcome> {
  const folder = await Deno.makeTempDir(), { walk, cases: all } = FOLDERS[name]!;
  const every = Math.max(1, Math.ceil(all / count)), first = seed % every;
  try {
    const { cases, finds } = await walk(folder, { every, first });
    const shown = finds.map(({ task, file, damage, fault }) =>
      `  ${task}, ${file}, ${damage}: ${fault.replace(/\s+/g, " ")}`
    );
    return { cells: [`${cases} files`, ""], finds: [...new Set(shown)] };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Fuzzes formats with a seed; returns how many finds there were. */
async function fuzz(orders: readonly number[], seed: number, count: number): Promise<number> {
  console.log(`seed ${seed}, ${count} files of each format`);
  let all = 0;
  for (const order of orders) {
    const name = NAMES[order]!, start = performance.now();
    const { cells, finds } = await (FORMATS[order]
      ? fuzzFormat({ seed, order, from: 0, to: count })
      : fuzzFolder(name, seed, count));
    const seconds = (performance.now() - start) / 1000;
    const row = [name, ...cells, `${finds.length} found`, `${seconds.toFixed(1)} s`];
    console.log(
      row.map((cell) =>
        cell.padEnd(18)
      ).join("").trimEnd(),
    );
    finds.forEach((find) => console.log(find));
    all += finds.length;
  }
  return all;
}

async function work(values: Values<typeof TABLE>): Promise<number> {
  if (values.recipe !== undefined) return await again(values.recipe) ? EXIT.failed : EXIT.done;
  const orders = chosenFormats(values.format), { count, minutes = 0 } = values;
  const first = values.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
  const end = performance.now() + 60_000 * minutes;
  let found = 0, seed = first;
  do {
    found += await fuzz(orders, seed, count);
    seed = (seed + 1) % 2 ** 31;
  } while (performance.now() < end);
  return found > 0 ? EXIT.failed : EXIT.done;
}

if (import.meta.main) Deno.exit(await command(COMMAND, Deno.args, ({ values }) => work(values)));
