import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Checkpoint,
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../../src/train/checkpoint/checkpoint.ts";
import {
  checkpointWriter,
  findCheckpoint,
} from "../../../src/train/checkpoint/checkpoint_folder.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
} from "../../../src/train/safetensors/safetensors.ts";
import { sha256 } from "../../../src/data/fingerprint.ts";
import { folderOf } from "../../data/fixtures.ts";

const small = (step = 7): Checkpoint => ({
  step,
  seconds: 0.1 + 0.2,
  elapsed: 1e9 / 3,
  epochs: [{
    epoch: 0,
    step: 4,
    steps: 12,
    trainLoss: 1 / 3,
    trainAccuracy: 0.5,
    imagesPerSecond: Infinity,
    seconds: 1e-7,
    test: { loss: NaN, accuracy: 0, count: 21 },
  }],
  trains: { seed: "3", layers: ["relu", "dense"] },
  device: "a device",
  tensors: new Map<string, Checkpoint["tensors"] extends ReadonlyMap<string, infer T> ? T : never>([
    ["params.w", { shape: [2], data: Float32Array.of(-0, 1e-45) }],
    ["key", { shape: [2], data: Uint32Array.of(2 ** 32 - 1, 0) }],
    ["step", { shape: [], data: Int32Array.of(-1) }],
  ]),
});

const namesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

Deno.test("decodeCheckpoint() inverts encodeCheckpoint(), to the bit", async () => {
  const found = await decodeCheckpoint(await encodeCheckpoint(small()));
  assertEquals(found, small());
  assert(Object.is(found.tensors.get("params.w")!.data[0], -0));
});

Deno.test("decodeCheckpoint() detects any flipped bit, and any truncation", async () => {
  const bytes = await encodeCheckpoint(small());
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1;
    await assertRejects(() => decodeCheckpoint(damaged), SafetensorsError, "", `byte ${at}`);
    const short = bytes.slice(0, at);
    await assertRejects(() => decodeCheckpoint(short), SafetensorsError, "", `${at} bytes`);
  }
  await assertRejects(
    () => decodeCheckpoint(Uint8Array.from([...bytes, 0])),
    SafetensorsError,
  );
});

Deno.test("decodeCheckpoint() reads files of versions without the sum of all seconds", async () => {
  const { tensors, metadata } = decodeSafetensors(await encodeCheckpoint(small()));
  const { sha256: _, elapsed: __, ...rest } = metadata;
  const sum = await sha256(encodeSafetensors(tensors, rest));
  const bytes = encodeSafetensors(tensors, { ...rest, sha256: sum });
  assertEquals(await decodeCheckpoint(bytes), { ...small(), elapsed: small().seconds });
});

Deno.test("decodeCheckpoint() errors name the fault", async () => {
  const { tensors, metadata } = decodeSafetensors(await encodeCheckpoint(small()));
  await assertRejects(
    () => decodeCheckpoint(encodeSafetensors(tensors, { ...metadata, step: "8" })),
    SafetensorsError,
    `checkpoint: expected the SHA-256 ${metadata.sha256}, found `,
  );
  await assertRejects(
    () => decodeCheckpoint(encodeSafetensors(tensors)),
    SafetensorsError,
    "checkpoint: expected the SHA-256 in its metadata, found ",
  );
  const { sha256: _, ...rest } = metadata, other = { ...rest, format: "goodinit checkpoint 2" };
  const sum = await sha256(encodeSafetensors(tensors, other));
  await assertRejects(
    () => decodeCheckpoint(encodeSafetensors(tensors, { ...other, sha256: sum })),
    CheckpointError,
    "checkpoint: expected the format goodinit checkpoint 1, found goodinit checkpoint 2",
  );
});

Deno.test("checkpointWriter() keeps the last two, and deletes older ones once the new one is complete", async () => {
  await using at = await folderOf({ "mine.txt": Uint8Array.of(1) });
  const folder = `${at.path}/deep/er`, seen: string[][] = [];
  const write = checkpointWriter(folder, undefined, async (path, content) => {
    await Deno.writeFile(path, content as Uint8Array);
    seen.push(namesIn(folder));
  });
  const left = `${folder}/step-000000002.safetensors.6c9b1f2e.tmp`;
  for (const step of [1, 2, 3, 1000]) {
    assertEquals(
      await write(step, await encodeCheckpoint(small(step))),
      `${folder}/step-${String(step).padStart(9, "0")}.safetensors`,
    );
    if (step === 2) await Deno.writeFile(left, Uint8Array.of(1));
    await Deno.writeFile(`${folder}/other.txt`, Uint8Array.of(1));
  }
  const name = (step: number) => `step-${String(step).padStart(9, "0")}.safetensors`;
  assertEquals(seen, [
    [name(1)],
    ["other.txt", name(1), name(2)],
    ["other.txt", name(1), name(2), name(3)],
    ["other.txt", name(2), name(3), name(1000)],
  ]);
  assertEquals(namesIn(folder), ["other.txt", name(3), name(1000)]);
});

Deno.test("checkpointWriter() names the file it could not write, and keeps existing files", async () => {
  await using at = await folderOf({});
  const bytes = await encodeCheckpoint(small());
  await checkpointWriter(at.path)(1, bytes);
  const before = namesIn(at.path);
  const full = () => Promise.reject(new Error("No space left on device (os error 28)"));
  await assertRejects(
    () => checkpointWriter(at.path, before[0], full)(2, bytes),
    CheckpointError,
    `${at.path}/step-000000002.safetensors: expected to write ${bytes.length} bytes, found ` +
      "No space left on device (os error 28); what was written before is whole",
  );
  assertEquals(namesIn(at.path), before);
});

Deno.test("findCheckpoint() returns the newest complete one, and names the faults of others", async () => {
  await using at = await folderOf({});
  assertEquals(await findCheckpoint(`${at.path}/nowhere`), { damaged: [] });
  assertEquals(await findCheckpoint(at.path), { damaged: [] });
  const write = checkpointWriter(at.path);
  await write(9, await encodeCheckpoint(small(9)));
  const newest = await write(10, await encodeCheckpoint(small(10)));
  const found = await findCheckpoint(at.path);
  assertEquals([found.checkpoint?.step, found.path, found.damaged], [10, newest, []]);

  await Deno.truncate(newest, (await Deno.stat(newest)).size - 1);
  await Deno.writeTextFile(`${at.path}/step-000000011.safetensors.77.tmp`, "half");
  await Deno.writeTextFile(`${at.path}/notes.txt`, "mine");
  const before = await findCheckpoint(at.path);
  assertEquals(before.checkpoint, small(9));
  assertEquals(before.damaged.length, 1);
  assert(before.damaged[0]!.startsWith(`${newest}: safetensors: `), before.damaged[0]);
  assert(before.damaged[0]!.endsWith("truncated"), before.damaged[0]);

  await Deno.truncate(before.path!, 3);
  const none = await findCheckpoint(at.path);
  assertEquals([none.checkpoint, none.path, none.damaged.length], [undefined, undefined, 2]);
});

Deno.test("findCheckpoint() does not take an error of the program for damage", async () => {
  await using at = await folderOf({});
  await checkpointWriter(at.path)(9, await encodeCheckpoint(small(9)));
  const { subtle } = crypto, { digest } = subtle;
  subtle.digest = () => Promise.reject(new TypeError("expected a digest, found none"));
  try {
    await assertRejects(() => findCheckpoint(at.path), TypeError, "expected a digest, found none");
  } finally {
    subtle.digest = digest;
  }
  assertEquals((await findCheckpoint(at.path)).checkpoint?.step, 9);
});
