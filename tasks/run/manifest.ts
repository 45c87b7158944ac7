/**
 * `manifest.json` of a run: what was done, with what, on what, and what it came to.
 *
 * @module
 */
import type { Origin } from "../datasets/origin.ts";
import { RUN_FILES } from "./files.ts";
import { readJson } from "./read_file.ts";
import type { Settings } from "./settings.ts";
import type { EpochRow } from "./tables.ts";

/** How a run stands. */
export type Status = "running" | "finished" | "stopped" | "failed" | `diverged at step ${number}`;

/** Which images a split has. */
export interface DataFacts {
  readonly name: string;
  readonly count: number;
  readonly sha256: string;
}

/** What the initial parameters cost. */
export interface InitCost {
  /** Seconds, with compiling. */
  readonly initSeconds: number;
  /** How often LSUV sent a batch through the net, or through its first layers. */
  readonly forwardPasses?: number | undefined;
}

/** What a run came to. */
export interface RunResults {
  readonly parameters: number;
  /** Steps taken with a finite loss. */
  readonly steps: number;
  /** Seconds of training, over all its sessions. */
  readonly seconds: number;
  /** The last whole epoch. */
  readonly lastEpoch?: EpochRow | undefined;
  /** How many checkpoints this session wrote, and the seconds that training stood still for them. */
  readonly checkpoints?: { readonly count: number; readonly seconds: number };
  /** Why it diverged. */
  readonly fault?: string | undefined;
}

/** The program that trained, and where: of a session of a run. */
export interface Session {
  readonly program: {
    readonly name: string;
    readonly version: string;
    readonly commit?: string | undefined;
  };
  readonly deno: string;
  readonly system: string;
  /** The command line, and the folder that it was given in. */
  readonly command: string;
  readonly folder: string;
  /** When it began, as ISO 8601 has it. */
  readonly started: string;
  readonly device: { readonly name: string; readonly description: string };
}

/** What a run's manifest holds. */
export interface Manifest extends Session {
  readonly status: Status;
  readonly data: { readonly origin: Origin; readonly train: DataFacts; readonly test: DataFacts };
  readonly seed: number;
  readonly settings: Settings;
  /** What the weights file says of the net, but for the mean image. */
  readonly model: Readonly<Record<string, string>>;
  /** What the initial parameters cost, in a run of an experiment. */
  readonly initialisation?: InitCost | undefined;
  readonly ended?: string | undefined;
  readonly results?: RunResults | undefined;
  readonly profile?: Readonly<Record<string, unknown>> | undefined;
  /** What ended a run that failed. */
  readonly fault?: string | undefined;
  /** The later sessions, each with where it resumed. */
  readonly resumed?: readonly (Session & { readonly step: number; readonly epochs: number })[];
}

/** Any of a value's fields, at any depth; the settings of older runs may be of other kinds. */
type Found<T> = T extends readonly unknown[] | string | number | boolean ? T
  : { readonly [K in keyof T]?: Found<T[K]> };

/** A manifest that was found, perhaps of another version or incomplete. */
export type FoundManifest =
  & Found<Omit<Manifest, "settings" | "status">>
  & { readonly status?: string; readonly settings?: Readonly<Record<string, unknown>> };

/** A manifest as text. */
export const manifestText = (manifest: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(manifest, null, 2) + "\n";

/** Reads the manifest of the run in a folder; undefined if there is none. */
export const readManifest = (folder: string): Promise<FoundManifest | undefined> =>
  readJson(`${folder}/${RUN_FILES.manifest}`);
