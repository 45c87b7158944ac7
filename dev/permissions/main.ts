/**
 * `deno task permissions`: takes every permission of the tasks of users away in turn, and checks that their
 * smallest runs then fail, or do something else. See `--help`.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import { type Command, command, denoProgram, EXIT, TaskError } from "../../tasks/cli/mod.ts";
import { ELSEWHERE, FIRST, type Run, RUNS } from "./runs.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SETS: Readonly<Record<string, Readonly<Record<string, boolean | readonly string[]>>>> =
  configuration.permissions;
const TASKS: Readonly<Record<string, { readonly command: string }>> = configuration.tasks;

/** One permission: a kind, and a name where the set lists names. */
type Atom = readonly [kind: string, name?: string];

const atomsOf = (set: string): readonly Atom[] =>
  Object.entries(SETS[set]!).flatMap(([kind, value]): readonly Atom[] =>
    typeof value === "boolean" ? [[kind]] : value.map((name) => [kind, name])
  );

/** Permissions as options of `deno run`, which has none for the inspector, unlike `deno.json`. */
function flagsOf(atoms: readonly Atom[]): readonly string[] {
  const named = atoms.filter(([, name]) => name !== "inspector");
  const kinds = Map.groupBy(named, ([kind]) => kind);
  return [...kinds].map(([kind, all]) => {
    const names = all.flatMap(([, name]) => name === undefined ? [] : [name]);
    return names.length > 0 ? `--allow-${kind}=${names.join(",")}` : `--allow-${kind}`;
  });
}

/** What a run does: its exit code, and its output and manifest without numbers. */
async function outcome({ task, args, writes }: Run, atoms: readonly Atom[], at: string) {
  if (writes) await Deno.remove(`${at}/${writes}`, { recursive: true }).catch(() => {});
  const [program] = /\S+\.ts/.exec(TASKS[task]!.command)!;
  const options = ["run", "--no-prompt", "--quiet", "--no-check", ...flagsOf(atoms)];
  const { code, stdout, stderr } = await new Deno.Command(denoProgram(), {
    args: [...options, program, ...args(at)],
    cwd: ROOT,
    env: { NO_COLOR: "1", GOODINIT_DATA: "" },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  const manifest = await Deno.readTextFile(`${at}/${writes}/manifest.json`).catch(() => "");
  const { program: { commit = "" } = {} } = manifest ? JSON.parse(manifest) : {};
  return { code, text, shape: `${code} ${text.replace(/[\d.:,-]+/g, "#")} ${commit}` };
}

/** Which permissions of a set its runs do not need; prints a line for each. */
async function unneeded(set: string, at: string): Promise<readonly string[]> {
  const atoms = atomsOf(set), runs = RUNS[set]!, found: string[] = [];
  const whole = await Promise.all(runs.map((run) => outcome(run, atoms, at)));
  const failed = whole.find(({ code }) => code !== 0);
  if (failed) throw new TaskError(`${set}: expected its runs to end well, found ${failed.text}`);
  for (const atom of atoms) {
    const others = atoms.filter((each) => each !== atom), name = atom.join(" ");
    const why = ELSEWHERE.find(([pattern]) => pattern.test(`${set}: ${name}`))?.[1];
    let differs = false;
    for (const [i, run] of why === undefined ? runs.entries() : []) {
      differs ||= (await outcome(run, others, at)).shape !== whole[i]!.shape;
    }
    console.log(`${set}: ${name}: ${differs ? "needed" : why ?? "NOT NEEDED"}`);
    if (!differs && why === undefined) found.push(`${set}: ${name}`);
  }
  return found;
}

const TABLE = {
  only: { kind: "text", value: "SET,…", help: "The permission sets to check.", otherwise: "all" },
} as const;

const TASK: Command<typeof TABLE> = {
  name: "permissions",
  table: TABLE,
  page: {
    command: "deno task permissions",
    about:
      "take every permission of the tasks of users away in turn, and check that it was needed.",
    examples: [["deno task permissions --only inspect", "Those of one set of deno.json:"]],
    notes: [
      `Sets: ${
        Object.keys(RUNS).join(", ")
      }. Without the permission the smallest run of a task must fail, or ` +
      "print something else, or not name the commit; or a line says what else shows that it is needed.",
      "Exit codes: 0 all are needed, 1 some are not or something failed, 2 a wrong command line.",
    ],
  },
};

async function work(only: string | undefined): Promise<number> {
  const sets = only?.split(",") ?? Object.keys(RUNS);
  const unknown = sets.find((set) => !(set in RUNS));
  if (unknown !== undefined) {
    throw new TaskError(
      `--only: expected some of ${Object.keys(RUNS).join(", ")}, found ${unknown}`,
    );
  }
  const at = await Deno.makeTempDir({ prefix: "goodinit-permissions-" }), found: string[] = [];
  try {
    const { code, text } = await outcome(FIRST, atomsOf("train"), at);
    if (code !== 0) throw new TaskError(`expected a run to train, found ${text}`);
    for (const set of sets) found.push(...await unneeded(set, at));
  } finally {
    await Deno.remove(at, { recursive: true });
  }
  console.log(found.length > 0 ? `not needed: ${found.join("; ")}` : "all are needed");
  return found.length > 0 ? EXIT.failed : EXIT.done;
}

if (import.meta.main) {
  Deno.exit(await command(TASK, Deno.args, ({ values }) => work(values.only)));
}
