/**
 * The page of results says what its records say.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { checkPage, fillPage, TEMPLATE } from "../../../dev/results/page.ts";
import { isNamed, readNamed, ROOT } from "../../../dev/results/records.ts";
import type { Results } from "../../../tasks/report/results.ts";

Deno.test("docs/results.md and its pictures are what the records say", async () => {
  assertEquals(await checkPage(), []);
});

Deno.test("a changed record changes the page and its pictures", async () => {
  const template = await Deno.readTextFile(`${ROOT}${TEMPLATE}`);
  const changed = async (name: string): Promise<Results> => {
    const results = await readNamed(name), [first, ...others] = results.cells;
    if (name !== "table2-mnist") return results;
    return { ...results, cells: [{ ...first!, accuracy: first!.accuracy! - 0.01 }, ...others] };
  };
  const [before, after] = [await fillPage(template), await fillPage(template, changed, isNamed)];
  assertNotEquals(after.text, before.text);
  const sources = (filled: typeof before) =>
    new Map(filled.pictures.map(({ path, source }) => [path, source]));
  const differing = [...sources(before)].filter(([path, source]) =>
    sources(after).get(path) !== source
  );
  assertEquals(differing.map(([path]) => path), ["docs/reports/table2-mnist/dots.svg"]);
});

Deno.test("links of docs/results.md to its sections lead somewhere", async () => {
  const text = await Deno.readTextFile(`${ROOT}docs/results.md`);
  const slug = (title: string) =>
    title.toLowerCase().replace(/[^\p{L}\p{N}\s-]/gu, "").trim().replace(/\s/g, "-");
  const sections = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => slug(title!)));
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link!);
  assert(links.length > 5);
  assertEquals(links.filter((link) => !sections.has(link)), []);
});
