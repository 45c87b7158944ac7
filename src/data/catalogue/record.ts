/**
 * Records of data sets: plain data that loaders, downloads, training tasks and reports read.
 *
 * @module
 */
import type { CifarLayout } from "../formats/cifar.ts";

/** A file, with its expected size and hash. */
export interface Checksum {
  readonly file: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** A file that mirrors serve. */
export interface Archive extends Checksum {
  /** Its URLs, in the order in which to try them. */
  readonly urls: readonly string[];
  /** The files to unpack from a `.tar.gz`; absent if it stays packed. */
  readonly members?: readonly Checksum[];
  /** Its path on a user's mirror, if another data set's archive has the same name. */
  readonly mirrorPath?: string;
}

/** The archives of a data set. */
export interface Download {
  /** The folder of its files, in the cache and inside a `.tar.gz`. */
  readonly folder: string;
  readonly archives: readonly Archive[];
}

/** The recipes: the preprocessing of images, and the net and the optimizer; the paper's, and that of pictures. */
export type RecipeName = "cifar" | "mnist" | "pictures";

/** The size of an image: rows, columns, and bytes per pixel. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** The properties of every record. */
interface Facts<Name extends string> {
  /** Its name in options and manifests, such as `fashion-mnist`. */
  readonly name: Name;
  /** Its name in text. */
  readonly title: string;
  /** The recipes that train it. */
  readonly recipes: readonly RecipeName[];
}

/** The properties of a published data set. */
interface PublishedFacts<Name extends string> extends Facts<Name> {
  /** The class names, by label. */
  readonly classNames: readonly string[];
  readonly shape: ImageShape;
  /** The number of images of each split. */
  readonly counts: { readonly train: number; readonly test: number };
  /** Whether the paper reports results on it. */
  readonly inPaper?: boolean;
  /** Its files and where to get them, for messages. */
  readonly source: string;
  /** Where it is downloaded from; absent if it must be downloaded by hand. */
  readonly download?: Download;
}

/** A data set in MNIST's format: images and labels of each split in IDX files, or in NumPy arrays instead. */
export interface IdxSet<Name extends string = string> extends PublishedFacts<Name> {
  readonly format: "idx";
  /** Matches the names of its files or folders; the set with the longest match is chosen. */
  readonly pattern: RegExp;
  /** The common name of several sets, if a file name may give only that. */
  readonly family?: string;
  /** The name of the test split in file names. */
  readonly testName: "t10k" | "test";
  /** The label of the first class; 0 if left out. */
  readonly firstLabel?: number;
  /** Whether its images are stored column-major. */
  readonly transposed?: boolean;
}

/** A data set in CIFAR's format: records of label bytes and an image. */
export interface CifarSet<Name extends string = string> extends PublishedFacts<Name> {
  readonly format: "cifar";
  readonly files: { readonly train: readonly string[]; readonly test: readonly string[] };
  readonly layout: CifarLayout;
}

/** User-supplied files, from which classes and sizes are read. */
export interface OwnSet<Name extends string = string> extends Facts<Name> {
  readonly format: "own";
  readonly shape: ImageShape;
  readonly source: string;
}

/** User-supplied pictures in class folders, resized to any size. */
export interface PictureSet<Name extends string = string> extends Facts<Name> {
  readonly format: "pictures";
  readonly source: string;
}

/** A procedurally drawn data set, in the image size of the recipe that trains it. */
export interface DrawnSet<Name extends string = string> extends Facts<Name> {
  readonly format: "drawn";
  readonly classNames: readonly string[];
  /** Whether a shape is all that an image shows. */
  readonly plain?: boolean;
}

/** The record of a data set. */
export type DatasetRecord = IdxSet | CifarSet | OwnSet | PictureSet | DrawnSet;
