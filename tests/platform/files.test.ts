/**
 * Deno's files and Node's do the same; Node's run here through Deno's `node:fs`.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { denoFiles } from "../../src/platform/deno_files.ts";
import { fileErrorCode, folderOf as parentOf } from "../../src/platform/file_system.ts";
import { nodeFiles } from "../../src/platform/node_files.ts";
import { folderOf } from "../data/fixtures.ts";

const SYSTEMS = { "Deno's": denoFiles()!, "Node's": nodeFiles()! };

const codeOf = async (work: () => Promise<unknown>): Promise<string | undefined> =>
  fileErrorCode(await assertRejects(work));

for (const [name, files] of Object.entries(SYSTEMS)) {
  Deno.test(`${name} files are read, listed, created, renamed and removed`, async () => {
    await using folder = await folderOf({ "a/b.bin": Uint8Array.of(1, 2, 3), c: new Uint8Array() });
    const { path } = folder;
    const read = await files.read(`${path}/a/b.bin`);
    assert(read.constructor === Uint8Array && read.buffer.byteLength === 3, `${read.buffer}`);
    assertEquals(read, Uint8Array.of(1, 2, 3));
    assertEquals(await files.readStart(`${path}/a/b.bin`, 2), Uint8Array.of(1, 2));
    assertEquals(await files.readStart(`${path}/a/b.bin`, 9), Uint8Array.of(1, 2, 3));
    assertEquals((await files.stat(`${path}/a/b.bin`)).size, 3);
    const names = (await files.list(path)).map(({ name, isFile, isDirectory }) => [
      name,
      isFile,
      isDirectory,
    ]);
    assertEquals(names.sort(), [["a", false, true], ["c", true, false]]);
    await files.makeFolder(`${path}/new/inner`);
    await files.makeFolder(`${path}/new/inner`);
    const content = new Uint8Array(1 << 20).fill(7);
    await files.create(`${path}/new/d`, content);
    await files.rename(`${path}/new/d`, `${path}/c`);
    await files.syncFolder(path);
    assertEquals(await files.read(`${path}/c`), content);
    await files.remove(`${path}/c`);
    assertEquals((await files.list(path)).length, 2);
    const { isFile, isDirectory } = await files.stat(`${path}/new`);
    assertEquals([isFile, isDirectory], [false, true]);
    assert(files.mayAccess("read", path) && files.mayAccess("write", `${path}/c`));
  });

  Deno.test(`${name} errors have Node's codes`, async () => {
    await using folder = await folderOf({ "a.txt": Uint8Array.of(1) });
    const file = `${folder.path}/a.txt`;
    assertEquals(await codeOf(() => files.read(`${folder.path}/absent`)), "ENOENT");
    assertEquals(await codeOf(() => files.stat(`${file}/b`)), "ENOTDIR");
    assertEquals(await codeOf(() => files.list(`${folder.path}/absent`)), "ENOENT");
    assertEquals(await codeOf(() => files.create(file, Uint8Array.of(2))), "EEXIST");
    assertEquals(await files.read(file), Uint8Array.of(1));
  });
}

Deno.test("folderOf() is the part of a path before its name", () => {
  assertEquals(["a/b.txt", "/a", "a.txt", "C:\\x\\y"].map(parentOf), ["a/", "/", ".", "C:\\x\\"]);
});
