/**
 * The tasks of deno.json, as a stranger meets them: each is described, prints help, and refuses what it does
 * not know.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };

interface Task {
  readonly description: string;
  readonly command: string;
}

const TASKS: readonly (readonly [name: string, task: Task])[] = Object.entries(configuration.tasks);

/** Runs a task's program, without the type check that `deno run` has none of either. */
async function run({ command }: Task, ...args: string[]) {
  const [, sub, ...rest] = command.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [sub!, "--no-check", ...rest, ...args],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1", GOODINIT_MIRRORS: "none" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

Deno.test("every task says in one short line what it does", () => {
  for (const [name, { description }] of TASKS) {
    assert(description.length <= 80 && !/[\n.]$/.test(description), `${name}: ${description}`);
  }
  const all = TASKS.map(([, { description }]) => description);
  assertEquals(new Set(all).size, all.length);
});

/** The program of a task. */
const programOf = ({ command }: Task) => /\S+\.ts\b/.exec(command)?.[0] ?? command;

/** The first task of each program; experiments share theirs. */
const PROGRAMS = [
  ...new Map(TASKS.toReversed().map((each) => [programOf(each[1]), each])).values(),
].reverse();

for (const [name, task] of PROGRAMS) {
  Deno.test(`deno task ${name} prints help, and refuses an option that it does not know`, async () => {
    const [help, wrong] = await Promise.all([run(task, "--help"), run(task, "--unheard-of")]);
    assertEquals([help.code, help.err], [0, ""]);
    const head = help.out.split("\n\n")[0]!.replace(/\s+/g, " ");
    assertStringIncludes(head, `NAME deno task ${name} - `);
    for (const part of ["USAGE", "OPTIONS", "EXAMPLES"]) {
      assertStringIncludes(help.out, `\n${part}\n`);
    }
    assert(wrong.code > 0, `expected an error, found\n${wrong.out}`);
    assertStringIncludes(wrong.err, "--unheard-of");
  });
}
