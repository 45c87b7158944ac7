/**
 * TensorBoard's events: the bytes that TensorBoard itself writes, and what it reads of a run, resumed or not.
 */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { TaskError } from "../../../tasks/cli/task_error.ts";
import { readResumable } from "../../../tasks/run/resume.ts";
import { attachTensorBoard } from "../../../tasks/tensorboard/attach.ts";
import { crc32c } from "../../../tasks/tensorboard/crc32c.ts";
import {
  scalarsEvent,
  settingsEnd,
  settingsStart,
  stepOf,
  versionEvent,
} from "../../../tasks/tensorboard/event.ts";
import { EventFile, findEventFile } from "../../../tasks/tensorboard/event_file.ts";
import { decodeRecords, encodeRecord } from "../../../tasks/tensorboard/record.ts";
import { runTraining } from "../../../tasks/training/run_training.ts";
import { concatBytes } from "../../../src/host_data.ts";
import { folderOf } from "../../data/fixtures.ts";
import { specOf } from "../training/spec.ts";

const golden: { at: number; events: Record<string, string>; file: string } = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/events.json", import.meta.url)),
);

const hex = (bytes: Uint8Array) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const EVENTS = {
  version: versionEvent(golden.at),
  start: settingsStart(golden.at, { rate: 0.1, left: undefined }),
  first: scalarsEvent(golden.at, 0, { "loss/step": 2.5 }),
  scalars: scalarsEvent(golden.at, 300, {
    "loss/train": 0.125,
    "accuracy/train": 1,
    "loss/test": Infinity,
  }),
  end: settingsEnd(golden.at, true),
};

Deno.test("events are the bytes that TensorBoard writes", () => {
  for (const [name, event] of Object.entries(EVENTS)) {
    assertEquals(hex(event), golden.events[name], name);
  }
  assertEquals(hex(concatBytes(Object.values(EVENTS).map(encodeRecord))), golden.file);
  assertEquals(Object.values(EVENTS).map(stepOf), [0, 0, 0, 300, 0]);
});

Deno.test("crc32c() has the checksums of RFC 3720, B.4", () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assertEquals(crc32c(ascending), 0x46dd794e);
  assertEquals(crc32c(ascending.toReversed()), 0x113fdb5c);
});

Deno.test("decodeRecords() leaves out what is damaged or cut off", () => {
  const records = Object.values(EVENTS).map(encodeRecord), file = concatBytes(records);
  const second = records[0]!.length;
  const read = (bytes: Uint8Array) => {
    const damaged: number[] = [];
    const count = [...decodeRecords(bytes, (at) => damaged.push(at))].length;
    return { count, damaged };
  };
  const flipped = (at: number) => file.with(at, file[at]! ^ 1);
  assertEquals(read(file), { count: 5, damaged: [] });
  for (const cut of [1, 5, 40]) {
    assertEquals(read(file.subarray(0, file.length - cut)), { count: 4, damaged: [] });
  }
  assertEquals(read(flipped(second + 12)), { count: 4, damaged: [second] }, "its content");
  for (const at of [second, second + 8]) {
    assertEquals(read(flipped(at)), { count: 1, damaged: [second] }, "its length");
  }
});

Deno.test("a file of events that goes on loses its damaged ones, after a line that says so", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/events`, whole = Object.values(EVENTS).map(encodeRecord);
  const second = whole[0]!.length;
  const resumed = async (bytes: Uint8Array | undefined, step: number) => {
    if (bytes) await Deno.writeFile(path, bytes);
    const lines: string[] = [];
    using _ = await EventFile.resume(path, step, (line) => lines.push(line.slice(path.length)));
    return { lines, events: [...decodeRecords(await Deno.readFile(path))].map(hex) };
  };
  const all = Object.values(EVENTS).map(hex), file = concatBytes(whole);
  const line = (at: number) =>
    `: expected records with their checksums, found another one at byte ${at}; what is damaged is left out`;
  assertEquals(await resumed(file, 300), { lines: [], events: all });
  assertEquals(await resumed(file, 299), { lines: [], events: all.toSpliced(3, 1) });
  assertEquals(await resumed(file.subarray(0, -1), 300), { lines: [], events: all.slice(0, 4) });
  assertEquals(await resumed(file.with(second + 12, 99), 300), {
    lines: [line(second)],
    events: all.toSpliced(1, 1),
  });
  const { lines, events } = await resumed(file.with(0, 99), 300);
  assertEquals([lines, events.length], [[line(0)], 1]);
  assertMatch(events[0]!, /1a0d627261696e2e4576656e743a32$/, "an event of the format");
  assertEquals((await resumed(new Uint8Array(), 300)).events.length, 1);
});

const LINE = "--procedural --net fitnetMnist --activation relu --device cpu --threads 1 " +
  "--subset 32 --test-subset 8 --batch 8 --epochs 3 --loss-every 1 --tensorboard";

/** The scalars of an event, by a reader of its own: field 5, of its fields 1 those 1 and 2. */
function scalarsOf(event: Uint8Array): Record<string, number> {
  const found: Record<string, number> = {};
  const fields = function* (bytes: Uint8Array): Generator<[number, Uint8Array]> {
    let at = 0;
    const varint = () => {
      let value = 0;
      for (let factor = 1;; factor *= 128) {
        const byte = bytes[at++]!;
        value += byte % 128 * factor;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const key = varint(), wire = key % 8, start = at;
      if (wire === 0) varint();
      else if (wire === 2) {
        const size = varint();
        at += size;
      } else at += wire === 1 ? 8 : 4;
      yield [key >> 3, bytes.subarray(wire === 2 ? start + lengthOf(bytes, start) : start, at)];
    }
  };
  const lengthOf = (bytes: Uint8Array, at: number) => {
    let size = 1;
    while (bytes[at + size - 1]! >= 128) size++;
    return size;
  };
  for (const [id, summary] of fields(event)) {
    if (id !== 5) continue;
    for (const [, value] of fields(summary)) {
      let tag = "";
      for (const [id, content] of fields(value)) {
        if (id === 1) tag = new TextDecoder().decode(content);
        if (id === 2) found[tag] = new DataView(content.slice().buffer).getFloat32(0, true);
      }
    }
  }
  return found;
}

const TIMES = ["images per second"];

/** The scalars in a run's folder, without times, each with its step. */
async function scalarsIn(folder: string): Promise<[number, Record<string, number>][]> {
  const bytes = await Deno.readFile((await findEventFile(folder))!);
  return [...decodeRecords(bytes)].map((event) => {
    const own = Object.entries(scalarsOf(event)).filter(([tag]) => !TIMES.includes(tag));
    return [stepOf(event), Object.fromEntries(own)] as [number, Record<string, number>];
  }).filter(([, scalars]) => Object.keys(scalars).length > 0);
}

/** A run that a half-written record follows, stopped after an epoch and resumed, and one without interruption. */
async function trainTwice(folder: string) {
  const whole = `${folder}/whole`, cut = `${folder}/cut`, stop = new AbortController();
  const attached = async () => (await attachTensorBoard({ tensorboard: true }))!.observe;
  await runTraining(await specOf(whole, LINE), await attached());
  const spec = await specOf(cut, LINE), observe = await attached();
  await runTraining({ ...spec, signal: stop.signal }, async (event) => {
    await observe(event);
    if (event.kind === "epoch") stop.abort();
  });
  const path = (await findEventFile(cut))!, half = encodeRecord(EVENTS.scalars).subarray(0, 30);
  await Deno.writeFile(
    path,
    concatBytes([await Deno.readFile(path), encodeRecord(EVENTS.scalars), half]),
  );
  const manifest = await readResumable("mnist", cut);
  await runTraining({ ...spec, earlier: { path: cut, manifest } }, await attached());
  return { whole, cut };
}

Deno.test("a run whose events are deleted or replaced while it trains ends and says so", async () => {
  for (
    const harm of [
      Deno.remove,
      (path: string) =>
        Deno.writeTextFile(`${path}x`, "").then(() => Deno.rename(`${path}x`, path)),
    ]
  ) {
    await using folder = await folderOf({});
    const out = `${folder.path}/run`, spec = await specOf(out, LINE);
    const { observe } = (await attachTensorBoard({ tensorboard: true }))!;
    const work = runTraining(spec, async (event) => {
      await observe(event);
      if (event.kind === "epoch" && event.row.epoch === 1) await harm((await findEventFile(out))!);
    });
    const { message } = await assertRejects(() => work, TaskError);
    assertMatch(
      message,
      /goodinit: expected the file that events are appended to, found (none|another of its name): it was deleted or moved/,
    );
    assertEquals((await readResumable("mnist", out)).status, "failed");
  }
});

Deno.test("a run's events are its epochs and steps, and a resumed run has none twice", async () => {
  await using folder = await folderOf({});
  const { whole, cut } = await trainTwice(folder.path), scalars = await scalarsIn(whole);
  assertEquals(
    scalars.filter(([, s]) => "loss/step" in s).map(([step]) => step),
    Array.from({ length: 12 }, (_, i) => i + 1),
  );
  const epochs = scalars.filter(([, s]) => "loss/train" in s);
  assertEquals(epochs.map(([step]) => step), [4, 8, 12]);
  assertEquals(Object.keys(epochs[0]![1]), [
    "loss/train",
    "accuracy/train",
    "loss/test",
    "accuracy/test",
    "learning rate",
  ]);
  assertEquals(await scalarsIn(cut), scalars);
});

const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
a = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
a.Reload()
print(json.dumps({t: [[e.step, e.value] for e in a.Scalars(t)] for t in a.Tags()["scalars"]}))
`;

/** A Python that has the package tensorboard: of $GOODINIT_TENSORBOARD, or the system's. */
async function pythonWithTensorBoard(): Promise<string | undefined> {
  for (const python of [Deno.env.get("GOODINIT_TENSORBOARD"), "python3"]) {
    if (!python) continue;
    const command = new Deno.Command(python, {
      args: ["-c", "import tensorboard"],
      stdout: "null",
      stderr: "null",
    });
    const { success } = await command.output().catch(() => ({ success: false }));
    if (success) return python;
  }
}

const python = await pythonWithTensorBoard();

Deno.test({
  name: "TensorBoard reads a run's events" +
    (python ? "" : " (skipped: no Python with the package tensorboard)"),
  ignore: !python,
  fn: async () => {
    await using folder = await folderOf({});
    const { cut } = await trainTwice(folder.path), ours = await scalarsIn(cut);
    const { stdout } = await new Deno.Command(python!, { args: ["-c", READ, cut], stderr: "null" })
      .output();
    const theirs: Record<string, [number, number][]> = JSON.parse(new TextDecoder().decode(stdout));
    for (const tag of ["loss/step", "loss/train", "accuracy/test", "learning rate"]) {
      const expected = ours.flatMap(([step, s]) => tag in s ? [[step, s[tag]!]] : []);
      assertEquals(theirs[tag], expected as [number, number][], tag);
    }
  },
});
