/**
 * Opening a trained net from a run's folder or a weights file.
 *
 * @module
 */
import { findPath } from "../cli/find_path.ts";
import { counted } from "../../src/counted.ts";
import type { Model } from "../../src/models/mod.ts";
import { OWN_OPTIONS } from "../../src/models/registry.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { SafetensorsError, storedName, type StoredTensor } from "../../src/train/mod.ts";
import { readNamed, unflattenNamed } from "../../src/train/safetensors/params_file.ts";
import { openSafetensors } from "../../src/train/safetensors/header.ts";
import { entries as leavesOf } from "../../src/tree.ts";
import { TaskError } from "../cli/command.ts";
import { recordedFolder } from "../datasets/origin.ts";
import { pickPictureSettings, type PictureSettings } from "../datasets/pictures/settings.ts";
import { RUN_FILES } from "../run/files.ts";
import { readBytes } from "../schema/read_file.ts";
import type { FoundManifest } from "../run/manifest.ts";
import { readManifest } from "../run/read_manifest.ts";
import { closestString } from "../../src/closest_string.ts";
import { type Fields, pickFields } from "./fields.ts";
import { requireFinite } from "./finite.ts";
import { NET_OPTIONS } from "./options.ts";
import { buildNet, type ModelSpec, modelTitle, uncomputedParams } from "./model.ts";
import { parseModel } from "./parse_model.ts";

/** A net with its parameters. */
export interface OpenModel {
  /** The weights file. */
  readonly path: string;
  readonly model: ModelSpec;
  readonly net: Model;
  readonly params: readonly Params[];
  /** The parameters by their names in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The folder of the data that it was trained on, where that was named and still exists. */
  readonly data?: string | undefined;
  /** How its run ended, where its manifest says so. */
  readonly status?: string | undefined;
  /** Which pictures of a user it was trained on, as its run's settings say. */
  readonly pictures: PictureSettings;
}

/** The options that describe another net, in words. */
const OTHER_NET = Object.keys(NET_OPTIONS)
  .filter((name) => !OWN_OPTIONS.some((own) => own.name === name))
  .map((name) => name === "net" ? "--net, its own options" : `--${name}`).join(", ")
  .replace(/, (--\S+)$/, " and $1 describe another");

/** Adds the path of the file, and a hint, to the message of an error. */
function withPath<T>(path: string, hint: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TaskError || error instanceof SafetensorsError)) throw error;
    throw new TaskError(`${path}: ${error.message}${hint}`, { cause: error });
  }
}

const folderOf = (path: string): string => path.replace(/[^/\\]*$/, "") || "./";

/** The path of the whitening that belongs to a weights file. */
export const whiteningBeside = (weights: string): string =>
  `${folderOf(weights)}${RUN_FILES.whitening}`;

/** A hint at the existing path nearest to one that does not exist. */
async function similarPath(path: string): Promise<string> {
  const folder = folderOf(path.replace(/[/\\]+$/, ""));
  try {
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    const near = closestString(path.slice(folder === "./" ? 0 : folder.length), names);
    return near ? `; did you mean ${folder === "./" ? "" : folder}${near}?` : "";
  } catch {
    return "";
  }
}

/** The weights file that a path names: itself, or that of a run's folder. */
async function weightsAt(path: string): Promise<string> {
  const found = await findPath(path);
  if (!found) {
    throw new TaskError(
      `${path}: expected a run's folder or a weights file, found nothing there${await similarPath(
        path,
      )}`,
    );
  }
  return found.isDirectory ? `${path.replace(/(?<=.)[/\\]+$/, "")}/${RUN_FILES.weights}` : path;
}

/** The manifest beside a run's weights; empty where there is none. */
async function manifestBeside(weights: string): Promise<FoundManifest> {
  if (!weights.endsWith(RUN_FILES.weights)) return {};
  return await readManifest(folderOf(weights).slice(0, -1)) ?? {};
}

async function readWeights(weights: string, { status }: FoundManifest) {
  const bytes = await readBytes(weights);
  if (bytes) return bytes;
  const still = status === "running" ? "; the run is not over, or was cut off" : "";
  throw new TaskError(`${weights}: expected a run's weights, found no such file${still}`);
}

/** A model as a file describes it. Throws a {@linkcode TaskError} unless its classes have a name each, or none. */
function modelOf(fields: Fields): ModelSpec {
  const model = parseModel(fields), { classNames, classes } = model;
  if (!classNames || classNames.length === classes) return model;
  throw new TaskError(
    `classNames: expected ${classes} names, one for each class, found ${classNames.length}`,
  );
}

/** Reports the tensors of a file that were not read. */
const reportLeftOut = (names: readonly string[]) =>
  console.error(`left out, as integers that the net does not have: ${names.join(", ")}`);

/** As {@linkcode openModel}, of finite weights: throws a {@linkcode TaskError} on others. */
export async function openFiniteModel(path: string, given: Fields = {}): Promise<OpenModel> {
  const opened = await openModel(path, given);
  requireFinite(opened);
  return opened;
}

/**
 * Opens a trained net, which the weights file describes, else the manifest beside it; `given` takes
 * precedence over both. Throws a {@linkcode TaskError} where they do not describe it, or where the weights
 * belong to another net.
 */
export async function openModel(path: string, given: Fields = {}): Promise<OpenModel> {
  const weights = await weightsAt(path), manifest = await manifestBeside(weights);
  const bytes = await readWeights(weights, manifest);
  const { metadata, entries } = withPath(weights, "", () => openSafetensors(bytes));
  const model = withPath(weights, "", () =>
    modelOf(pickFields({
      ...pickFields(manifest.settings ?? {}),
      ...pickFields(manifest.model ?? {}),
      ...pickFields(metadata),
      // Names of other classes mean nothing.
      ...(given.classes !== undefined && { classNames: undefined }),
      ...given,
    })));
  const net = buildNet(model), like = withPath(weights, "", () => uncomputedParams(net, model));
  const names = leavesOf<Tensor>(like).map(([path]) => storedName(path));
  const [tensors, params] = withPath(
    weights,
    `; they do not belong to ${modelTitle(model)} with ${
      counted(model.classes, "class", "classes")
    }: ${OTHER_NET}`,
    () => {
      const found = readNamed(entries, names, { onLeftOut: reportLeftOut });
      return [found, unflattenNamed(found, like)] as const;
    },
  );
  const pictures = pickPictureSettings(manifest.settings ?? {});
  const data = await recordedFolder(manifest.data);
  const { status } = manifest;
  return { path: weights, model, net, params, tensors, data, pictures, status };
}
