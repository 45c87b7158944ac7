/**
 * The files that the last commit touched that added an op, a layer, an optimizer, ….
 *
 * @module
 */

/** A kind of addition. */
interface Kind {
  readonly name: string;
  /** Matches the subject of a commit that adds just one. */
  readonly subject: RegExp;
}

/** The kinds of additions, with the subjects of their commits. */
export const KINDS: readonly Kind[] = [
  { name: "elementwise op", subject: /^feat\(ops\): elementwise op / },
  { name: "kernel op", subject: /^feat\(ops\): kernel op / },
  { name: "layer", subject: /^feat\(nn\): layer / },
  { name: "optimizer", subject: /^feat\(optim\): optimizer / },
  { name: "model", subject: /^feat\(models\): model / },
  { name: "data set", subject: /^feat\(data\): (data set .*|.* a record and its line$)/ },
  { name: "experiment", subject: /^feat\(experiments\): experiment / },
  { name: "task", subject: /^feat\(tasks\): task / },
  { name: "device", subject: /^feat\(\w+\): .*\bdevice on / },
];

/** The files of a commit: code, tests and docs. */
export interface Touched {
  readonly kind: string;
  /** The commit, and the first line of its message. */
  readonly commit: string;
  readonly subject: string;
  readonly code: readonly string[];
  readonly tests: readonly string[];
  readonly docs: readonly string[];
}

async function git(root: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args, cwd: root }).output();
  if (!success) throw new Error(`git ${args[0]}: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout).trim();
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** What the last commit of each kind touched; kinds without a commit in the history are left out. */
export async function countTouched(root: string): Promise<Touched[]> {
  const log = lines(await git(root, "log", "--format=%h %s"));
  const commits = log.map((line) => /^(\S+) (.*)$/.exec(line)!.slice(1) as [string, string]);
  const counted = KINDS.map(async ({ name, subject }) => {
    const found = commits.find(([, message]) => subject.test(message));
    if (found === undefined) return [];
    const files = lines(await git(root, "show", "--format=", "--name-only", found[0]));
    const tests = files.filter((file) => file.startsWith("tests/"));
    const docs = files.filter((file) => file.endsWith(".md") || file.startsWith("docs/"));
    const code = files.filter((file) => !tests.includes(file) && !docs.includes(file));
    return [{ kind: name, commit: found[0], subject: found[1], code, tests, docs }];
  });
  return (await Promise.all(counted)).flat();
}

const START = "<!-- counted by deno task architecture -->", END = "<!-- end -->";

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** The most files that are listed by name. */
const NAMED = 4;

/** Files by name, or their counts by folder where there are many. */
export function listFiles(files: readonly string[]): string {
  if (files.length <= NAMED) return files.map((file) => `\`${file}\``).join(", ");
  const folders = Map.groupBy(files, (file) => file.split("/").slice(0, -1).slice(0, 3).join("/"));
  return [...folders].map(([folder, { length }]) => `\`${folder}/\` (${length})`).join(", ");
}

/** A page with the table of counts between its two marks. */
export function withCounts(page: string, touched: readonly Touched[]): string {
  const [before, rest] = page.split(START), after = rest?.split(END)[1];
  if (after === undefined) {
    throw new Error(`expected ${START} and ${END} in the page, found neither`);
  }
  const table = [
    row("to add", "files", "tests", "docs", "which files", "commit"),
    row("---", "---:", "---:", "---:", "---", "---"),
    ...touched.map(({ kind, commit, code, tests, docs }) =>
      row(kind, code.length, tests.length, docs.length, listFiles(code), `\`${commit}\``)
    ),
  ];
  return `${before}${START}\n\n${table.join("\n")}\n\n${END}${after}`;
}
