/**
 * `deno task api`: writes docs/api.md, one line per public name, from the output of `deno doc`. See `--help`.
 *
 * @module
 */
import { counted } from "../src/counted.ts";
import { type Command, command, denoProgram, TaskError } from "../tasks/cli/mod.ts";
import { checkOption } from "./check_option.ts";
import { firstSentence } from "./first_sentence.ts";
import { formatMarkdown } from "./format_markdown.ts";

const FILE = "docs/api.md";

/** A declaration in the output of `deno doc --json`, as far as it is used here. */
interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string };
  readonly jsDoc?: {
    readonly doc?: string;
    readonly tags?: readonly { readonly kind: string }[];
  };
  readonly def?: {
    readonly params?: readonly Parameter[];
    readonly tsType?: FunctionType;
    readonly methods?: readonly Method[];
  };
}

interface FunctionType {
  readonly kind: string;
  readonly value?: { readonly params?: readonly Parameter[] };
}

interface Parameter {
  readonly kind: string;
  readonly name?: string;
  readonly optional?: boolean;
  readonly left?: Parameter;
  readonly arg?: Parameter;
}

interface Method {
  readonly name: string;
  readonly params?: readonly Parameter[];
  readonly jsDoc?: Declaration["jsDoc"];
}

interface Named {
  readonly name: string;
  readonly declarations: readonly Declaration[];
}

/** The sections of docs/api.md, in order: a title, and the source files whose names are listed under it. */
const SECTIONS: readonly (readonly [title: string, paths: readonly string[]])[] = [
  ["Tensors", ["src/tensor.ts", "src/spec.ts", "src/host_data.ts", "src/shape.ts"]],
  ["Trees of tensors, under `tree`", ["src/tree.ts", "src/tree_form.ts", "src/tuple.ts"]],
  ["Ops, under `ops`", ["src/ops/"]],
  ["Gradients", ["src/grad.ts"]],
  ["Random numbers, under `random`", ["src/random.ts", "src/threefry.ts"]],
  ["Devices", ["src/runtime/", "src/device/"]],
  ["Several processes", ["src/distributed/", "src/processes.ts"]],
  ["Layers and losses, under `nn`", ["src/nn/"]],
  ["Initialization, under `init`", ["src/init/", "src/nn/initializers/"]],
  ["Networks, under `models`", ["src/models/"]],
  ["Optimizers and schedules, under `optim`", ["src/optim/"]],
  ["Data, under `data`", ["src/data/"]],
  ["Pictures in folders, from `@goodinit/goodinit/images`", ["tasks/images/"]],
  ["Training and files, under `train`", ["src/train/"]],
  ["Notebooks, under `train`", ["src/show/"]],
];

const HEAD = `# API

Every public name and what it is, in one line. The library's documentation comments say more, and have
an example for every function: \`deno doc --filter conv src/nn/mod.ts\`. What every program uses is at the
root of the package too: \`deno doc mod.ts\`. Written by \`deno task api\`.
`;

/** The modules of the public names: the root, then its namespaces, then the other exports of the package. */
export const MODULES: readonly string[] = [
  "mod.ts",
  "src/random.ts",
  "src/tree.ts",
  ...["data", "init", "models", "nn", "ops", "optim", "train"].map((name) => `src/${name}/mod.ts`),
  "tasks/images/mod.ts",
];

function parameterName({ kind, name, optional, left, arg }: Parameter): string {
  if (kind === "rest") return `...${arg?.name ?? "rest"}`;
  if (kind === "assign") return `${left?.name ?? "options"}?`;
  return `${name ?? "options"}${optional ? "?" : ""}`;
}

const call = (name: string, params: readonly Parameter[]): string =>
  `${name}(${params.map(parameterName).join(", ")})`;

/** How a name is used: a function with its parameters, a type with its keyword. */
function usage(name: string, { kind, def }: Declaration): string {
  if (kind === "function") return call(name, def?.params ?? []);
  if (kind === "variable") {
    const { tsType } = def ?? {};
    return tsType?.kind === "fnOrConstructor" ? call(name, tsType.value?.params ?? []) : name;
  }
  return `${kind === "typeAlias" ? "type" : kind} ${name}`;
}

function renderLines({ name, declarations: [first] }: Named): string[] {
  const line = (text: string, doc?: Declaration["jsDoc"]) =>
    `- \`${text}\`: ${firstSentence(doc?.doc ?? "")}`;
  const methods = first!.kind === "interface" ? first!.def?.methods ?? [] : [];
  return [
    line(usage(name, first!), first!.jsDoc),
    ...methods.filter(({ name }) => !name.startsWith("[")).map((each) =>
      "  " + line(call(each.name, each.params ?? []), each.jsDoc)
    ),
  ];
}

/** The public names, each once, those of the root first. */
export async function publicNames(root: string): Promise<readonly Named[]> {
  const { success, stdout, stderr } = await new Deno.Command(denoProgram(), {
    args: ["doc", "--json", ...MODULES],
    cwd: root,
  }).output();
  if (!success) throw new Error(`api: deno doc failed: ${new TextDecoder().decode(stderr)}`);
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  const modules = Object.entries<{ readonly symbols: readonly Named[] }>(nodes);
  const all = MODULES.flatMap((file) =>
    modules.find(([url]) => url.endsWith(`/${file}`))![1].symbols
  );
  const described = all
    .map(({ name, declarations }) => ({
      name,
      declarations: declarations.filter(({ kind }) => kind !== "reference" && kind !== "namespace"),
    }))
    .filter(({ declarations }) => declarations.length > 0);
  return [...new Map(described.toReversed().map((each) => [identity(each), each])).values()]
    .toReversed();
}

/** A key that all exports of one declaration share. */
const identity = (each: Named): string => `${sourceOf(each)} ${each.name}`;

const sourceOf = ({ declarations: [first] }: Named): string =>
  first!.location.filename.replace(/^.*\/(?=(?:src|tasks)\/)/, "");

/** The title of a name's section: that of the longest path that matches its file. */
function findSection(each: Named): string | undefined {
  const source = sourceOf(each);
  return SECTIONS.flatMap(([title, paths]) => paths.map((path) => ({ title, path })))
    .filter(({ path }) => path.endsWith("/") ? source.startsWith(path) : source === path)
    .toSorted((a, b) => b.path.length - a.path.length)[0]?.title;
}

/** The functions and classes that have no example. */
export const withoutExample = (names: readonly Named[]): string[] =>
  names.filter(({ declarations: [first] }) =>
    (first?.kind === "function" || first?.kind === "class") &&
    !first.jsDoc?.tags?.some((tag) => tag.kind === "example")
  ).map((each) => `${sourceOf(each)}: ${each.name}`);

/** The text of docs/api.md. */
export function render(names: readonly Named[]): string {
  const lost = names.find((each) => !findSection(each));
  if (lost) {
    throw new RangeError(
      `api: expected a section of dev/api.ts for ${sourceOf(lost)}, found none`,
    );
  }
  const sections = SECTIONS.map(([title]) => {
    const own = names.filter((each) => findSection(each) === title);
    const sorted = own.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
    return `## ${title}\n\n${sorted.flatMap(renderLines).join("\n")}\n`;
  });
  return [HEAD, ...sections].join("\n");
}

const TABLE = checkOption(FILE);

const API: Command<typeof TABLE> = {
  name: "api",
  table: TABLE,
  page: {
    command: "deno task api",
    about: `write ${FILE}, one line for each public name, from the documentation comments.`,
    examples: [
      ["deno task api", "After a change of public names:"],
      ["deno task api --check", "As deno task ok does:"],
    ],
    notes: ["A function or class without an @example is an error."],
  },
};

async function work(check: boolean): Promise<void> {
  const names = await publicNames("."), bare = withoutExample(names);
  for (const each of bare) console.error(`${each}: expected an @example, found none`);
  const text = await formatMarkdown(render(names), ".");
  if (!check) {
    await Deno.writeTextFile(FILE, text);
    console.log(`${FILE}: ${counted(names.length, "name")}`);
  } else if (await Deno.readTextFile(FILE).catch(() => "") !== text) {
    throw new TaskError(`${FILE} is not up to date; run deno task api`);
  }
  if (check && bare.length > 0) throw new TaskError("expected an @example of every function");
}

if (import.meta.main) {
  Deno.exit(await command(API, Deno.args, ({ values }) => work(values.check)));
}
