import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { countTouched, KINDS, listFiles, withCounts } from "../../../dev/architecture/touched.ts";

const PAGE = "before\n<!-- counted by deno task architecture -->old<!-- end -->\nafter";

async function git(cwd: string, ...args: string[]) {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];
  const { success, stderr } = await new Deno.Command("git", { args: [...identity, ...args], cwd })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function commit(root: string, message: string, files: readonly string[]) {
  for (const file of files) {
    await Deno.mkdir(`${root}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${root}/${file}`, message);
  }
  await git(root, "add", "-A");
  await git(root, "commit", "-q", "-m", message);
}

Deno.test("countTouched() counts the files of the last commit that added an optimizer", async () => {
  const root = await Deno.makeTempDir();
  await git(root, "init", "-q");
  await commit(root, "feat(optim): optimizer first", ["src/optim/first.ts"]);
  await commit(root, "feat(optim): optimizer second", [
    "src/optim/second.ts",
    "src/optim/mod.ts",
    "tests/optim/second.test.ts",
    "CHANGELOG.md",
    "docs/api.md",
  ]);
  await commit(root, "fix(optim): optimizer second again", ["src/optim/second.ts"]);
  const [touched, ...others] = await countTouched(root);
  await Deno.remove(root, { recursive: true });
  assertEquals(others, []);
  assertEquals(touched!.kind, "optimizer");
  assertEquals(touched!.subject, "feat(optim): optimizer second");
  assertEquals(touched!.code, ["src/optim/mod.ts", "src/optim/second.ts"]);
  assertEquals(touched!.tests, ["tests/optim/second.test.ts"]);
  assertEquals(touched!.docs, ["CHANGELOG.md", "docs/api.md"]);
  const page = withCounts(PAGE, [touched!]);
  assertStringIncludes(page, "| optimizer | 2 | 1 | 2 |");
  assertStringIncludes(page, "before\n<!-- counted");
  assertStringIncludes(page, "<!-- end -->\nafter");
  assertEquals(withCounts(page, [touched!]), page);
});

Deno.test("listFiles() names few files, and counts many by folder", () => {
  assertEquals(listFiles(["src/a/b.ts", "deno.json"]), "`src/a/b.ts`, `deno.json`");
  const many = ["src/device/x/a.ts", "src/device/x/y/b.ts", "src/plan/c.ts", "mod.ts", "src/d.ts"];
  assertEquals(listFiles(many), "`src/device/x/` (2), `src/plan/` (1), `/` (1), `src/` (1)");
});

Deno.test("withCounts() refuses a page without its marks", () => {
  assertThrows(() => withCounts("no marks", []), Error, "<!-- end -->");
});

Deno.test("docs/architecture.md counts every kind", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/architecture.md", import.meta.url));
  for (const { name } of KINDS) assertMatch(page, new RegExp(`^\\| ${name} +\\|`, "m"));
});
