/**
 * The permission sets of deno.json: every task lists what it needs, no more than what tables of the program ask
 * for, and the smallest real run of each task of users works with its set alone.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };
import { LAUNCHERS } from "../../src/distributed/launcher.ts";
import { DOWNLOADS } from "../../tasks/datasets/registry.ts";
import { SCHEDULERS } from "../../tasks/experiments/shards/scheduler.ts";
import { folderOf } from "../data/fixtures.ts";
import { noWebGpu } from "../devices.ts";
import { QUICK } from "../tasks/runs.ts";

const ROOT = new URL("../../", import.meta.url);

/** What a set permits: all of a kind, or a list. */
type PermissionSet = Readonly<Record<string, boolean | readonly string[]>>;

const SETS: Readonly<Record<string, PermissionSet>> = configuration.permissions;
const TASKS = Object.entries(configuration.tasks);

const setOf = (command: string) => /^deno run -P=(\S+) --no-prompt --quiet /.exec(command)?.[1];
const listed = (set: string, kind: string): readonly string[] => {
  const value = SETS[set]![kind];
  return Array.isArray(value) ? value : [];
};

Deno.test("every task has a permission set, asks for nothing more, and no set is left over", async () => {
  const used = new Set<string>();
  for (const [name, { command }] of TASKS) {
    const set = setOf(command);
    assert(
      set !== undefined && set in SETS,
      `${name}: expected a permission set, found ${command}`,
    );
    assert(!/ -[A-Z]| --(allow|deny)-/.test(command.replace(/-P=\S+/, "")), `${name}: ${command}`);
    used.add(set);
  }
  // Programs that tasks start say their set too.
  for (const folder of ["bench", "dev", "site", "tasks"]) {
    for await (const text of programsIn(new URL(`${folder}/`, ROOT))) {
      for (const [, set] of text.matchAll(/\bdenoRun\(\s*"([^"]+)"|-P=(\w+)/g)) {
        if (set !== undefined) used.add(set);
      }
      assert(
        !/"(-A|--allow-all)"/.test(text),
        `${folder}: a program is started with all permissions`,
      );
    }
  }
  used.add("test");
  assertEquals(Object.keys(SETS).filter((set) => !used.has(set)), []);
});

/** The texts of the programs below a folder. */
async function* programsIn(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* programsIn(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield await Deno.readTextFile(new URL(name, folder));
  }
}

Deno.test("what tasks of users are permitted has names, but for the folders that users name", () => {
  const own = TASKS.filter(([, { command }]) => / tasks\/\w+\.ts/.test(command));
  assert(own.length > 20);
  for (const [name, { command }] of own) {
    const { read, write, ffi, ...named } = SETS[setOf(command)!]!;
    for (const [kind, value] of Object.entries(named)) {
      assert(Array.isArray(value), `${name}: expected a list for ${kind}, found ${value}`);
    }
    assertEquals([read, write ?? true, ffi ?? true], [true, true, true]);
    assert(!listed(setOf(command)!, "run").includes("deno"), `${name} starts Deno`);
  }
});

Deno.test("tasks that download reach the mirrors of the catalog, and this machine, and no others", () => {
  const urls = Object.values(DOWNLOADS).flatMap(({ archives }) => archives).flatMap((each) =>
    each.urls
  );
  const hosts = new Set(urls.map((url) => new URL(url).hostname));
  // GitHub redirects to the second.
  if (hosts.has("github.com")) hosts.add("raw.githubusercontent.com");
  const expected = [...hosts, "127.0.0.1", "localhost"].sort();
  for (const set of ["train", "experiment", "submit", "tune:rate", "evaluate"]) {
    assertEquals(listed(set, "net").toSorted(), expected, set);
  }
  assertEquals(listed("train:pictures", "net"), ["127.0.0.1"]);
});

/** Whether a list of variables, in which `*` stands for any ending, holds one. */
const holds = (variables: readonly string[], name: string): boolean =>
  variables.some((each) => each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each);

/** That a set permits variables, and that each of its patterns is for one of them or for `others`. */
function assertVariables(set: string, needed: readonly string[], others: readonly string[]): void {
  const permitted = listed(set, "env");
  assertEquals(needed.filter((name) => !holds(permitted, name)), [], set);
  const unneeded = permitted.filter((pattern) =>
    ![...needed, ...others].some((name) => holds([pattern], name))
  );
  assertEquals(unneeded, [], set);
}

const FOLDERS = ["HOME", "INIT_CWD", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"];
const GPUS = ["DRI_PRIME", "MESA_VK_DEVICE_SELECT"];
const OWN = [...FOLDERS, ...GPUS, "GOODINIT_DATA", "npm_package_config_libvips"];

Deno.test("trainings may read what launchers say, and grids what schedulers say", () => {
  const launched = LAUNCHERS.flatMap(({ sign, size }) => [sign, ...size]);
  for (const set of ["train", "train:pictures", "tune:rate"]) assertVariables(set, launched, OWN);
  const scheduled = SCHEDULERS.flatMap(({ index, count, first, last }) =>
    [index, count, first, last].filter((name) => name !== undefined)
  );
  for (const set of ["experiment", "quick"]) assertVariables(set, scheduled, OWN);
});

/** Runs a task as `deno task` does, but for the type check. */
async function run(name: keyof typeof configuration.tasks, ...args: string[]) {
  const [, ...words] = configuration.tasks[name].command.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [words[0]!, "--no-check", ...words.slice(1), ...args],
    cwd: ROOT,
    env: {
      NO_COLOR: "1",
      GOODINIT_DATA: "",
      XDG_RUNTIME_DIR: "/tmp",
      // As modules of clusters set it; Deno refuses to pass it on to git.
      LD_LIBRARY_PATH: "/nowhere",
    },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

Deno.test("the smallest runs of the tasks of users end well with their permissions", async (t) => {
  await using at = await folderOf({});
  const trained = `${at.path}/run`;
  const step = (name: Parameters<typeof run>[0], args: string[], expected: RegExp) =>
    t.step(name, async () => {
      const { code, out, err } = await run(name, ...args);
      assertEquals([code, err.includes("permission")], [0, false], err);
      assertMatch(out, expected);
    });
  await step("train:mnist", [...QUICK, "--epochs", "1", "--out", trained], /test accuracy/);
  const { program } = JSON.parse(await Deno.readTextFile(`${trained}/manifest.json`));
  assert("commit" in program, "expected git to have named the commit");
  await step("evaluate", [trained], /accuracy/);
  await step("compare", [trained, trained], /McNemar/);
  await step("predict", [trained, "test:0"], /%/);
  await step("inspect", [trained], /all\s/);
  await step("report", [trained], /report\.html/);
  await step("export", [trained, `${at.path}/exported`], /model\.py/);
  await step(
    "import",
    [`${at.path}/exported/model.safetensors`, `${at.path}/imported.safetensors`],
    /./,
  );
  if (!noWebGpu) {
    await step(
      "tune",
      ["--net", "fitnetMnist", "--batch", "2"],
      /fitnetMnist maxout, batches of 2/,
    );
  }
});

Deno.test("a missing permission is one line with the flag and what it is for", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-read", "tasks/inspect.ts", "runs/none"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stderr);
  assertEquals([code, text.trimEnd().split("\n").length], [1, 1], text);
  assertStringIncludes(text, "inspect: expected the permission --allow-env=INIT_CWD (");
});
