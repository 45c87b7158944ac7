/**
 * The schema of a manifest: it takes what runs write, its ranges are those of the command line, and it names
 * the field that is wrong.
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Option } from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import { TaskError } from "../../../tasks/cli/task_error.ts";
import { MANIFEST } from "../../../tasks/run/manifest_schema.ts";
import { readManifest, readWholeManifest } from "../../../tasks/run/read_manifest.ts";
import type { TaskName } from "../../../tasks/run/settings.ts";
import { parseAs } from "../../../tasks/schema/read_json.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import { resolveSettings } from "../../../tasks/training/settings.ts";
import { folderOf } from "../../data/fixtures.ts";
import { manifestWith } from "./manifests.ts";

function settingsOf(line: string, task: TaskName = "cifar") {
  const parsed = parseOptions(trainTable(task), line.split(" ").filter(Boolean));
  if (parsed === "help") throw new Error("expected options, found a call for help");
  return resolveSettings(task, parsed, "quick");
}

const json = (value: unknown) => JSON.parse(JSON.stringify(value));
const parse = (value: unknown, partial = false) =>
  parseAs(MANIFEST, value, "manifest.json", { partial });

for (
  const [task, line] of [
    ["cifar", ""],
    ["cifar", "--optimizer adam --momentum-end 0.95 --momentum-until 3 --optimizer sgd"],
    ["cifar", "--net highwayMlp --depth 20 --schedule restarts --restart-every 2 --warmup 1"],
    [
      "cifar",
      "--init lsuv --pre-init gaussian --layer-stds 1,2 --lsuv-mode fresh --normalize input",
    ],
    ["mnist", "--layer-rates 1,2 --max-norm 3 --clip 1 --bias-rate 2 --accumulate 2 --patience 3"],
    [
      "pictures",
      "--resized-crop --channels 1 --test-share 0.3 --target-columns a,b --label-smoothing 0.1",
    ],
  ] as const
) {
  Deno.test(`the schema of a manifest takes the settings of train:${task} ${line}`, () => {
    const manifest = json(manifestWith(settingsOf(line, task)));
    assertEquals<unknown>(parse(manifest), manifest);
  });
}

/** Numbers at the ends of an option's range, and beyond them. */
function numbersAround(
  { from, to, above, below }: Option & { readonly kind: "number" | "integer" },
) {
  const ends = [from, to, above, below].filter((end) => end !== undefined);
  return [
    ...ends.flatMap((end) => [end, end - 1, end + 1, end - 1e-3, end + 1e-3]),
    1e39,
    0,
    1,
    -1,
  ];
}

Deno.test("settings have the ranges of the options of the command line", () => {
  const settings = settingsOf("");
  for (const task of ["mnist", "cifar", "pictures"] as const) {
    for (const [name, option] of Object.entries<Option>(trainTable(task))) {
      const setting = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      if (option.kind !== "number" && option.kind !== "integer") continue;
      if (["checkpointEvery", "watchPort"].includes(setting)) continue;
      for (const value of numbersAround(option)) {
        const takes = (work: () => unknown): boolean => {
          try {
            work();
            return true;
          } catch {
            return false;
          }
        };
        assertEquals(
          takes(() => parse({ settings: { ...settings, [setting]: value } }, true)),
          takes(() => parseOptions(trainTable(task), [`--${name}=${value}`])),
          `--${name} ${value}`,
        );
      }
    }
  }
});

for (
  const [change, says] of [
    [{ settings: { loss: null } }, "settings.loss: expected one of softmax, "],
    [{ settings: { loss: ["hinge"] } }, 'found ["hinge"]'],
    [{ settings: { rate: 1e39 } }, "settings.rate: expected a number above 0 and of at most 3.40"],
    [
      { settings: { rate: 1e-60 } },
      "settings.rate: expected a number above 0 as a 32-bit float, found 1e-60",
    ],
    [
      { settings: { epochs: 1.5 } },
      "settings.epochs: expected an integer of at least 1, found 1.5",
    ],
    [
      { status: "done" },
      "status: expected running, finished, stopped, failed or diverged at step N",
    ],
    [{ data: { train: [] } }, "data.train: expected an object, found []"],
    [{ data: { origin: { kind: "moon" } } }, "data.origin.kind: expected one of folder, cache"],
    [{ model: { "a b": 1 } }, 'model["a b"]: expected a text, found 1'],
    [{ resumed: [{ device: { name: 1 } }] }, "resumed[0].device.name: expected a text, found 1"],
    [
      { results: { lastEpoch: { testLoss: "x" } } },
      "results.lastEpoch.testLoss: expected a number of 32 bits, or null",
    ],
  ] as const
) {
  Deno.test(`the schema of a manifest rejects ${JSON.stringify(change)}`, () => {
    const { message } = assertThrows(() => parse(change, true), TaskError, says);
    assertEquals([message.startsWith("manifest.json: "), message.includes("\n")], [true, false]);
  });
}

Deno.test("readManifest() names the file, whatever is wrong with it", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  await using at = await folderOf({
    "null/manifest.json": bytes("null"),
    "empty/manifest.json": bytes(" "),
    "cut/manifest.json": bytes('{\n  "status": "fini'),
    "text/manifest.json": bytes("{\n  status: 1}"),
    "latin/manifest.json": Uint8Array.of(0x7b, 0xe4, 0x7d),
    "folder/manifest.json/x": bytes(""),
    "deep/manifest.json": bytes(`{"x":${"[".repeat(300)}${"]".repeat(300)}}`),
    "newer/manifest.json": bytes('{"program":{"version":"9.1.0"},"status":"paused"}'),
    "part/manifest.json": bytes('{"status":"finished"}'),
  });
  const fails = async (
    name: string,
    says: string,
    read: (folder: string) => Promise<unknown> = readManifest,
  ) => {
    const { message } = await assertRejects(() => read(`${at.path}/${name}`), TaskError);
    assertEquals(message, `${at.path}/${name}/manifest.json: ${says}`);
  };
  await fails("null", "expected an object, found null");
  await fails("empty", "expected JSON, found an empty file");
  await fails("cut", "expected JSON, found a file that is cut off");
  await fails("text", "expected JSON, found other text in line 2, column 3");
  await fails("latin", "expected a text in UTF-8, found other bytes");
  await fails("folder", "expected a file, found a folder");
  await fails("deep", "expected at most 200 levels of JSON, found more");
  await fails(
    "newer",
    "status: expected running, finished, stopped, failed or diverged at step N, " +
      'found "paused"; version 9.1.0 wrote it, and this is 0.1.0',
  );
  await fails("part", "program: expected an object, found nothing", readWholeManifest);
  assertEquals(await readManifest(`${at.path}/part`), { status: "finished" });
  assertEquals(await readManifest(`${at.path}/none`), undefined);
});

Deno.test({
  name: "readManifest() rejects a named pipe, rather than wait for what comes through it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await folderOf({});
    await new Deno.Command("mkfifo", { args: [`${at.path}/manifest.json`] }).output();
    await assertRejects(
      () => readManifest(at.path),
      TaskError,
      `${at.path}/manifest.json: expected a file, found a named pipe`,
    );
  },
});
