import { assertEquals, assertRejects } from "@std/assert";
import { TaskError } from "../../../tasks/cli/command.ts";
import { type CsvTable, csvText, readCsv } from "../../../tasks/run/csv.ts";
import { EPOCHS, LAYERS, LSUV, PROFILE } from "../../../tasks/run/tables.ts";
import { folderOf } from "../../data/fixtures.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A row that has a value in each column of a table. */
function rowOf({ columns }: CsvTable<object>): Record<string, unknown> {
  const values = { number: 0.125, count: 3, text: "a, b", boolean: true } as const;
  const kinds = Object.entries(columns as Record<string, keyof typeof values>);
  return Object.fromEntries(kinds.map(([name, kind]) => [name, values[kind]]));
}

for (const table of [EPOCHS, LSUV, LAYERS, PROFILE] as readonly CsvTable<object>[]) {
  Deno.test(`readCsv() reads what csvText() writes of ${table.file}`, async () => {
    const rows = [rowOf(table), rowOf(table)];
    await using folder = await folderOf({ [table.file]: bytes(csvText(table, rows, "mnist")) });
    assertEquals(await readCsv(table, folder.path), rows);
  });
}

Deno.test("csvText() has the data set in each row", () => {
  assertEquals(
    csvText(LAYERS, [rowOf(LAYERS as CsvTable<object>) as never], "mnist"),
    "step,phase,layer,name,activationVariance,gradientVariance,data\r\n" +
      '3,"a, b",3,"a, b",0.125,0.125,mnist\r\n',
  );
});

Deno.test("readCsv() has no rows of a file that is not there, and NaN for an empty number", async () => {
  const columns = Object.keys(EPOCHS.columns).filter((name) => !EPOCHS.optional!.includes(name));
  const head = `${columns},data\r\n`;
  await using folder = await folderOf({ "epochs.csv": bytes(`${head}1,2,3,4,5,,7,8,mnist\r\n`) });
  assertEquals(await readCsv(LSUV, folder.path), undefined);
  assertEquals((await readCsv(EPOCHS, folder.path))![0]!.testAccuracy, NaN);
});

Deno.test("readCsv() names the columns that are not there", async () => {
  await using folder = await folderOf({
    "layers.csv": bytes("step,phase,layer\r\n1,initial,1\r\n"),
  });
  await assertRejects(
    () => readCsv(LAYERS, folder.path),
    TaskError,
    "layers.csv: expected the columns step, phase, layer, name, activationVariance, " +
      "gradientVariance; name, activationVariance, gradientVariance not found",
  );
});

for (
  const [row, says] of [
    ["x,initial,1,conv,1,1", 'row 1, step: expected an integer of at least 0, found "x"'],
    ["-1,initial,1,conv,1,1", 'row 1, step: expected an integer of at least 0, found "-1"'],
    ["1,initial,1,conv,a,1", 'row 1, activationVariance: expected a number, found "a"'],
    ["1,initial,1,conv,0x10,1", 'row 1, activationVariance: expected a number, found "0x10"'],
    ["1,initial,1,conv,1", "expected comma-separated values; "],
  ] as const
) {
  Deno.test(`readCsv() rejects the row ${row}`, async () => {
    const head = `${Object.keys(LAYERS.columns)},data\r\n`;
    await using folder = await folderOf({ "layers.csv": bytes(`${head}${row},mnist\r\n`) });
    await assertRejects(
      () => readCsv(LAYERS, folder.path),
      TaskError,
      `${folder.path}/layers.csv: ${says}`,
    );
  });
}

Deno.test("readCsv() rejects a file whose last line is cut off", async () => {
  const whole = csvText(LAYERS, [rowOf(LAYERS as CsvTable<object>) as never], "mnist");
  await using folder = await folderOf({ "layers.csv": bytes(whole.slice(0, -3)) });
  await assertRejects(() => readCsv(LAYERS, folder.path), TaskError, "found the last one cut off");
});

Deno.test("readCsv() tells false from true", async () => {
  const row = rowOf(LSUV as CsvTable<object>),
    flags = Object.keys(row).filter((name) => row[name] === true);
  const rows = [row, { ...row, ...Object.fromEntries(flags.map((name) => [name, false])) }];
  assertEquals(flags.length > 0, true);
  await using folder = await folderOf({ "lsuv.csv": bytes(csvText(LSUV, rows as never, "mnist")) });
  assertEquals<unknown>(await readCsv(LSUV, folder.path), rows);
});
