/**
 * Where one stands: `deno task` in a subfolder takes the paths that a user names from there.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { relative } from "node:path";
import { absolute, callerFolder, forCaller, fromCaller } from "../../../tasks/cli/caller.ts";
import { COLOR, pngOf } from "../images/png.ts";
import { mnistFolder } from "../mnist_folder.ts";

const ROOT = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
const decoder = new TextDecoder();

/** With INIT_CWD, and the process in a folder. */
function standing<T>(folder: string, caller: string | undefined, look: () => T): T {
  const before = Deno.env.get("INIT_CWD"), here = Deno.cwd();
  const set = (value: string | undefined) =>
    value === undefined ? Deno.env.delete("INIT_CWD") : Deno.env.set("INIT_CWD", value);
  set(caller);
  Deno.chdir(folder);
  try {
    return look();
  } finally {
    Deno.chdir(here);
    set(before);
  }
}

Deno.test("fromCaller() takes a path from the caller's folder, and leaves it as it is in the same", () => {
  standing(ROOT, `${ROOT}/docs`, () => {
    assertEquals(callerFolder(), `${ROOT}/docs`);
    assertEquals(fromCaller("a/b"), `${ROOT}/docs/a/b`);
    assertEquals(fromCaller("../runs"), `${ROOT}/runs`);
    assertEquals(fromCaller("/data/mnist"), "/data/mnist");
    assertEquals(forCaller("runs/x"), `${ROOT}/runs/x`);
  });
  for (const caller of [undefined, "", ROOT, `${ROOT}/`]) {
    standing(ROOT, caller, () => {
      assertEquals([fromCaller("a/b"), forCaller("runs/x")], ["a/b", "runs/x"]);
      assertEquals(absolute("a/../b"), `${ROOT}/b`);
    });
  }
});

Deno.test("fromCaller() ignores an INIT_CWD of another process", () => {
  standing(`${ROOT}/tests`, `${ROOT}/docs`, () => {
    assertEquals([callerFolder(), fromCaller("a"), forCaller("a")], [`${ROOT}/tests`, "a", "a"]);
  });
});

/** `deno task` in a folder of the project; what it printed. Fails unless it ends well. */
async function taskIn(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: `${ROOT}/${folder}`,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: Deno.env.get("HOME") ?? "",
      ...(Deno.env.has("DENO_DIR") && { DENO_DIR: Deno.env.get("DENO_DIR")! }),
      GOODINIT_MIRRORS: "none",
      GOODINIT_CACHE: "/dev/null",
      NO_COLOR: "1",
      ...env,
    },
  }).output();
  assertEquals(code, 0, `${args.join(" ")}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

const NET = "--net torchMnist --activation relu --device cpu --threads 1 --batch 4 --no-figures"
  .split(" ");

Deno.test({
  name:
    "deno task in a subfolder reads and writes from there, and runs find their data from anywhere",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await mnistFolder();
    const from = (folder: string, path: string) =>
      relative(`${ROOT}/${folder}`, `${at.path}/${path}`);
    const train = ["train:mnist", ...NET, "--checkpoint-every", "0", "--quiet"];
    const [data, out] = [from("docs", ""), from("docs", "run")];
    assertMatch(data, /^\.\./);

    // Written from docs, by relative paths.
    const last = await taskIn("docs", [...train, "--epochs", "1", "--data", data, "--out", out]);
    assertStringIncludes(last, `${at.path}/run`);
    const manifestOf = async () =>
      JSON.parse(await Deno.readTextFile(`${at.path}/run/manifest.json`));
    const before = await manifestOf();
    assertEquals(before.data.origin, { kind: "folder", path: at.path });
    assertEquals(before.folder, `${ROOT}/docs`);

    // Gone on with from bench, without a word of the data.
    await taskIn("bench", [
      "train:mnist",
      "--resume",
      from("bench", "run"),
      "--epochs",
      "2",
      "--quiet",
    ]);
    const after = await manifestOf();
    assertEquals([after.status, after.settings.epochs], ["finished", 2]);

    // Looked at from tests/tasks and from the root.
    const evaluation = await Promise.all(
      ["tests/tasks", "."].map((folder) =>
        taskIn(folder, ["evaluate", from(folder, "run"), "--device", "reference"])
      ),
    );
    assertStringIncludes(evaluation[0]!, "MNIST test, 6 images");
    assertEquals(evaluation[0], evaluation[1]);
    await taskIn("tests", ["evaluate", from("tests", "run"), "--out", from("tests", "tables")]);
    assert((await Deno.stat(`${at.path}/tables/confusion.csv`)).isFile);

    // A picture, weights on their way to PyTorch and back, a report.
    const png = await pngOf(
      { width: 28, height: 28, color: COLOR.gray },
      new Uint8Array(28 * 28),
    );
    await Deno.writeFile(`${at.path}/digit.png`, png);
    const picture = from("src/ops", "digit.png");
    const predicted = await taskIn("src/ops", [
      "predict",
      from("src/ops", "run"),
      picture,
      "test:2",
    ]);
    assertStringIncludes(predicted, `${picture}\n`);
    assertStringIncludes(predicted, "test:2 (2)\n");
    assertStringIncludes(await taskIn("src", ["inspect", from("src", "run")]), "torchMnist");
    await taskIn("src", ["export", from("src", "run"), from("src", "exported")]);
    await taskIn("docs", ["import", from("docs", "exported"), from("docs", "back.safetensors")]);
    assert((await Deno.stat(`${at.path}/back.safetensors`)).isFile);
    await taskIn("docs", ["report", from("docs", "run"), "--out", from("docs", "page/all.html")]);
    assert((await Deno.stat(`${at.path}/page/all.html`)).isFile);

    // Data that the environment names.
    const weights = from("docs", "back.safetensors");
    const named = await taskIn("docs", ["evaluate", weights], { GOODINIT_DATA: data });
    assertStringIncludes(named, "MNIST test, 6 images");
  },
});
