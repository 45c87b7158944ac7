/**
 * `--resume`: what it resumes, what it refuses, and that it says so in one line.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { train } from "../../../tasks/training/train_command.ts";
import { folderOf } from "../../data/fixtures.ts";
import { checkpointSteps, outcomeOf, QUICK, startTask, textOf } from "../runs.ts";
import { captured } from "../captured.ts";
import type { Tuple } from "../../../src/tuple.ts";
import type { TaskName } from "../../../tasks/run/settings.ts";

const EPOCHS = 3;
const TIME = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";

const call = (args: readonly string[], task: TaskName = "mnist") =>
  captured(() => train(task, args));
const fresh = (out: string) => [...QUICK, "--epochs", String(EPOCHS), "--out", out];

type Manifest = Record<string, unknown> & { readonly program: { readonly version: string } };
const manifestOf = async (run: string): Promise<Manifest> =>
  JSON.parse((await textOf(`${run}/manifest.json`))!);
const rewrite = async (run: string, change: (manifest: Manifest) => unknown) =>
  await Deno.writeTextFile(
    `${run}/manifest.json`,
    JSON.stringify(change(await manifestOf(run))),
  );

/** A run that was ended by Ctrl-C after a step. */
async function cutRun(run: string, step: number): Promise<void> {
  await using child = startTask(fresh(run));
  const said = Promise.all([child.stdout, child.stderr].map((s) => new Response(s).text()));
  while ((checkpointSteps(run).at(-1) ?? 0) < step) await new Promise((go) => setTimeout(go, 2));
  child.kill("SIGINT");
  const { code } = await child.status, [out, err] = await said as Tuple<string, 2>;
  assertEquals([code, err], [130, ""]);
  assertMatch(out, /\nprocedural images \| stopped \| /);
}

Deno.test({
  name: "--resume resumes a run that Ctrl-C ended, and comes to the same, to the bit",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await folderOf({});
    const [whole, cut] = [`${at.path}/whole`, `${at.path}/cut`];
    await call([...fresh(whole), "--quiet"]);
    await cutRun(cut, 10);
    const before = await manifestOf(cut), steps = checkpointSteps(cut);
    assertEquals([before.status, steps.length], ["stopped", 2]);
    assertEquals((before.results as { steps: number }).steps, steps[1]);
    assert(steps[1]! >= 10 && steps[1]! < 8 * EPOCHS, `${steps}`);

    const { code, out, err } = await call(["--resume", cut, "--threads", "1", "--no-figures"]);
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(
      out,
      `\nresumed from step ${steps[1]} (completed epochs: 1), ${cut}/checkpoints/`,
    );
    assertMatch(out, /\npreset quick \(as the run started\): .* to go\n/);
    assertEquals(await outcomeOf(cut), await outcomeOf(whole));
    const { resumed, ...after } = await manifestOf(cut);
    assertEquals([after.status, after.started], ["finished", before.started]);
    assertEquals(after.settings, before.settings);
    assertEquals((resumed as { step: number }[]).map(({ step }) => step), [steps[1]]);

    const weights = await Deno.stat(`${cut}/weights.safetensors`);
    const again = await call(["--resume", cut]);
    assertEquals(again, {
      code: 0,
      out: `${cut} is finished; there is nothing to resume`,
      err: "",
    });
    assertEquals(await Deno.stat(`${cut}/weights.safetensors`), weights);
  },
});

Deno.test("--resume skips a damaged checkpoint, and says so", async () => {
  await using at = await folderOf({});
  const [whole, cut] = [`${at.path}/whole`, `${at.path}/cut`];
  await call([...fresh(whole), "--quiet"]);
  const expected = await outcomeOf(whole);
  for (const harmed of [1, 2]) {
    await Deno.remove(cut, { recursive: true }).catch(() => {});
    await Deno.mkdir(`${cut}/checkpoints`, { recursive: true });
    for (const name of ["manifest.json", "epochs.csv", "lsuv.csv"]) {
      await Deno.copyFile(`${whole}/${name}`, `${cut}/${name}`);
    }
    await rewrite(cut, (manifest) => ({ ...manifest, status: "running" }));
    const names = checkpointSteps(whole)
      .map((step) => `checkpoints/step-${String(step).padStart(9, "0")}.safetensors`);
    for (const [i, name] of names.entries()) {
      const bytes = await Deno.readFile(`${whole}/${name}`);
      if (i >= 2 - harmed) bytes[bytes.length >> 1]! ^= 1;
      await Deno.writeFile(`${cut}/${name}`, bytes);
    }
    const left = "epochs.csv.0bd8f3a4-6a4e-4b7c-9f5e-1d2c3b4a5968.tmp";
    await Deno.writeTextFile(`${cut}/${left}`, "half");
    const { code, out, err } = await call(["--resume", cut, "--no-figures"]);
    assertEquals(code, 0);
    const lines = err.split("\n");
    assertEquals(lines.length, harmed);
    assert(lines[0]!.startsWith(`WARNING: ${cut}/${names[1]}: checkpoint: expected the SHA-256 `));
    assert(
      lines[0]!.endsWith(
        harmed === 1 ? `; ${cut}/${names[0]} is used instead` : "; the run starts over",
      ),
      lines[0],
    );
    assertStringIncludes(
      out,
      harmed === 1 ? "resumed from step 23 (completed epochs: 2), " : "the run starts over",
    );
    assertEquals(await outcomeOf(cut), expected);
    assertEquals(await textOf(`${cut}/${left}`), undefined);
  }
});

Deno.test("--resume refuses what it cannot resume, in one line", async () => {
  await using at = await folderOf({ "empty/a.txt": Uint8Array.of(1) });
  const run = `${at.path}/run`;
  await call([...fresh(run), "--epochs", "1", "--quiet"]);
  const manifest = await manifestOf(run), { status: _, ...unfinished } = manifest;
  const refused = async (change: (manifest: Manifest) => unknown, ...args: string[]) => {
    await Deno.writeTextFile(`${run}/manifest.json`, JSON.stringify(manifest));
    await rewrite(run, change);
    const before = await textOf(`${run}/manifest.json`);
    const { code, out, err } = await call(["--resume", run, ...args]);
    assertEquals([out, err.split("\n").length], ["", 1], err);
    if (code === 2) assertEquals(await textOf(`${run}/manifest.json`), before);
    return `${code} ${err.replaceAll(run, "RUN")}`;
  };
  const cut = () => ({ ...unfinished, status: "running" });
  const as = "as in the run in RUN, or no such option, found";
  for (
    const [args, says] of [
      ["--preset paper", `--preset: expected quick, ${as} paper`],
      ["--rate 0.5", `--rate: expected 0.002, ${as} 0.5`],
      ["--seed 1", `--seed: expected 0, ${as} 1`],
      ["--no-winograd", `--winograd: expected true, ${as} false`],
      ["--drop-at none", `--drop-at: expected 0.3,0.6,0.9, ${as} none`],
      ["--test-subset 7", `--test-subset: expected 8, ${as} 7`],
      ["--batch 5", `--batch: expected 4, ${as} 5`],
      ["--momentum 0.5", `--momentum: expected none, ${as} 0.5`],
      ["--out a", `--out: expected none, ${as} a`],
    ]
  ) {
    assertEquals(await refused(cut, ...args!.split(" ")), `2 train:mnist: ${says}`);
  }
  const { version } = manifest.program;
  assertEquals(
    await refused(() => ({ ...cut(), program: { ...manifest.program, version: "0.0.9" } })),
    `2 train:mnist: --resume: expected a run of version ${version}, found one of 0.0.9 in RUN`,
  );
  assertEquals(
    await refused(() => ({ ...cut(), command: "deno task train:cifar" })),
    "2 train:mnist: --resume: expected a run of train:mnist, found one of train:cifar in RUN",
  );
  assertEquals(
    await refused(() => ({ ...cut(), status: "diverged at step 7" })),
    "2 train:mnist: --resume: expected another --rate, --clip, --on-nonfinite for a run that " +
      "diverged at step 7, and would again, found the same in RUN",
  );
  assertEquals(
    await refused(() => ({})),
    "1 train:mnist: RUN/manifest.json: program: expected an object, found nothing",
  );
  const data = structuredClone(manifest.data) as { train: { sha256: string } };
  const { sha256 } = data.train;
  data.train.sha256 = "0123";
  assertEquals(
    await refused(() => ({ ...cut(), data })),
    "1 train:mnist: data: expected procedural grey shapes train of SHA-256 0123, as the run in " +
      `RUN has it, found procedural grey shapes train of ${sha256}`,
  );
  const settings = { ...manifest.settings as object, seed: 3 };
  assertMatch(
    await refused(() => ({ ...cut(), settings }), "--quiet"),
    /^1 train:mnist: RUN\/checkpoints\/step-0+8.safetensors: .*: seed: expected 3, found 0$/,
  );
  await Deno.writeTextFile(`${run}/manifest.json`, "no JSON");
  const other = await call(["--resume", run]);
  assertEquals(
    other.err,
    `train:mnist: ${run}/manifest.json: expected JSON, found other text`,
  );
  for (const path of [`${at.path}/empty`, `${at.path}/nowhere`, `${at.path}/empty/a.txt`]) {
    const { code, err } = await call(["--resume", path]);
    assertEquals(
      `${code} ${err}`,
      `2 train:mnist: --resume: expected a run's folder, found ${path} without a manifest.json`,
    );
  }
});

/** A run whose rate drops after an epoch and a half, however long it is. */
const dropping = (out: string, epochs: number) => [
  ...fresh(out),
  "--epochs",
  String(epochs),
  "--drop-at",
  "1.5",
];

Deno.test("--resume with more epochs makes a finished run bit-identical to one that had them from the start", async () => {
  await using at = await folderOf({});
  const [long, short] = [`${at.path}/long`, `${at.path}/short`];
  await call([...dropping(long, 3), "--quiet"]);
  await call([...dropping(short, 2), "--quiet"]);
  const fewer = await call(["--resume", short, "--epochs", "1"]);
  assertEquals([fewer.code, fewer.out], [2, ""]);
  assertEquals(
    fewer.err,
    `train:mnist: --epochs: expected 2 or more, as the run in ${short} has 2, found 1`,
  );
  assertStringIncludes((await call(["--resume", short, "--epochs", "2"])).out, "is finished");

  const { code, out, err } = await call(["--resume", short, "--epochs", "3", "--no-figures"]);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "\nresumed from step 16 (completed epochs: 2), ");
  assertEquals(await outcomeOf(short), await outcomeOf(long));
  const { status, settings, resumed } = await manifestOf(short);
  assertEquals([status, settings], ["finished", (await manifestOf(long)).settings]);
  assertEquals((resumed as { epochs: number }[]).map(({ epochs }) => epochs), [3]);
  assertStringIncludes((await call(["--resume", short])).out, "is finished");

  // Without a checkpoint nothing is trained anew over what is there.
  const before = await textOf(`${short}/manifest.json`);
  await Deno.remove(`${short}/checkpoints`, { recursive: true });
  const bare = await call(["--resume", short, "--epochs", "4"]);
  assertEquals([bare.code, bare.err], [
    2,
    `train:mnist: --epochs: expected an intact checkpoint in ${short}/checkpoints to resume from, found none`,
  ]);
  assertEquals(await textOf(`${short}/manifest.json`), before);
});

Deno.test({
  name: "--resume with more epochs makes a run that was cut off longer, to the bit",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await folderOf({});
    const [long, cut] = [`${at.path}/long`, `${at.path}/cut`];
    await call([...fresh(long), "--epochs", "4", "--drop-at", "0.9,1.8,2.7", "--quiet"]);
    await cutRun(cut, 10);
    const { code } = await call(["--resume", cut, "--epochs", "4", "--no-figures", "--quiet"]);
    assertEquals(code, 0);
    assertEquals(await outcomeOf(cut), await outcomeOf(long));
  },
});

Deno.test("runs that start in the same second get a folder each", async () => {
  await using at = await folderOf({});
  const script = new URL("../../../tasks/train_mnist.ts", import.meta.url).pathname;
  const args = ["run", "-A", "--no-check", script, ...QUICK, "--epochs", "1", "--quiet"];
  const env = { GOODINIT_DATA: "", NO_COLOR: "1" };
  const all = await Promise.all(
    [1, 2, 3].map(() => new Deno.Command(Deno.execPath(), { args, cwd: at.path, env }).output()),
  );
  assertEquals(all.map(({ code }) => code), [0, 0, 0]);
  const runs = [...Deno.readDirSync(`${at.path}/runs`)].map(({ name }) => name);
  assertEquals(runs.length, 3);
  for (const run of runs) {
    assertMatch(run, /^\d{8}-\d{6}-fitnetMnist-relu-lsuv-s0(-[23])?$/);
    assertEquals((await manifestOf(`${at.path}/runs/${run}`)).status, "finished");
  }
});

Deno.test({
  name: "--resume and --out refuse a run that is still running",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await folderOf({});
    const run = `${at.path}/run`;
    await using child = startTask([...fresh(run), "--epochs", "100000"]);
    const said = Promise.all([child.stdout, child.stderr].map((s) => new Response(s).text()));
    while (checkpointSteps(run).length === 0) await new Promise((go) => setTimeout(go, 5));
    const since = new RegExp(`process ${child.pid} on \\S+, which has done so since ${TIME}$`);
    for (const args of [["--resume", run], fresh(run)]) {
      const { code, err } = await call(args);
      assertEquals(
        `${code} ${err.replace(since, "IT")}`,
        `1 train:mnist: ${run}: expected a folder that no other program writes to, found IT`,
      );
    }
    child.kill("SIGKILL");
    await child.status;
    await said;
  },
});
