import { assertEquals, assertStringIncludes } from "@std/assert";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../../src/train/mod.ts";
import { evaluate } from "../../../tasks/models/evaluate/command.ts";
import { importNet } from "../../../tasks/export/import_command.ts";
import { toTorch } from "../../../tasks/export/layout.ts";
import { netSteps } from "../../../tasks/export/steps.ts";
import { folderOf } from "../../data/fixtures.ts";
import { fileOf, littleEndian, type Raw } from "../../train/safetensors/safetensors_files.ts";
import { mnistWith, tensorsOf, weightsOf } from "../nets.ts";
import { captured } from "../captured.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

const FIELDS = { net: "fitnetMnist", activation: "relu" } as const;
const NET = ["--net", "fitnetMnist", "--activation", "relu"];
const MODEL = parseModel(FIELDS);
const OWN = tensorsOf(MODEL), TORCH = toTorch(netSteps(MODEL), OWN);

const renamed = (tensors: ReadonlyMap<string, StoredTensor>, prefix: string) =>
  new Map([...tensors].map(([name, tensor]) => [prefix + name, tensor]));

/** Imports files, of which `path` is named; what is captured, and the tensors written. */
async function imported(files: Record<string, Uint8Array>, path: string) {
  await using folder = await folderOf(files);
  const out = `${folder.path}/new/w.safetensors`;
  const { code, err } = await captured(() => importNet([`${folder.path}/${path}`, out, ...NET]));
  const tensors = code === 0 ? decodeSafetensors(await Deno.readFile(out)).tensors : undefined;
  return { code, err: err.replaceAll(folder.path, "…"), tensors };
}

for (const prefix of ["module.", "_orig_mod.module.", "state_dict.model.net."]) {
  Deno.test(`import ignores the prefix ${prefix}, and names the integers that it leaves out`, async () => {
    const counter = { shape: [], data: Int32Array.of(9) };
    const ids = { shape: [1, 3], data: Int32Array.of(0, 1, 2) };
    const file = encodeSafetensors(
      new Map([
        ...renamed(TORCH, prefix),
        [`${prefix}bn1.num_batches_tracked`, counter],
        ["position_ids", ids],
      ]),
    );
    const { code, err, tensors } = await imported({ "t.safetensors": file }, "t.safetensors");
    assertEquals(code, 0, err);
    assertEquals(
      err,
      "import: left out, as integers that the net does not have: " +
        `${prefix}bn1.num_batches_tracked, position_ids`,
    );
    assertEquals([...tensors!], [...OWN]);
  });
}

Deno.test("import converts F16, BF16 and F64 to F32, and transposes them", async () => {
  const bits = new DataView(new ArrayBuffer(4));
  const brain = (value: number) => {
    bits.setFloat32(0, value);
    return bits.getUint16(0);
  };
  const raw = ({ shape, data }: StoredTensor, i: number): Raw =>
    i % 2
      ? {
        dtype: "BF16",
        shape,
        bytes: littleEndian(2, [...data].map(brain), (v, at, n) => v.setUint16(at, n, true)),
      }
      : {
        dtype: "F64",
        shape,
        bytes: littleEndian(8, [...data], (v, at, n) => v.setFloat64(at, n, true)),
      };
  const file = fileOf(Object.fromEntries([...TORCH].map(([name, t], i) => [name, raw(t, i)])));
  const { code, err, tensors } = await imported({ "t.safetensors": file }, "t.safetensors");
  assertEquals([code, err], [0, ""]);
  const shortened = Float32Array.from(OWN.get("0.b")!.data, (value) => {
    bits.setUint32(0, brain(value) << 16);
    return bits.getFloat32(0);
  });
  assertEquals([tensors!.get("0.w"), tensors!.get("0.b")!.data], [OWN.get("0.w"), shortened]);
});

Deno.test("import refuses floats that the net does not have, and shapes of other layouts", async () => {
  const changed = async (change: (tensors: Map<string, StoredTensor>) => void) => {
    const all = new Map(renamed(TORCH, "module."));
    change(all);
    return (await imported({ "t.safetensors": encodeSafetensors(all) }, "t.safetensors")).err;
  };
  assertStringIncludes(
    await changed((all) => all.set("module.conv1.wieght", all.get("module.conv1.weight")!)),
    "expected tensors named conv1.weight, conv1.bias to classifier.bias, found module.conv1.wieght; " +
      "did you mean conv1.weight?",
  );
  assertStringIncludes(
    await changed((all) => all.delete("module.conv3.bias")),
    "conv3.bias: expected F32 [16], found none",
  );
  assertStringIncludes(
    await changed((all) => {
      const { data } = all.get("module.classifier.weight")!;
      all.set("module.classifier.weight", { shape: [108, 10], data });
    }),
    "classifier.weight: expected F32 [10,108], found [108,10]; are its axes in another order",
  );
});

const HALVES = [...TORCH].map((entry, i) => [i % 2, entry] as const);
const shard = (half: number) =>
  encodeSafetensors(new Map(HALVES.filter(([which]) => which === half).map(([, entry]) => entry)));
const SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
const index = (map: unknown) => new TextEncoder().encode(JSON.stringify({ weight_map: map }));
const MAP = Object.fromEntries(HALVES.map(([half, [name]]) => [name, SHARDS[half]]));
const SHARDED = {
  [SHARDS[0]]: shard(0),
  [SHARDS[1]]: shard(1),
  "model.safetensors.index.json": index(MAP),
};

for (const path of ["", "model.safetensors.index.json"]) {
  Deno.test(`import takes shards by ${path || "their folder"}`, async () => {
    const { code, err, tensors } = await imported(SHARDED, path);
    assertEquals([code, err], [0, ""]);
    assertEquals([...tensors!], [...OWN]);
  });
}

Deno.test("import says what is wrong with shards", async () => {
  assertStringIncludes(
    (await imported(SHARDED, SHARDS[0])).err,
    "found none; the file is one shard of several: name their index, *.safetensors.index.json",
  );
  const { [SHARDS[1]]: _, ...without } = SHARDED;
  assertStringIncludes(
    (await imported(without, "")).err,
    `…/${SHARDS[1]}: expected a safetensors file, found nothing there`,
  );
  const name = "model.safetensors.index.json";
  for (
    const [bytes, found] of [
      [
        index({ ...MAP, "conv9.weight": SHARDS[0] }),
        `expected conv9.weight in ${SHARDS[0]}, found none`,
      ],
      [
        index({ "conv1.weight": "../secret" }),
        'weight_map["conv1.weight"]: expected the name of a file, found "../secret"',
      ],
      [
        new TextEncoder().encode("{}"),
        "weight_map: expected an object, found nothing",
      ],
      [new TextEncoder().encode("no"), "found other text"],
    ] as const
  ) {
    assertStringIncludes((await imported({ ...SHARDED, [name]: bytes }, "")).err, found);
  }
});

Deno.test("import says how to convert a file of torch.save", async () => {
  for (
    const start of [[0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0], [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 9, 9, 9]]
  ) {
    for (const path of ["net.pth", ""]) {
      const { code, err } = await imported({ "net.pth": Uint8Array.from(start) }, path);
      assertEquals(code, 1);
      assertStringIncludes(
        err,
        "…/net.pth: expected a safetensors file, found one that torch.save wrote; convert it by: python3 -c",
      );
      assertStringIncludes(err, "…/net.pth …/net.safetensors");
    }
  }
});

Deno.test("import says which file it expects in a folder", async () => {
  const one = encodeSafetensors(TORCH);
  assertEquals((await imported({ "any.safetensors": one }, "")).code, 0);
  const two = await imported({ "a.safetensors": one, "b.safetensors": one }, "");
  assertStringIncludes(
    two.err,
    "expected model.safetensors in it or model.safetensors.index.json, found a.safetensors, b.safetensors",
  );
  assertStringIncludes((await imported({ "a.txt": one }, "")).err, "found no safetensors file");
});

Deno.test("evaluate ignores wrapper prefixes in the names of weights", async () => {
  const plain = weightsOf(FIELDS);
  const { tensors, metadata } = decodeSafetensors(plain);
  await using data = await mnistWith([1, 2, 3], {
    "plain.safetensors": plain,
    "wrapped.safetensors": encodeSafetensors(renamed(tensors, "_orig_mod."), metadata),
  });
  const outcome = (name: string) =>
    captured(() =>
      evaluate([`${data.path}/${name}.safetensors`, "--data", data.path, "--device", "reference"])
    );
  const { code, out } = await outcome("wrapped");
  assertEquals([code, out], [0, (await outcome("plain")).out]);
});
