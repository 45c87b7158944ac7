/**
 * The two configurations: with the stand-ins of `compat/std`, and with the packages themselves.
 */
import { assert, assertEquals } from "@std/assert";

const read = async (path: string) =>
  JSON.parse(await Deno.readTextFile(new URL(`../../${path}`, import.meta.url)));

Deno.test("deno.jsr.json is deno.json without links", async () => {
  const [{ links, ...own }, packages] = await Promise.all(
    ["deno.json", "deno.jsr.json"].map(read),
  );
  assert(links.length > 0);
  assertEquals(JSON.stringify(packages), JSON.stringify(own));
});

Deno.test("there is a link for every imported package, in a version that satisfies its range", async () => {
  const { links, imports } = await read("deno.json");
  const linked = await Promise.all(links.map((link: string) => read(`${link}/deno.json`)));
  const named = linked.map(({ name, version }) => `jsr:${name}@^${version}`).sort();
  const packages = Object.values<string>(imports).filter((from) => from.startsWith("jsr:"));
  assertEquals(named, packages.sort());
});
