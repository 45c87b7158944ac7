/**
 * The two configurations: with the stand-ins of `compat/std`, and with the packages themselves.
 */
import { assert, assertEquals } from "@std/assert";

const read = async (path: string) =>
  JSON.parse(await Deno.readTextFile(new URL(`../../${path}`, import.meta.url)));

const isStandard = ([name]: readonly [string, unknown]): boolean => name.startsWith("@std/");

const [own, packages] = await Promise.all(["deno.json", "deno.jsr.json"].map(read));

Deno.test("deno.jsr.json is deno.json but for the packages of @std", () => {
  const without = (configuration: { readonly imports: Record<string, string> }) => ({
    ...configuration,
    imports: Object.entries(configuration.imports).filter((each) => !isStandard(each)),
  });
  assertEquals(JSON.stringify(without(packages)), JSON.stringify(without(own)));
});

Deno.test("a package has a stand-in, of all its names that are used, in a version of its range", async () => {
  const imported = Object.entries<string>(packages.imports).filter(isStandard);
  assert(imported.length > 0);
  const standIns: [string, string][] = [];
  for (const [name, from] of imported) {
    const folder = `compat/std/${name.replace("@std/", "")}`;
    const standIn = await read(`${folder}/deno.json`);
    assertEquals([standIn.name, `jsr:${name}@^${standIn.version}`], [name, from]);
    for (const [key, file] of Object.entries<string>(standIn.exports)) {
      standIns.push([name + key.slice(1), `./${folder}/${file.slice(2)}`]);
    }
  }
  assertEquals(Object.entries<string>(own.imports).filter(isStandard).sort(), standIns.sort());
});

Deno.test("neither links packages, which Deno warns of in projects that import the library", () => {
  assertEquals([own.links, packages.links], [undefined, undefined]);
});
