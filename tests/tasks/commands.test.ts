/**
 * The tasks that use weights, as processes.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };

const TASKS = ["evaluate", "predict", "inspect", "export", "import"] as const;

async function run(task: string, ...args: string[]) {
  const [, ...command] = configuration.tasks[task as (typeof TASKS)[number]].command.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command[0]!, "--no-check", ...command.slice(1), ...args],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}

for (const task of TASKS) {
  Deno.test(`deno task ${task} prints help, and ends with 2 on a wrong command line`, async () => {
    const [help, wrong] = await Promise.all([run(task, "--help"), run(task, "--unheard-of")]);
    assertEquals([help.code, help.err], [0, ""]);
    assertStringIncludes(help.out!, `NAME\n  deno task ${task} - `);
    for (const part of ["USAGE", "OPERANDS", "OPTIONS", "EXAMPLES", "NOTES"]) {
      assertStringIncludes(help.out!, `\n${part}\n`);
    }
    assertEquals([wrong.code, wrong.out], [2, ""]);
    assertEquals(
      wrong.err,
      `${task}: expected a known option, found --unheard-of; --help lists them\n`,
    );
  });
}
