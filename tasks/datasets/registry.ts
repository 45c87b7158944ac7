/**
 * The registry of data sets: what the tasks look up in the catalogue by a name or a recipe.
 *
 * @module
 */
import { CATALOGUE, type DatasetName } from "../../src/data/catalogue/mod.ts";
import type {
  Checksum,
  CifarSet,
  DatasetRecord,
  Download,
  DrawnSet,
  IdxSet,
  OwnSet,
  PictureSet,
  RecipeName,
} from "../../src/data/catalogue/record.ts";

export type { DatasetName } from "../../src/data/catalogue/mod.ts";
export type {
  Archive,
  Checksum,
  DatasetRecord,
  Download,
} from "../../src/data/catalogue/record.ts";

type Known = (typeof CATALOGUE)[number];

/** The name of a data set that is stored in files, not drawn by a program. */
export type FiledName = Exclude<Known, { readonly format: "drawn" }>["name"];

/** The record of a data set that is stored in files. */
export type FiledRecord = (IdxSet | CifarSet | OwnSet | PictureSet) & { readonly name: FiledName };

/** The record of a data set that a program draws. */
export type DrawnRecord = DrawnSet<Exclude<DatasetName, FiledName>>;

/** The fields that every record may have; absent where a data set does not define them. */
export type DatasetFacts =
  & Pick<DatasetRecord, "title" | "recipes">
  & { readonly name: DatasetName }
  & Partial<Pick<IdxSet, "classNames" | "shape" | "counts" | "inPaper" | "download">>;

const FACTS: readonly DatasetFacts[] = CATALOGUE;

/** All names, in the catalogue's order. */
export const DATASET_NAMES: readonly DatasetName[] = CATALOGUE.map(({ name }) => name);

/** The names of the data sets that a recipe trains on, its default first. */
export const namesTrainedBy = (recipe: RecipeName): readonly DatasetName[] =>
  FACTS.filter(({ recipes }) => recipes.includes(recipe)).map(({ name }) => name);

/** The facts of the data set of a name; undefined where there is none. */
export const findDataset = (name: string): DatasetFacts | undefined =>
  FACTS.find((facts) => facts.name === name);

/** The facts of a data set. */
export const datasetFacts = (name: DatasetName): DatasetFacts => findDataset(name)!;

/** The record of a data set, by whose format it is loaded or drawn. */
export const datasetRecord = (name: DatasetName): FiledRecord | DrawnRecord =>
  CATALOGUE.find((record) => record.name === name)! as FiledRecord | DrawnRecord;

/** Whether a program draws a data set. */
export const isDrawn = (name: DatasetName): boolean => datasetRecord(name).format === "drawn";

/** The paper's data set with this count of channels and, where there are several, this count of classes. */
export function paperDataset(channels: number, classes: number): DatasetName {
  const alike = FACTS.filter(({ inPaper, shape }) => inPaper && shape?.channels === channels);
  return (alike.find(({ classNames }) => classNames?.length === classes) ?? alike[0]!).name;
}

/** The downloads of data sets, by their names. */
export type Downloads = Readonly<Record<string, Download>>;

/** The official archives. */
export const DOWNLOADS: Downloads = Object.fromEntries(
  FACTS.flatMap(({ name, download }) => download ? [[name, download]] : []),
);

/** The files of a data set in its folder. */
export const unpackedFiles = ({ archives }: Download): readonly Checksum[] =>
  archives.flatMap((archive) => archive.members ?? [archive]);

/** The path below the cache that a download is read from: its folder, or the archive in it that is read as it is. */
export function cachedPlace({ folder, archives }: Download): string {
  const [only, ...others] = archives;
  return only && others.length === 0 && only.file.endsWith(".zip")
    ? `${folder}/${only.file}`
    : folder;
}
