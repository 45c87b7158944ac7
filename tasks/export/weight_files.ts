/**
 * Opening the safetensors files that a path names: one, or the shards of one.
 *
 * @module
 */
import { findPath } from "../cli/find_path.ts";
import { SafetensorsError } from "../../src/train/mod.ts";
import { isTorchFile } from "../../src/train/safetensors/foreign_format.ts";
import { type Entry, openSafetensors, type Stored } from "../../src/train/safetensors/header.ts";
import { TaskError } from "../cli/command.ts";
import { quoted } from "../cli/quoted.ts";
import { readBytes, readText } from "../schema/read_file.ts";
import { parseAs, parseJson } from "../schema/read_json.ts";
import { object, pattern, record } from "../schema/schema.ts";

/** Tensors and metadata, with the path of their file or index. */
export interface WeightFiles extends Stored {
  readonly path: string;
}

const MODEL = "model.safetensors", INDEX = ".index.json";

/** A Python program that converts a file of torch.save, with or without a training's other state around it. */
const CONVERT = "import sys, torch; from safetensors.torch import save_file; " +
  's = torch.load(sys.argv[1], map_location="cpu", weights_only=True); s = s.get("state_dict", s); ' +
  "save_file({k: v.contiguous().clone() for k, v in s.items() if torch.is_tensor(v)}, sys.argv[2])";

async function readWeights(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBytes(file);
  if (bytes) return bytes;
  throw new TaskError(`${file}: expected a safetensors file, found nothing there`);
}

/** Opens one file. Throws a {@linkcode TaskError} that says how to convert a file of torch.save. */
function openStored(file: string, bytes: Uint8Array<ArrayBuffer>): Stored {
  if (isTorchFile(bytes)) {
    throw new TaskError(
      `${file}: expected a safetensors file, found one that torch.save wrote; convert it by: ` +
        `python3 -c '${CONVERT}' ${quoted(file)} ${
          quoted(`${file.replace(/\.\w+$/, "")}.safetensors`)
        }`,
    );
  }
  try {
    return openSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new TaskError(`${file}: ${error.message}`, { cause: error });
  }
}

const folderOf = (path: string): string => path.replace(/[^/\\]*$/, "");

/** An index: the file of each tensor. */
const INDEX_SCHEMA = object<{ readonly weight_map: Readonly<Record<string, string>> }>({
  weight_map: record(pattern(/^[^/\\]+$/, "the name of a file")),
});

/** The file of each tensor, from an index. */
function parseIndex(path: string, text: string): [name: string, file: string][] {
  return Object.entries(parseAs(INDEX_SCHEMA, parseJson(text, path), path).weight_map);
}

async function openShards(path: string, text: string): Promise<Stored> {
  const places = parseIndex(path, text), files = new Map<string, Stored>();
  for (const file of new Set(places.map(([, file]) => file))) {
    const shard = `${folderOf(path)}${file}`;
    files.set(file, openStored(shard, await readWeights(shard)));
  }
  const entries = new Map(places.map(([name, file]): [string, Entry] => {
    const entry = files.get(file)!.entries.get(name);
    if (entry) return [name, entry];
    throw new TaskError(`${path}: expected ${name} in ${file}, found none`);
  }));
  return { entries, metadata: Object.assign({}, ...[...files.values()].map((f) => f.metadata)) };
}

/** The weights file in a folder, or the index of its shards. */
async function findWeights(folder: string): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const ending = (end: string) => names.filter((name) => name.endsWith(end));
  const [index, ...indices] = ending(`.safetensors${INDEX}`), files = ending(".safetensors");
  if (names.includes(MODEL)) return MODEL;
  if (index !== undefined && indices.length === 0) return index;
  if (files.length === 1) return files[0]!;
  const pickled = names.find((name) => /\.(pt|pth|bin|ckpt)$/.test(name));
  if (files.length === 0 && pickled !== undefined) return pickled;
  throw new TaskError(
    `${folder}: expected ${MODEL} in it or ${MODEL}${INDEX}, found ${
      files.sort().slice(0, 4).join(", ") || "no safetensors file"
    }`,
  );
}

/**
 * Opens the weights that a path names: a file; an index of shards, `*.safetensors.index.json`; or a folder
 * with either. Rejects with a {@linkcode TaskError} where there are none, or in another format.
 */
export async function openWeights(path: string): Promise<WeightFiles> {
  const isFolder = (await findPath(path))?.isDirectory;
  const file = isFolder ? `${path.replace(/(?<=.)[/\\]+$/, "")}/${await findWeights(path)}` : path;
  const stored = file.endsWith(".json")
    ? await openShards(file, (await readText(file)) ?? "")
    : openStored(file, await readWeights(file));
  return { path: file, ...stored };
}

/** A hint for errors of a file that is one shard of several; empty for others. */
export const shardHint = (path: string): string =>
  /-\d+-of-\d+\.safetensors$/.test(path)
    ? `; the file is one shard of several: name their index, *.safetensors${INDEX}, or their folder`
    : "";
