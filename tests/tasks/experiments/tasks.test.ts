import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import configuration from "../../../deno.json" with { type: "json" };
import { EXPERIMENTS } from "../../../tasks/experiments/catalogue/mod.ts";
import { experimentCommandLine } from "../../../tasks/experiments/experiment.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ended, program } from "./process.ts";
import { SMALL } from "./small.ts";

const run = (...args: string[]) => ended(program("tasks/experiment.ts", args));
const taskOf = (name: string) =>
  configuration.tasks[name as keyof typeof configuration.tasks].command;

/** The experiments that are tasks by their own names too. */
const SHORT = ["preinit", "norm", "lsuv", "pretrain"].map((name) => `ablate:${name}`)
  .concat(
    ["table2", "table3", "figure1", "figure2", "bn", "blog", "highway"].map((name) =>
      `repro:${name}`
    ),
  );

/** Sizes at which every run takes a moment; what it then learns is not asked. */
const SMALLER = ["--epochs", "1", "--subset", "128", "--test-subset", "40"];

for (const { name, options = {} } of EXPERIMENTS) {
  Deno.test(`deno task ${name} --quick, made smaller`, async () => {
    if (SHORT.includes(name)) {
      assertEquals(
        taskOf(name),
        `deno run -P=experiment --no-prompt --quiet tasks/experiment.ts ${name}`,
      );
    }
    await using place = await folderOf({});
    const out = `${place.path}/out`;
    const { code, out: said, err } = await run(
      name,
      "--quick",
      ...SMALLER,
      "--quiet",
      "--out",
      out,
    );
    assertEquals([code, err], [0, ""]);
    const { cells, missing, rows, columns } = await readResults(out);
    // A run that diverges at once has no epochs.
    assertEquals(missing.filter((line) => !line.includes("none of its epochs has ended")), []);
    assertEquals(cells.length, rows.length * columns.length);
    assert(cells.every(({ status }) => status === "done" || status === "n/c"));
    assertStringIncludes(said, "- a quick look: a small net");
    const help = await run(name, "--help");
    assertEquals(help.code, 0);
    for (const option of ["quick", "data", "seeds", "out", "device", ...Object.keys(options)]) {
      assertStringIncludes(help.out, `--${option}`);
    }
  });
}

Deno.test("an unknown experiment is an error that lists the known ones", async () => {
  const { code, err } = await run("ablate:nothing");
  assertEquals(code, 2);
  assertStringIncludes(err, "expected one of ablate:preinit, ablate:norm");
});

Deno.test("an experiment without its own task is run by deno task experiment", () => {
  const commands = ["ablate:norm", "ablate:new"].map((name) =>
    experimentCommandLine({ name, about: "", describe: () => SMALL })
  );
  assertEquals(commands, ["deno task ablate:norm", "deno task experiment ablate:new"]);
  assertEquals(
    configuration.tasks.experiment.command,
    "deno run -P=experiment --no-prompt --quiet tasks/experiment.ts",
  );
});
