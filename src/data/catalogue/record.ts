/**
 * What is known of a data set: a record each, data only, of which the loaders, the downloads, the
 * training tasks and the reports read what they need.
 *
 * @module
 */
import type { CifarLayout } from "../formats/cifar.ts";

/** A file, and what it must be. */
export interface Checksum {
  readonly file: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** A file that mirrors serve. */
export interface Archive extends Checksum {
  /** Where it is, full addresses, those to be tried first in front. */
  readonly urls: readonly string[];
  /** The files to unpack from a `.tar.gz`, where they lie in a folder; absent where it stays packed. */
  readonly members?: readonly Checksum[];
  /** Its path below a mirror of one's own, where another data set's archive has the same name. */
  readonly mirrorPath?: string;
}

/** A data set as archives. */
export interface Download {
  /** The folder that its files lie in: in the cache, and in a `.tar.gz`. */
  readonly folder: string;
  readonly archives: readonly Archive[];
}

/** The paper's recipes: how images are prepared, and the net and the solver that are trained on them. */
export type RecipeName = "cifar" | "mnist";

/** Sizes of an image: rows, columns, and bytes of a pixel. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** What every record says. */
interface Facts<Name extends string> {
  /** Its name in options and manifests, such as `fashion-mnist`. */
  readonly name: Name;
  /** What it is called in text. */
  readonly title: string;
  /** The recipes that train it. */
  readonly recipes: readonly RecipeName[];
}

/** What a record says of a data set that somebody published. */
interface PublishedFacts<Name extends string> extends Facts<Name> {
  /** What its classes are called, by label. */
  readonly classNames: readonly string[];
  readonly shape: ImageShape;
  /** How many images it has. */
  readonly counts: { readonly train: number; readonly test: number };
  /** Whether the paper reports results on it. */
  readonly inPaper?: boolean;
  /** Which files hold it, and where they come from, for messages. */
  readonly source: string;
  /** Where it is downloaded from; absent where it must be got by hand. */
  readonly download?: Download;
}

/** A data set in MNIST's form: images and labels of each split in IDX files, or NumPy's arrays in their stead. */
export interface IdxSet<Name extends string = string> extends PublishedFacts<Name> {
  readonly format: "idx";
  /** What the names of its files or folders match; of several sets the longest match counts. */
  readonly pattern: RegExp;
  /** What several sets are called together, where a name may say that and no more. */
  readonly family?: string;
  /** What its files call the test split. */
  readonly testName: "t10k" | "test";
  /** The label of the first class; 0 if left out. */
  readonly firstLabel?: number;
  /** Whether its images are stored column-major. */
  readonly transposed?: boolean;
}

/** A data set in CIFAR's form: records of label bytes and an image. */
export interface CifarSet<Name extends string = string> extends PublishedFacts<Name> {
  readonly format: "cifar";
  readonly files: { readonly train: readonly string[]; readonly test: readonly string[] };
  readonly layout: CifarLayout;
}

/** IDX files of one's own, whose classes and sizes the files themselves say. */
export interface OwnSet<Name extends string = string> extends Facts<Name> {
  readonly format: "own";
  readonly shape: ImageShape;
  readonly source: string;
}

/** A data set that a program draws, in the shape of whichever recipe trains it. */
export interface DrawnSet<Name extends string = string> extends Facts<Name> {
  readonly format: "drawn";
  readonly classNames: readonly string[];
}

/** The record of a data set. */
export type DatasetRecord = IdxSet | CifarSet | OwnSet | DrawnSet;
