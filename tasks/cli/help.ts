/**
 * The help page of a table of options.
 *
 * @module
 */
import { type Operands, type Option, type Table, usageLine } from "./option_table.ts";

/** Options that stand together under a title of their own. */
export interface Section {
  readonly title: string;
  /** What they have in common. */
  readonly note?: string;
  /** Their names. */
  readonly options: readonly string[];
}

/** What a help page says beside the options. */
export interface Page {
  /** How the command is called, such as `deno task train:mnist`. */
  readonly command: string;
  /** What it does. */
  readonly about: string;
  /** What it takes beside its options; nothing if left out. */
  readonly operands?: Operands;
  /** Sections of options; those in none come first. */
  readonly sections?: readonly Section[];
  /** Command lines, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** What else there is to know, a paragraph each; nothing if left out. */
  readonly notes?: readonly string[];
}

const WIDTH = 88;

/** A text wrapped into lines of at most WIDTH characters, each behind `indent`. */
function wrapped(text: string, indent: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1]!;
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join("\n");
}

function defaultText(option: Option): string | undefined {
  if (option.otherwise) return option.otherwise;
  if (option.default === undefined) return undefined;
  if (option.kind === "flag") return option.default ? "on" : undefined;
  return String(option.default);
}

/** The placeholder for the value of an option that names none. */
const VALUES = { text: "TEXT", path: "PATH", number: "N", integer: "N" } as const;

/** Whether choices do not fit on the line of their option. */
const areMany = (name: string, choices: readonly string[]): boolean =>
  `  --${name} ${choices.join("|")}`.length > WIDTH;

function optionHead(name: string, option: Option): string {
  switch (option.kind) {
    case "flag":
      return option.default ? `--${name}, --no-${name}` : `--${name}`;
    case "choice":
      return `--${name} ${areMany(name, option.choices) ? "NAME" : option.choices.join("|")}`;
    case "numbers":
      return `--${name} ${option.value ?? "N,N,…"}`;
    default:
      return `--${name} ${option.value ?? VALUES[option.kind]}`;
  }
}

function entry(name: string, option: Option): string {
  const usual = defaultText(option);
  const isListed = option.kind !== "choice" || !areMany(name, option.choices) ||
    option.choices.every((choice) => option.help.includes(`${choice} (`));
  const choices = isListed ? "" : ` One of ${option.choices.join(", ")}.`;
  const help = option.help + choices + (usual === undefined ? "" : ` Default: ${usual}.`);
  return `  ${optionHead(name, option)}\n${wrapped(help, "      ")}`;
}

function operandsPart({ names }: Operands): string {
  return `OPERANDS\n${
    names.map(([name, help]) => `  ${name}\n${wrapped(help, "      ")}`).join("\n")
  }`;
}

const HELP = "  --help, -h\n      Print this page.";

/** The parts of a help page about options: those in no section, then the sections. */
function optionParts(sections: readonly Section[], table: Table): string[] {
  const placed = new Set(sections.flatMap(({ options }) => options));
  const entries = (names: readonly string[]) =>
    names.filter((name) => name in table).map((name) => entry(name, table[name]!));
  const first = entries(Object.keys(table).filter((name) => !placed.has(name)));
  const parts = sections.map(({ title, note, options }) =>
    [title, ...(note ? [wrapped(note, "  "), ""] : []), ...entries(options)].join("\n")
  );
  return [["OPTIONS", HELP, ...first].join("\n"), ...parts];
}

/** The help page of a command. */
export function formatHelp(
  { command, about, operands, sections = [], examples, notes = [] }: Page,
  table: Table,
): string {
  const own = Object.keys(table).length > 0;
  const usage = [command, operands && usageLine(operands), own && "[--OPTION VALUE]..."];
  return [
    `NAME\n${wrapped(`${command} - ${about}`, "  ")}`,
    `USAGE\n  ${usage.filter(Boolean).join(" ")}`,
    ...(operands ? [operandsPart(operands)] : []),
    ...optionParts(sections, table),
    `EXAMPLES\n${examples.map(([line, what]) => `${wrapped(what, "  ")}\n    ${line}`).join("\n")}`,
    ...(notes.length > 0
      ? [`NOTES\n${notes.map((note) => wrapped(note, "  ")).join("\n\n")}`]
      : []),
  ].join("\n\n") + "\n";
}
