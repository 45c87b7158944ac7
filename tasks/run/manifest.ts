/**
 * `manifest.json` of a run: its settings, program, device, data and results.
 *
 * @module
 */
import type { Origin } from "../datasets/origin.ts";
import type { Found } from "../schema/schema.ts";
import type { Settings } from "./settings.ts";
import type { EpochRow } from "./tables.ts";

/** The state of a run. */
export type Status = "running" | "finished" | "stopped" | "failed" | `diverged at step ${number}`;

/** The images of a split. */
export interface DataFacts {
  readonly name: string;
  readonly count: number;
  readonly sha256: string;
}

/** What the initial parameters cost. */
export interface InitCost {
  /** Seconds, compiling included. */
  readonly initSeconds: number;
  /** The number of LSUV's forward passes through the net, or through its first layers. */
  readonly forwardPasses?: number | undefined;
}

/** The memory that a run needs, in bytes, as it was known before the first step. */
export interface MemoryFacts {
  /** All, without the images in the host's memory. */
  readonly total: number;
  /** In buffers of the device. */
  readonly device: number;
  /** Saved activations, gradients and scratch memory of kernels. */
  readonly activations: number;
  /** Weights, the optimizer's state, and what is kept to go back to. */
  readonly state: number;
  /** The images in the host's memory. */
  readonly dataset: number;
  /** What there was for it; absent where the system does not say. */
  readonly available?: number | undefined;
}

/** The results of a run. */
export interface RunResults {
  readonly parameters: number;
  /** Steps taken with a finite loss. */
  readonly steps: number;
  /** Seconds of training, over all its sessions. */
  readonly seconds: number;
  /** The last completed epoch. */
  readonly lastEpoch?: EpochRow | undefined;
  /** The epoch whose weights are saved, where the best one's are kept. */
  readonly bestEpoch?: EpochRow | undefined;
  /** How many checkpoints this session wrote, and the seconds for which training was paused. */
  readonly checkpoints?: { readonly count: number; readonly seconds: number };
  /** Why it diverged: the step, and where in it numbers were not finite. */
  readonly fault?: string | undefined;
  /** The steps that the last good weights of a run that diverged had taken. */
  readonly keptStep?: number | undefined;
}

/** Several processes that trained one net. */
export interface ProcessFacts {
  readonly count: number;
  /** The names of their machines. */
  readonly hosts: readonly string[];
  /** The library and the launcher. */
  readonly library: string;
}

/** A session of a run: the program that trained, and where. */
export interface SessionRecord {
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
  /** When it started, in ISO 8601. */
  readonly started: string;
  readonly device: { readonly name: string; readonly description: string };
  /** Absent where it was one process. */
  readonly processes?: ProcessFacts | undefined;
}

/** The manifest of a run. */
export interface Manifest extends SessionRecord {
  readonly status: Status;
  readonly data: { readonly origin: Origin; readonly train: DataFacts; readonly test: DataFacts };
  readonly seed: number;
  readonly settings: Settings;
  /** The metadata of the weights file, except the mean image. */
  readonly model: Readonly<Record<string, string>>;
  /** What the initial parameters cost, in a run of an experiment. */
  readonly initialisation?: InitCost | undefined;
  /** What the last session needed of memory. */
  readonly memory?: MemoryFacts | undefined;
  readonly ended?: string | undefined;
  readonly results?: RunResults | undefined;
  readonly profile?: Readonly<Record<string, unknown>> | undefined;
  /** The error that ended a failed run. */
  readonly fault?: string | undefined;
  /** The later sessions, each with the step and epochs at which it resumed. */
  readonly resumed?:
    readonly (SessionRecord & { readonly step: number; readonly epochs: number })[];
}

/** A manifest as read, perhaps incomplete; what it has is of the right kind. */
export type FoundManifest = Omit<Found<Manifest>, "settings"> & {
  readonly settings?: Found<Settings> & Readonly<Record<string, unknown>>;
};

/** A manifest as text. */
export const manifestText = (manifest: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(manifest, null, 2) + "\n";
