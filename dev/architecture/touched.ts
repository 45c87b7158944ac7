/**
 * Which files the last commit touched that added an op, a layer, an optimizer, ….
 *
 * @module
 */

/** A kind of thing that is added to the house. */
interface Kind {
  readonly name: string;
  /** What the subject of a commit that adds one alone looks like. */
  readonly subject: RegExp;
  /** Where it stands, and where else it is named, for those who add the next one. */
  readonly where: string;
}

/** What is added to the house, and how the commits that add one begin. */
export const KINDS: readonly Kind[] = [
  {
    name: "elementwise op",
    subject: /^feat\(ops\): elementwise op /,
    where: "`src/ops/scalar.ts`, `src/ops/mod.ts`",
  },
  { name: "kernel op", subject: /^feat\(ops\): kernel op /, where: "" },
  { name: "layer", subject: /^feat\(nn\): layer /, where: "" },
  { name: "optimizer", subject: /^feat\(optim\): optimizer /, where: "" },
  { name: "model", subject: /^feat\(models\): model /, where: "" },
  { name: "data set", subject: /^feat\(datasets\): data set /, where: "" },
  { name: "experiment", subject: /^feat\(experiments\): experiment /, where: "" },
  { name: "task", subject: /^feat\(tasks\): task /, where: "" },
  { name: "device", subject: /^feat\(cpu\): WebAssembly SIMD device /, where: "" },
];

/** The files of a commit, by what they are for. */
export interface Touched {
  readonly kind: string;
  readonly where: string;
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

/** What the last commit of each kind touched; nothing of kinds that the history has no commit of. */
export async function countTouched(root: string): Promise<Touched[]> {
  const log = lines(await git(root, "log", "--format=%h %s"));
  const commits = log.map((line) => /^(\S+) (.*)$/.exec(line)!.slice(1) as [string, string]);
  const counted = KINDS.map(async ({ name, subject, where }) => {
    const found = commits.find(([, message]) => subject.test(message));
    if (found === undefined) return [];
    const files = lines(await git(root, "show", "--format=", "--name-only", found[0]));
    const tests = files.filter((file) => file.startsWith("tests/"));
    const docs = files.filter((file) => file.endsWith(".md") || file.startsWith("docs/"));
    const code = files.filter((file) => !tests.includes(file) && !docs.includes(file));
    return [{ kind: name, where, commit: found[0], subject: found[1], code, tests, docs }];
  });
  return (await Promise.all(counted)).flat();
}

const START = "<!-- counted by deno task architecture -->", END = "<!-- end -->";

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** A page with the table of what was counted between its two marks. */
export function withCounts(page: string, touched: readonly Touched[]): string {
  const [before, rest] = page.split(START), after = rest?.split(END)[1];
  if (after === undefined) {
    throw new Error(`expected ${START} and ${END} in the page, found neither`);
  }
  const table = [
    row("to add", "files", "tests", "docs", "touch", "last one"),
    row("---", "---:", "---:", "---:", "---", "---"),
    ...touched.map(({ kind, where, commit, code, tests, docs }) =>
      row(kind, code.length, tests.length, docs.length, where, `\`${commit}\``)
    ),
  ];
  return `${before}${START}\n\n${table.join("\n")}\n\n${END}${after}`;
}
