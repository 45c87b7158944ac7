import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DataError } from "../../../src/data/mod.ts";
import type { Archive, Download } from "../../../tasks/datasets/registry.ts";
import { type CacheOptions, ensureCached } from "../../../tasks/datasets/cache.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ANSWERS, type Behavior, listener, mirrorOf, noise, packed, sumOf } from "./mirrors.ts";
import type { Tuple } from "../../../src/tuple.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";

const ONE = noise(60_000, 1), TWO = noise(30_000, 2);
const TAR = await packed("set", { "one.bin": ONE, "two.bin": TWO, "readme.html": noise(9) });

/** A data set in a `.tar.gz`; the second is one in two files. */
const PACKED: Download = {
  folder: "set",
  archives: [{
    ...sumOf("set.tar.gz", TAR),
    urls: [],
    members: [sumOf("one.bin", ONE), sumOf("two.bin", TWO)],
  }],
};
const LOOSE: Download = {
  folder: "loose",
  archives: [sumOf("one.gz", ONE), sumOf("two.gz", TWO)].map((sum) => ({ ...sum, urls: [] })),
};
const FILES = { "set.tar.gz": TAR, "one.gz": ONE, "two.gz": TWO };

/** An empty cache and a mirror. */
async function setting(...behaviors: Behavior[]) {
  const folder = await folderOf({}), mirror = mirrorOf(FILES, ...behaviors), reporter = listener();
  const cache = `${folder.path}/cache/goodinit`;
  const options: CacheOptions = { cache, mirrors: mirror.url, reporter, stall: 5, pause: 0 };
  return {
    cache,
    options,
    mirror,
    said: reporter.said,
    read: (path: string) => Deno.readFile(`${cache}/${path}`),
    names: () => [...Deno.readDirSync(cache)].map(({ name }) => name).sort(),
    [Symbol.asyncDispose]: async () => {
      await mirror[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const { right, absent, wrong, stalled } = ANSWERS;

Deno.test("ensureCached() downloads and unpacks once, and leaves nothing else behind", async () => {
  await using at = await setting(right);
  assertEquals(await ensureCached(PACKED, at.options), "download");
  assertEquals([await at.read("set/one.bin"), await at.read("set/two.bin")], [ONE, TWO]);
  assertEquals(at.names(), ["set", "set.lock"]);
  assertEquals([...Deno.readDirSync(`${at.cache}/set`)].length, 2);
  assertEquals(await ensureCached(PACKED, { ...at.options, mirrors: "none" }), "cache");
  assertEquals(at.mirror.requests, ["set.tar.gz"]);
});

Deno.test("ensureCached() stores separate files as downloaded, gzipped", async () => {
  await using at = await setting(right);
  assertEquals(await ensureCached(LOOSE, at.options), "download");
  assertEquals([await at.read("loose/one.gz"), await at.read("loose/two.gz")], [ONE, TWO]);
  assertEquals(at.names(), ["loose", "loose.lock"]);
});

Deno.test("ensureCached() takes a local folder as a mirror", async () => {
  await using at = await setting(absent);
  await using folder = await folderOf(FILES);
  const mirrors = new URL(`file://${folder.path}`).href;
  assertEquals(await ensureCached(PACKED, { ...at.options, mirrors }), "download");
});

Deno.test("ensureCached() makes no folder where an archive is not available, and keeps those it has", async () => {
  await using at = await setting(right, absent);
  await assertRejects(
    () => ensureCached(LOOSE, at.options),
    DataError,
    "two.gz: expected a mirror",
  );
  assertEquals(at.names(), ["loose.lock", "one.gz.part"]);
  assertEquals(await at.read("one.gz.part"), ONE);
  await using again = mirrorOf(FILES, right);
  assertEquals(await ensureCached(LOOSE, { ...at.options, mirrors: again.url }), "download");
  assertEquals(again.requests, ["two.gz"]);
});

Deno.test("ensureCached() keeps partial files apart where archives have the same name", async () => {
  await using at = await setting(right, absent);
  const other: Download = {
    folder: "other",
    archives: LOOSE.archives.map((archive, i) => ({
      ...archive,
      ...(i === 0 ? sumOf("one.gz", TWO) : {}),
      mirrorPath: `other/${archive.file}`,
    })),
  };
  await assertRejects(
    () => ensureCached(LOOSE, at.options),
    DataError,
    "two.gz: expected a mirror",
  );
  await using mirror = mirrorOf({ "other/one.gz": TWO, "other/two.gz": TWO }, right);
  const mirrors = mirror.url;
  assertEquals(await ensureCached(other, { ...at.options, mirrors }), "download");
  assertEquals(await at.read("one.gz.part"), ONE);
  assertEquals([await at.read("other/one.gz"), await at.read("other/two.gz")], [TWO, TWO]);
  assertEquals(at.names(), ["loose.lock", "one.gz.part", "other", "other.lock"]);
});

Deno.test("ensureCached() reports the checksum of a damaged archive, and deletes it", async () => {
  await using at = await setting(wrong);
  const error = await assertRejects(() => ensureCached(PACKED, at.options), DataError);
  assertMatch(
    error.message,
    /^set\.tar\.gz: expected a mirror that has it, found none \(http:.*: expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}\)$/,
  );
  assertEquals(at.names(), ["set.lock"]);
});

Deno.test("ensureCached() downloads again what is damaged or incomplete in the cache", async () => {
  await using at = await setting(right);
  await ensureCached(PACKED, at.options);
  const damages = [
    () => Deno.writeFile(`${at.cache}/set/two.bin`, noise(30_000, 3)),
    () => Deno.truncate(`${at.cache}/set/one.bin`, 5),
    () => Deno.remove(`${at.cache}/set/one.bin`),
  ];
  const says = [
    /set\/two\.bin: expected SHA-256 .*, found .*; downloading it again$/,
    /set\/one\.bin: expected 60000 bytes, found 5; downloading it again$/,
    /set\/one\.bin: expected 60000 bytes, found none; downloading it again$/,
  ];
  for (const [i, damage] of damages.entries()) {
    await damage();
    at.said.length = 0;
    assertEquals(await ensureCached(PACKED, at.options), "download");
    assertMatch(at.said[0]!, says[i]!);
    assertEquals([await at.read("set/one.bin"), await at.read("set/two.bin")], [ONE, TWO]);
  }
});

Deno.test("ensureCached() ignores the temporary folder of a killed process", async () => {
  await using at = await setting(right);
  await Deno.mkdir(`${at.cache}/set.tmp/set`, { recursive: true });
  await Deno.writeFile(`${at.cache}/set.tmp/set/one.bin`, ONE.slice(0, 9));
  await Deno.writeFile(`${at.cache}/set.tar.gz.part`, TAR);
  assertEquals(await ensureCached(PACKED, { ...at.options, mirrors: "none" }), "download");
  assertEquals(await at.read("set/one.bin"), ONE);
  assertEquals(at.names(), ["set", "set.lock"]);
});

Deno.test("ensureCached() names the file of an archive that is missing or differs", async () => {
  await using at = await setting(right);
  const [archive] = PACKED.archives as Tuple<Archive, 1>;
  const having = (...members: ReturnType<typeof sumOf>[]): Download => ({
    ...PACKED,
    archives: [{ ...archive, members }],
  });
  await assertRejects(
    () => ensureCached(having(sumOf("three.bin", ONE)), at.options),
    DataError,
    "set.tar.gz.part: expected an archive with set/three.bin, found one that tar cannot unpack: ",
  );
  await assertRejects(
    () => ensureCached(having(sumOf("one.bin", TWO)), at.options),
    DataError,
    "set/one.bin: expected 30000 bytes, found 60000",
  );
  assert(!at.names().includes("set"));
});

Deno.test("ensureCached() rejects a cache that is not writable, and an invalid mirror", async () => {
  await using at = await setting(right);
  await using folder = await folderOf({ file: ONE });
  const cache = `${folder.path}/file/cache`;
  await assertRejects(
    () => ensureCached(PACKED, { ...at.options, cache }),
    DataError,
    `${cache}: expected a folder where data can be stored, found `,
  );
  await assertRejects(
    () => ensureCached(PACKED, { ...at.options, mirrors: "nonsense" }),
    OptionError,
    "GOODINIT_MIRRORS: expected addresses of folders such as https://host/data/",
  );
});

/** The same as a process of its own. */
function spawn(
  download: Download,
  { reporter: _, ...options }: CacheOptions,
  env: Record<string, string> = {},
) {
  const script = new URL("./cache_process.ts", import.meta.url).pathname;
  const flags = ["-P=train", "--no-prompt", "--quiet", "--no-check"];
  const args = ["run", ...flags, script, JSON.stringify({ download, ...options })];
  return new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("ensureCached() continues where a killed process ended", async () => {
  await using at = await setting(stalled, right);
  await using child = spawn(PACKED, { ...at.options, stall: 600 });
  const part = `${at.cache}/set.tar.gz.part`, half = TAR.length >> 1;
  const output = child.output();
  while ((await Deno.stat(part).catch(() => ({ size: 0 }))).size < half) {
    await new Promise((done) => setTimeout(done, 10));
  }
  child.kill("SIGKILL");
  await output;
  assertEquals(await ensureCached(PACKED, at.options), "download");
  assertEquals(at.mirror.requests, ["set.tar.gz", `set.tar.gz bytes=${half}-`]);
  assertEquals(await at.read("set/one.bin"), ONE);
});

Deno.test("ensureCached() reports a missing tar, and keeps the archive", async () => {
  await using at = await setting(right);
  await using child = spawn(PACKED, at.options, { PATH: `${at.cache}/nothing` });
  const { success, stderr } = await child.output();
  assert(!success);
  assertMatch(
    new TextDecoder().decode(stderr),
    /DataError: .*set\.tar\.gz\.part: expected the program tar to unpack it, found none that starts/,
  );
  assertEquals(await ensureCached(PACKED, { ...at.options, mirrors: "none" }), "download");
});

Deno.test("ensureCached() downloads in one of several processes while the others wait", async () => {
  const slow: Behavior = (bytes) =>
    new Response(
      new ReadableStream({
        async start(stream) {
          stream.enqueue(bytes.slice(0, 1000));
          await new Promise((done) => setTimeout(done, 1500));
          stream.enqueue(bytes.slice(1000));
          stream.close();
        },
      }),
    );
  await using at = await setting(slow);
  const outcomes = await Promise.all([1, 2, 3].map(async () => {
    const { success, stdout, stderr } = await spawn(PACKED, at.options).output();
    assert(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim().split("\n");
  }));
  assertEquals(outcomes.map((lines) => lines.at(-1)).sort(), ["cache", "cache", "download"]);
  assertEquals(at.mirror.requests, ["set.tar.gz"]);
  assertEquals(at.names(), ["set", "set.lock"]);
});
