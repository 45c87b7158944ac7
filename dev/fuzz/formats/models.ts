/**
 * Weights with what describes their net, as tasks read them, and weights from PyTorch.
 *
 * @module
 */
import type { Tensor } from "../../../src/tensor.ts";
import { encodeSafetensors, storedName, type StoredTensor } from "../../../src/train/mod.ts";
import { entries } from "../../../src/tree.ts";
import { ownWeights, torchFile } from "../../../tasks/export/torch_file.ts";
import { openWeights } from "../../../tasks/export/weight_files.ts";
import { modelFields } from "../../../tasks/models/fields.ts";
import { buildNet, uncomputedParams } from "../../../tasks/models/model.ts";
import { requireFinite } from "../../../tasks/models/finite.ts";
import { openModel } from "../../../tasks/models/open.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";
import type { Bytes } from "../edits.ts";
import { expect, type Format } from "../format.ts";
import { HEADER } from "./safetensors_header.ts";
import { jsonBytes, WHOLE_JSON } from "./whole_json.ts";

/** Small nets. */
const NETS = [
  { net: "fitnetMnist", activation: "relu", shrink: "16" },
  { net: "fitnet1", activation: "maxout", shrink: "16", classes: "3" },
];

function example(fields: Readonly<Record<string, string>>) {
  const model = parseModel(fields), net = buildNet(model), like = uncomputedParams(net, model);
  const tensors = new Map(
    entries<Tensor>(like).map(([path, { shape }]): [string, StoredTensor] => {
      const length = shape.reduce((product, size) => product * size, 1);
      const data = Float32Array.from({ length }, (_, i) => (i % 17 - 8) / 16);
      return [storedName(path), { shape, data }];
    }),
  );
  return { model, tensors };
}

/** Weights and metadata, as `predict` and `evaluate` open them. */
export const MODELS: Format = {
  name: "models",
  json: HEADER,
  seeds: () =>
    Promise.resolve(NETS.map((fields) => {
      const { model, tensors } = example(fields);
      return encodeSafetensors(tensors, modelFields(model));
    })),
  async read(bytes, folder) {
    const path = `${folder}/a.safetensors`;
    await Deno.writeFile(path, bytes);
    const { model, tensors } = await openModel(path);
    requireFinite({ path, tensors });
    const { classes, height, width, channels } = model;
    for (const size of [classes, height, width, channels]) {
      expect(Number.isSafeInteger(size) && size >= 1, `a size ${size}`);
    }
  },
};

async function importFile(path: string): Promise<void> {
  const { model } = ownWeights(await openWeights(path), {});
  expect(Number.isSafeInteger(model.classes), `classes ${model.classes}`);
}

/** Weights from PyTorch. */
export const PYTORCH: Format = {
  name: "pytorch",
  json: HEADER,
  seeds: () =>
    Promise.resolve(NETS.map((fields) => {
      const { model, tensors } = example(fields);
      return torchFile(model, tensors) as Bytes;
    })),
  async read(bytes, folder) {
    const path = `${folder}/model.safetensors`;
    await Deno.writeFile(path, bytes);
    await importFile(path);
  },
};

const SHARD = "model-00001-of-00001.safetensors";

let made: Bytes | undefined;

/** The only file of an index. */
function shard(): Bytes {
  if (!made) {
    const { model, tensors } = example(NETS[0]!);
    made = torchFile(model, tensors) as Bytes;
  }
  return made;
}

/** The index of the files of weights from PyTorch. */
export const PYTORCH_INDEX: Format = {
  name: "pytorch-index",
  json: WHOLE_JSON,
  seeds() {
    const names = Object.keys(JSON.parse(HEADER.read(shard())!)).filter((name) =>
      name !== "__metadata__"
    );
    const map = Object.fromEntries(names.map((name) => [name, SHARD]));
    return Promise.resolve([jsonBytes({ metadata: { total_size: 1 }, weight_map: map })]);
  },
  async read(bytes, folder) {
    const path = `${folder}/model.safetensors.index.json`;
    await Deno.writeFile(path, bytes);
    await Deno.writeFile(`${folder}/${SHARD}`, shard());
    await importFile(path);
  },
};
