/**
 * Another project can use the library as it is published: by its name, with a deno.json of its own.
 */
import { assert, assertEquals } from "@std/assert";
import { named, pictureFolder } from "./tasks/datasets/pictures/folders.ts";
import { printedBy } from "./subprocess.ts";

Deno.test("a project that imports the library by its published name trains a net", async () => {
  const losses = (await printedBy(["main.ts"], { cwd: new URL("consumer/", import.meta.url) }))
    .map(Number);
  assertEquals(losses.length, 60);
  assert(losses[59]! < losses[0]! / 3, `expected the loss to fall, found ${losses.join()}`);
});

Deno.test("a project reads a folder of pictures, and needs no import of its own for that", async () => {
  await using folder = await pictureFolder(named(["a", "b"], 4));
  const cwd = new URL("consumer/", import.meta.url);
  const lines = await printedBy(["images.ts", folder.path], { cwd });
  const pair = String(2 * 8 * 8 * 3);
  assertEquals(lines, ["a,b", pair, pair]);
});

Deno.test("a project with the strictest compiler options type-checks with the library linked", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "main.ts", "images.ts"],
    cwd: new URL("consumer/", import.meta.url),
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});
