import { assert, assertEquals, assertThrows } from "@std/assert";
import { DOWNLOADS, unpackedFiles } from "../../../tasks/datasets/registry.ts";
import { mirrorUrls } from "../../../tasks/datasets/mirrors.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";

const archives = [...new Set(Object.values(DOWNLOADS))].flatMap((download) => download.archives);

/** Folders of archives that one mirror alone is known to have. */
const ONE_MIRROR: readonly string[] = ["kmnist/"];

Deno.test("every archive has two mirrors or more, and well-formed checksums", () => {
  for (const { file, urls, members = [], mirrorPath = file, ...sum } of archives) {
    const least = ONE_MIRROR.some((folder) => mirrorPath.startsWith(folder)) ? 1 : 2;
    assert(new Set(urls).size >= least, file);
    assert(urls.every((url) => url.startsWith("https://") && url.endsWith(`/${file}`)), file);
    for (const { bytes, sha256 } of [sum, ...members]) {
      assert(bytes > 0 && /^[0-9a-f]{64}$/.test(sha256), file);
    }
  }
  const hashes = archives.flatMap((
    { sha256, members = [] },
  ) => [sha256, ...members.map((member) => member.sha256)]);
  assertEquals(new Set(hashes).size, hashes.length);
});

Deno.test("the files of CIFAR hold 60,000 records, those of MNIST are four", () => {
  const total = (name: keyof typeof DOWNLOADS) =>
    unpackedFiles(DOWNLOADS[name]!).reduce((sum, { bytes }) => sum + bytes, 0);
  assertEquals(total("cifar10"), 60_000 * 3073);
  assertEquals(total("cifar100"), 60_000 * 3074);
  assertEquals(unpackedFiles(DOWNLOADS.mnist!).length, 4);
});

Deno.test("mirrorUrls() takes other mirrors, or none", () => {
  const archive = { file: "a.gz", bytes: 1, sha256: "", urls: ["https://own/a.gz"] };
  assertEquals(mirrorUrls(archive), ["https://own/a.gz"]);
  assertEquals(mirrorUrls(archive, " "), ["https://own/a.gz"]);
  assertEquals(mirrorUrls(archive, "none"), []);
  assertEquals(
    mirrorUrls(archive, "http://one/x/, https://two/y,file:///z"),
    ["http://one/x/a.gz", "https://two/y/a.gz", "file:///z/a.gz"],
  );
  const shared = { ...archive, mirrorPath: "set/a.gz" };
  assertEquals(mirrorUrls(shared), ["https://own/a.gz"]);
  assertEquals(mirrorUrls(shared, "http://one/"), ["http://one/set/a.gz", "http://one/a.gz"]);
  for (const wrong of ["nonsense", "ftp://host/", "http://host/,none"]) {
    assertThrows(() => mirrorUrls(archive, wrong), OptionError, "found ");
  }
});
