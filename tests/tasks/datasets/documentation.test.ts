import { assertEquals } from "@std/assert";
import { CATALOGUE } from "../../../src/data/catalogue/mod.ts";
import type { DatasetRecord, Download } from "../../../src/data/catalogue/record.ts";
import { grouped } from "../../../tasks/cli/format.ts";
import { taskCommand } from "../../../tasks/run/settings.ts";

const RECORDS: readonly DatasetRecord[] = CATALOGUE;
const PAGE = await Deno.readTextFile(new URL("../../../docs/data.md", import.meta.url));

/** The rows of the table under a heading of the page, cells without padding. */
function tableUnder(heading: string): string[][] {
  const [, section = ""] = PAGE.split(`\n## ${heading}\n`);
  const [table = ""] = section.slice(section.indexOf("\n|") + 1).split("\n\n");
  return table.trim().split("\n").slice(2).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

const published = (record: DatasetRecord) =>
  record.format === "idx" || record.format === "cifar" ? record : undefined;

Deno.test("docs/data.md lists the data sets of the catalogue", () => {
  const rows = RECORDS.map((record) => {
    const { name, title, recipes } = record, known = published(record);
    const classes = "classNames" in record ? String(record.classNames.length) : "as the files say";
    return [
      `\`${name}\``,
      title,
      recipes.map((recipe) => `\`${taskCommand(recipe)}\``).join(", "),
      classes,
      known ? grouped(known.counts.train) : "",
      known ? grouped(known.counts.test) : "",
      known?.download ? "yes" : known ? "no" : "",
    ];
  });
  assertEquals(tableUnder("The data sets"), rows);
});

Deno.test("docs/data.md lists the archives and mirrors of the catalogue", () => {
  const downloads = new Map<Download, DatasetRecord[]>();
  for (const record of RECORDS) {
    const download = published(record)?.download;
    if (download) downloads.set(download, [...downloads.get(download) ?? [], record]);
  }
  const rows = [...downloads].map(([{ folder, archives }, records]) => {
    const [first] = archives, [record] = records;
    const megabytes = archives.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    const mirrors = first!.urls.map((url) =>
      `\`${url.replace("https://", "").slice(0, -first!.file.length)}\``
    );
    return [
      records.length > 1 ? (record as { family?: string }).family! : record!.title,
      archives.length > 1 ? "the four `.gz` files of IDX" : `\`${first!.file}\``,
      `${megabytes.toFixed(1)} MB`,
      `\`${folder}\``,
      mirrors.join(", "),
    ];
  });
  assertEquals(tableUnder("What is downloaded, and from where"), rows);
});
