/**
 * The commands that the documentation shows: their tasks, options and choices exist.
 */
import { assert, assertEquals } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };
import { readPages, withoutBlocks } from "./pages.ts";

const TASKS: Readonly<Record<string, { readonly command: string }>> = configuration.tasks;
const PAGES = await readPages();

/** A command line of a task, where it stands, and its words. */
interface Line {
  readonly path: string;
  readonly line: string;
  readonly task: string;
  readonly words: readonly string[];
}

/** The lines of a page that are commands: in blocks for the shell, and in code within sentences. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code!);
  const lines = blocks.flatMap((code) => code.replace(/\\\n/g, " ").split("\n"));
  const inline = [...withoutBlocks(text).matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  return [...lines, ...inline.map((code) => code.replace(/\s+/g, " "))];
}

/** The command lines of tasks; what follows `#` is a comment, and commands may be joined by `&&`. */
function linesOf(path: string, text: string): Line[] {
  return codeOf(text).map((line) => line.replace(/(^|\s)#.*$/, ""))
    .flatMap((line) => line.split("&&"))
    .flatMap((line) => {
      const [, rest] = /\bdeno task (?:-q |--quiet )?(.+)$/.exec(line.trim()) ?? [];
      const [task, ...words] = rest?.trim().split(/\s+/) ?? [];
      if (task === undefined) return [];
      return partsOf([task, ...words]).map(([task, ...words]) => (
        { path, line: line.trim(), task: task!, words }
      ));
    });
}

/** The words of a task, and of the task that it submits, whose options are its own. */
function partsOf(words: readonly string[]): readonly (readonly string[])[] {
  const at = words[0] === "submit" ? words.findIndex((word, i) => i > 0 && word in TASKS) : -1;
  if (at < 0) return [words];
  return [words.slice(0, at).filter((word) => word !== "--"), words.slice(at)];
}

/** What a file of the documentation's programs, or a help page, names. */
const LINES = PAGES.flatMap(({ path, text }) => linesOf(path, text));

/** `ablate:…`, `repro:NAME`, `train:*` and the like stand for several tasks. */
const isPattern = (task: string): boolean => /[…*]|[A-Z]{2}/.test(task);

const decoder = new TextDecoder();

/** Processes that run at a time. */
const AT_ONCE = 4;
let running: Promise<unknown>[] = [];

/** Waits for a place among the processes that run. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  while (running.length >= AT_ONCE) await Promise.race(running);
  const own = work();
  running.push(own);
  try {
    return await own;
  } finally {
    running = running.filter((each) => each !== own);
  }
}

/** The help page of a task; of an experiment without a task of its own, its own. */
async function helpOf(task: string, words: readonly string[] = []): Promise<string> {
  const [, run, ...rest] = TASKS[task]!.command.split(" ");
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [run!, "--no-check", ...rest, ...words, "--help"],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  return decoder.decode(stdout);
}

const pages = new Map<string, Promise<string>>();

/** The help page of a command line, asked for once. */
function helpFor({ task, words }: Line): Promise<string> {
  const own = task === "experiment" && /^\w+:\w+$/.test(words[0] ?? "") ? [words[0]!] : [];
  const name = [task, ...own].join(" ");
  if (!pages.has(name)) pages.set(name, inTurn(() => helpOf(task, own)));
  return pages.get(name)!;
}

/** The part of a help page about an option; undefined where it has none. */
const entryOf = (help: string, option: string): string | undefined =>
  new RegExp(`^  --${option}\\b.*?(?=^  --|^$)`, "ms").exec(help)?.[0] ??
    (new RegExp(`--no-${option}\\b`).test(help) ? "" : undefined);

/** The choices that an entry lists, in its head or at its end; undefined where it takes any value. */
function choicesOf(entry: string): string[] | undefined {
  const [head] = entry.split("\n"), [, joined] = /^ {2}--\S+ (\S+\|\S+)$/.exec(head!) ?? [];
  if (joined) return joined.split("|");
  const [, listed] = /One of ([^.]*)\./s.exec(entry) ?? [];
  return listed?.split(",").map((each) => each.trim());
}

/** Whether a page shows how to add what it names, such as a data set. */
const isAddedBy = (path: string, name: string): boolean =>
  PAGES.some((page) => page.path === path && page.text.includes(`name: "${name}"`));

/** What is wrong with the options of a command line. */
function faultsOf(help: string, { path, line, words }: Line): string[] {
  return words.flatMap((word, at) => {
    const [, name, joined] = /^--(?:no-)?([a-z][\w-]*)(?:=(.*))?$/i.exec(word) ?? [];
    if (name === undefined || name === "help") return [];
    const entry = entryOf(help, name), value = joined ?? words[at + 1] ?? "";
    if (entry === undefined) return [`${path}: ${line}: no option --${name}`];
    const choices = choicesOf(entry), isName = /^[\w-]+$/.test(value) && !/^[A-Z]+$/.test(value);
    return choices && isName && !choices.includes(value) && !isAddedBy(path, value)
      ? [`${path}: ${line}: --${name} ${value} is none of ${choices.join(", ")}`]
      : [];
  });
}

Deno.test("the tasks that the documentation names exist", () => {
  const unknown = LINES.filter(({ task }) => !isPattern(task) && !(task in TASKS));
  assertEquals(unknown.map(({ path, line }) => `${path}: ${line}`), []);
  assert(LINES.length > 100, `expected many commands, found ${LINES.length}`);
});

Deno.test("the options and choices that the documentation's commands have exist", async () => {
  // Options of `deno task test` are those of `deno test`.
  const lines = LINES.filter(({ task, words }) =>
    task in TASKS && task !== "test" && words.some((word) => word.startsWith("-"))
  );
  assert(lines.length > 50, `expected many options, found ${lines.length}`);
  const faults = await Promise.all(
    lines.map(async (line) => faultsOf(await helpFor(line), line)),
  );
  assertEquals(faults.flat(), []);
});

/** Options of other programs that the documentation names. */
const FOREIGN = [
  "webgpu",
  "config",
  "doc",
  "filter",
  "fail-fast",
  "parallel",
  "allow-env",
  "allow-ffi",
  "allow-read",
  "v8-flags",
  "experimental-wasm-revectorize",
  "wasm-bounds-checks",
  "install-recommends",
  "logdir",
  // Slurm's.
  "exclusive",
  "bind-to",
  "nice",
  "requeue",
  "signal",
];

/** The tasks without those that differ from others by V8's flags alone. */
const OWN = Object.keys(TASKS).filter((task) => !/:fast$/.test(task));

const helpOfAll = () =>
  Promise.all(OWN.map((task) => helpFor({ path: "", line: "", task, words: [] })));

Deno.test("the tasks, options and choices that help pages name exist", async () => {
  const pages = await helpOfAll(), all = pages.join("\n");
  const faults = pages.map(async (help, i) => {
    const lines = help.split("\n").flatMap((line) =>
      /^ +(?:deno task|GOODINIT)/.test(line) ? [`\`${line.trim()}\``] : []
    );
    const commands = linesOf(OWN[i]!, lines.join("\n"));
    const unknown = commands.filter(({ task }) => !isPattern(task) && !(task in TASKS));
    const known = commands.filter(({ task, words }) =>
      task in TASKS && task !== "test" && words.some((word) => word.startsWith("-"))
    );
    const named = [...help.matchAll(/--(?:no-)?([a-z][\w-]*)/g)].map(([, name]) => name!);
    return [
      ...unknown.map(({ line }) => `${OWN[i]}: ${line}`),
      ...(await Promise.all(known.map(async (line) => faultsOf(await helpFor(line), line)))).flat(),
      ...named.filter((name) => !FOREIGN.includes(name) && entryOf(all, name) === undefined)
        .map((name) => `${OWN[i]}: --${name}`),
    ];
  });
  assertEquals((await Promise.all(faults)).flat(), []);
});

Deno.test("every option that a sentence of the documentation names exists in a task", async () => {
  const help = (await helpOfAll()).join("\n");
  const faults = PAGES.filter(({ path }) => path !== "docs/decisions.md").flatMap((page) => {
    const code = [...withoutBlocks(page.text).matchAll(/`(--[a-z][^`]*)`/g)].map((found) =>
      found[1]!
    );
    const options = code.flatMap((text) => [...text.matchAll(/--(?:no-)?([a-z][\w-]*)/gi)]);
    return options.map(([, name]) => name!).filter((name) =>
      !FOREIGN.includes(name) && entryOf(help, name) === undefined
    ).map((name) => `${page.path}: --${name}`);
  });
  assertEquals(faults, []);
});
