import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { selectPart } from "../../../tasks/experiments/select.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ended, smallProgram } from "./process.ts";
import { SMALL } from "./small.ts";

const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);

Deno.test("selectPart() takes rows and columns by their names, in the experiment's order", () => {
  const { rows, columns } = selectPart(SMALL, { rows: "xavier; LSUV", columns: "tanh" });
  assertEquals([names(rows), names(columns)], [["LSUV", "Xavier"], ["tanh"]]);
  assertEquals(selectPart(SMALL, {}), SMALL);
});

Deno.test("selectPart() keeps the rows that a row depends on", () => {
  const rows = [...SMALL.rows, { name: "student", teacher: "LSUV" }, {
    name: "again",
    retests: "Xavier",
  }];
  assertEquals(names(selectPart({ ...SMALL, rows }, { rows: "student" }).rows), [
    "LSUV",
    "student",
  ]);
  assertEquals(names(selectPart({ ...SMALL, rows }, { rows: "again" }).rows), ["Xavier", "again"]);
});

for (
  const [selection, says] of [
    [{ rows: "LSVU" }, "--rows: expected names of: LSUV; Xavier; found lsvu"],
    [{ columns: "ReLU;tan" }, "--columns: expected names of: ReLU; tanh; found tan"],
    [{ rows: " ; " }, "--rows: expected names of: LSUV; Xavier; found none"],
  ] as const
) {
  Deno.test(`selectPart() rejects ${JSON.stringify(selection)}`, () => {
    assertThrows(() => selectPart(SMALL, selection), OptionError, says);
  });
}

/** The runs in a folder, with what they came to. */
async function runsIn(folder: string): Promise<readonly string[]> {
  const { cells } = JSON.parse(await Deno.readTextFile(`${folder}/experiment.json`));
  return cells.map(({ run, accuracy }: { run: string; accuracy: number }) => `${run} ${accuracy}`);
}

Deno.test("an experiment is trained row by row in one folder, with more seeds of some", async () => {
  await using place = await folderOf({});
  const parts = `${place.path}/parts`, whole = `${place.path}/whole`;
  const run = async (out: string, ...args: string[]) => {
    const found = await ended(smallProgram({}, "--quiet", "--out", out, ...args));
    assertEquals([found.code, found.err], [0, ""]);
    return found.out;
  };
  await run(parts, "--rows", "Xavier", "--columns", "tanh");
  assertEquals((await runsIn(parts)).length, 1);
  const table = await run(parts, "--rows", "LSUV", "--columns", "tanh", "--seeds", "0,1");
  assertStringIncludes(table, "Xavier");
  const all = await (await run(whole, "--columns", "tanh", "--seeds", "0,1"), runsIn(whole));
  assertEquals(await runsIn(parts), all.filter((run) => !run.startsWith("runs/xavier_tanh_s1")));
});

Deno.test("runs of the folder that are not asked for stay as they are, also those that have not ended", async () => {
  await using place = await folderOf({});
  const out = `${place.path}/out`, path = `${out}/experiment.json`;
  const run = async (...args: string[]) => {
    const found = await ended(smallProgram({}, "--quiet", "--out", out, ...args));
    assertEquals([found.code, found.err], [0, ""]);
    return found.out;
  };
  await run("--columns", "tanh");
  const record = JSON.parse(await Deno.readTextFile(path)), [lsuv, xavier] = record.cells;
  const { row, column, seed, run: name, command, settings } = xavier;
  const pending = { row, column, seed, run: name, command, settings, status: "pending" };
  await Deno.writeTextFile(path, JSON.stringify({ ...record, cells: [lsuv, pending] }));
  await Deno.remove(`${out}/${name}`, { recursive: true });
  for (const more of [[], ["--shard", "1/2"]]) {
    const args = ["--rows", "LSUV", "--columns", "tanh", "--seeds", "0,1", ...more];
    const { out: table } = await ended(smallProgram({}, "--out", out, ...args));
    assertEquals(table.includes("1 run to go, 1 done"), more.length === 0, table);
    assertStringIncludes(table, "LSUV");
    const { cells } = JSON.parse(await Deno.readTextFile(path));
    const open = cells.filter(({ status }: { status: string }) => status === "pending");
    assertEquals([cells.length, open.map(({ run }: { run: string }) => run)], [3, [name]]);
  }
  await run("--columns", "tanh", "--seeds", "0,1");
  assertEquals((await runsIn(out)).includes(`${name} undefined`), false);
});

Deno.test("the command of a record can be copied into a shell", async () => {
  await using place = await folderOf({});
  const out = `${place.path}/a b`, args = ["--quiet", "--rows", "LSUV;Xavier", "--columns", "tanh"];
  const { code } = await ended(smallProgram({}, ...args, "--out", out));
  const { command } = JSON.parse(await Deno.readTextFile(`${out}/experiment.json`));
  assertEquals(code, 0);
  assertStringIncludes(command, `--quiet --rows 'LSUV;Xavier' --columns tanh --out '${out}'`);
});
