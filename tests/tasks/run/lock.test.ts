import { assert, assertEquals, assertRejects } from "@std/assert";
import { TaskError } from "../../../tasks/cli/command.ts";
import { OWNER } from "../../../tasks/cli/output_paths.ts";
import { describeOwner, LockedError, own, readOwner } from "../../../tasks/run/owner.ts";
import { lockFolder, lockNewFolder, lockNumberedFolder } from "../../../tasks/run/lock.ts";
import { folderOf } from "../../data/fixtures.ts";

const namesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

/** A program that holds a folder until it is killed. */
async function holder(path: string) {
  const lock = new URL("../../../tasks/run/lock.ts", import.meta.url);
  const code = `import { lockFolder } from "${lock}";
    await lockFolder("${path}"), console.log("held"), setInterval(() => {}, 1e6)`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--ext=ts", "-"],
    cwd: new URL("../../..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    pid: child.pid,
    kill: async () => {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}

Deno.test("lockFolder() removes temporary files, records the owner, and releases the lock", async () => {
  const left = "manifest.json.0bd8f3a4-6a4e-4b7c-9f5e-1d2c3b4a5968.tmp", one = Uint8Array.of(1);
  await using at = await folderOf({ [left]: one, "my.tmp": one, "lock.json": one });
  {
    using _held = await lockFolder(at.path);
    assertEquals(namesIn(at.path), ["lock.json", "my.tmp"]);
    const owner = JSON.parse(await Deno.readTextFile(`${at.path}/lock.json`));
    assertEquals([owner.process, owner.host], [Deno.pid, Deno.hostname()]);
    assert(Date.now() - Date.parse(owner.since) < 60_000, owner.since);
  }
  assertEquals(namesIn(at.path), ["my.tmp"]);
  using _again = await lockNewFolder(`${at.path}/a/b`);
  assertEquals(namesIn(`${at.path}/a/b`), ["lock.json"]);
});

Deno.test({
  name: "lockFolder() names the program that holds a folder, and takes it once that was killed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await folderOf({});
    const other = await holder(at.path);
    try {
      await assertRejects(
        () => lockFolder(at.path),
        TaskError,
        `${at.path}: expected a folder that no other program writes to, found process ${other.pid} on ` +
          `${Deno.hostname()}, which has done so since 2`,
      );
      await Deno.remove(`${at.path}/lock.json`);
      await assertRejects(() => lockFolder(at.path), TaskError, "writes to, found another one");
    } finally {
      await other.kill();
    }
    using _held = await lockFolder(at.path);
    const { process } = JSON.parse(await Deno.readTextFile(`${at.path}/lock.json`));
    assertEquals(process, Deno.pid);
  },
});

Deno.test("lockNumberedFolder() makes a different folder for each of many concurrent calls", async () => {
  await using at = await folderOf({ "runs/taken-2/a.txt": Uint8Array.of(1) });
  const all = await Promise.all([1, 2, 3].map(() => lockNumberedFolder(`${at.path}/runs/taken`)));
  const paths = all.map(({ path }) => path.slice(at.path.length)).sort();
  assertEquals(paths, ["/runs/taken", "/runs/taken-3", "/runs/taken-4"]);
  await assertRejects(() => lockFolder(all[0]!.path), TaskError, "no other program writes to");
  for (const each of all) each[Symbol.dispose]();
  using again = await lockNumberedFolder(`${at.path}/new/below`);
  assertEquals(again.path, `${at.path}/new/below`);
});

Deno.test("lockNumberedFolder() says which folder it cannot make", async () => {
  await using at = await folderOf({ "file": Uint8Array.of(1) });
  await assertRejects(() => lockNumberedFolder(`${at.path}/file/run`), Error, `${at.path}/file`);
});

/** A folder whose owner, of another machine, renewed its file so many seconds ago. */
async function ownedElsewhere(seconds: number) {
  const owner = { process: 7, host: "another-node", since: "2026-01-31T00:00:00.000Z" };
  const at = await folderOf({ "lock.json": new TextEncoder().encode(JSON.stringify(owner)) });
  const then = Date.now() / 1000 - seconds;
  await Deno.utime(`${at.path}/lock.json`, then, then);
  return at;
}

Deno.test("lockFolder() leaves a folder to a program of another machine that lives", async () => {
  await using at = await ownedElsewhere(100);
  await assertRejects(
    () => lockFolder(at.path),
    LockedError,
    "found process 7 on another-node, which has done so since 2026-01-31",
  );
  assertEquals(namesIn(at.path), ["lock.json"]);
});

Deno.test("lockFolder() takes the folder of a program of another machine that is gone", async () => {
  await using at = await ownedElsewhere(200);
  using _held = await lockFolder(at.path);
  assertEquals(namesIn(at.path), ["lock.json"]);
  assertEquals(JSON.parse(await Deno.readTextFile(`${at.path}/lock.json`)).process, Deno.pid);
});

Deno.test("of many programs that take an abandoned folder at once, one gets it", async () => {
  await using at = await ownedElsewhere(200);
  const all = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => own(at.path, `node${i}`)),
  );
  const got = all.filter(({ status }) => status === "fulfilled");
  assertEquals(got.length, 1);
  for (const { value } of got as PromiseFulfilledResult<Disposable>[]) value[Symbol.dispose]();
  assertEquals(namesIn(at.path), []);
});

Deno.test("an owner that was taken for gone leaves the next one's file", async () => {
  await using at = await folderOf({});
  const slow = await own(at.path, "slow-node"), then = Date.now() / 1000 - 1000;
  await Deno.utime(`${at.path}/lock.json`, then, then);
  using _next = await own(at.path, "next-node");
  slow[Symbol.dispose]();
  assertEquals(JSON.parse(await Deno.readTextFile(`${at.path}/lock.json`)).host, "next-node");
});

Deno.test("on a file system without links a folder has one owner, too", async () => {
  const { link } = Deno;
  Deno.link = () => Promise.reject(new Deno.errors.NotSupported());
  try {
    await using at = await folderOf({});
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => own(at.path, `node${i}`)),
    );
    const got = all.filter(({ status }) => status === "fulfilled");
    assertEquals(got.length, 1);
    for (const { value } of got as PromiseFulfilledResult<Disposable>[]) value[Symbol.dispose]();
    assertEquals(namesIn(at.path), []);
    await Deno.writeTextFile(`${at.path}/lock.json`, "");
    await assertRejects(() => own(at.path, "node"), LockedError, "found another one");
  } finally {
    Deno.link = link;
  }
});

Deno.test("lockFolder() holds the system's lock until it is disposed of, and no longer", async () => {
  await using at = await folderOf({});
  const isFree = async () => {
    using folder = await Deno.open(at.path);
    return await folder.tryLock(true);
  };
  for (let i = 0; i < 2; i++) {
    const held = await lockFolder(at.path);
    assertEquals(await isFree(), false);
    held[Symbol.dispose]();
    assertEquals(await isFree(), true);
  }
});

Deno.test("readOwner() takes no file whose texts are not one line each", async () => {
  await using folder = await folderOf({});
  const owner = { process: 7, host: "a", since: "2026-01-31T00:00:00.000Z" };
  const read = async (fields: object) => {
    await Deno.writeTextFile(`${folder.path}/${OWNER}`, JSON.stringify({ ...owner, ...fields }));
    return (await readOwner(folder.path))?.owner;
  };
  assertEquals(await read({ token: "t", job: "job 3" }), { ...owner, token: "t", job: "job 3" });
  for (const host of ["a\nb", "a\u001b[31m", "", "a".repeat(301)]) {
    assertEquals(await read({ host }), undefined, JSON.stringify(host));
    assertEquals(await read({ job: host }), undefined, JSON.stringify(host));
  }
  assertEquals(await describeOwner(folder.path), "another one");
});

Deno.test("a program that was killed while it evicted an owner of this machine keeps none away", async () => {
  await using at = await folderOf({});
  const host = Deno.hostname(), since = new Date().toISOString();
  await Deno.writeTextFile(`${at.path}/lock.json`, JSON.stringify({ process: 1, host, since }));
  await Deno.writeTextFile(`${at.path}/lock.json.evicting.tmp`, host);
  using _ = await lockFolder(at.path);
  const { process } = JSON.parse(await Deno.readTextFile(`${at.path}/lock.json`));
  assertEquals(process, Deno.pid);
});
