/**
 * The folder of a run: what was done, on what, with what outcome. Every file in it is whole at any
 * moment.
 *
 * @module
 */
import { stringify } from "@std/csv";
import type { ReportRow } from "../src/init/mod.ts";
import { writeAtomically } from "../src/train/mod.ts";
import { OptionError } from "./options.ts";

/** How a run stands. */
export type Status = "running" | "finished" | "stopped" | "failed" | `diverged at step ${number}`;

/** An epoch in `epochs.csv`. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  /** Steps taken since the run began. */
  readonly step: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

const EPOCH_COLUMNS = [
  "epoch",
  "step",
  "trainLoss",
  "trainAccuracy",
  "testLoss",
  "testAccuracy",
  "seconds",
  "imagesPerSecond",
] as const satisfies readonly (keyof EpochRow)[];

const LSUV_COLUMNS = [
  "name",
  "piece",
  "trials",
  "before",
  "after",
  "converged",
  "zero",
] as const satisfies readonly (keyof ReportRow)[];

/** What names a run's folder. */
export interface RunName {
  readonly net: string;
  readonly activation: string;
  readonly init: string;
  readonly seed: number;
}

/** `20240131-235959-fitnet1-maxout-lsuv-s0`, by the local time. */
export function folderName({ net, activation, init, seed }: RunName, at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const time = `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  return `${day}-${time}-${net}-${activation}-${init}-s${seed}`;
}

/** The folder of one run. */
export class RunFolder {
  /** Where it is. */
  readonly path: string;
  readonly #epochs: EpochRow[] = [];
  #manifest: Readonly<Record<string, unknown>> = {};

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes a folder, and those above it. Throws an {@linkcode OptionError} if it holds anything. */
  static async create(path: string): Promise<RunFolder> {
    try {
      await Deno.mkdir(path, { recursive: true });
      for await (const { name } of Deno.readDir(path)) {
        throw new OptionError(
          `--out: expected a new or empty folder, found ${path} with ${name} in it`,
        );
      }
    } catch (error) {
      if (error instanceof OptionError) throw error;
      throw new OptionError(`--out: expected a folder that can be made, found ${path}: ${error}`);
    }
    return new RunFolder(path);
  }

  /** Writes `manifest.json`: the fields written before, with these put in or replaced. */
  async manifest(fields: { readonly status: Status } & Readonly<Record<string, unknown>>) {
    this.#manifest = { ...this.#manifest, ...fields };
    await this.#write("manifest.json", JSON.stringify(this.#manifest, null, 2) + "\n");
  }

  /** Writes `epochs.csv` with one more row. */
  async epoch(row: EpochRow) {
    this.#epochs.push(row);
    await this.#write("epochs.csv", stringify(rowsOf(this.#epochs), { columns: EPOCH_COLUMNS }));
  }

  /** Writes `lsuv.csv`, a row a layer and piece. */
  async lsuv(rows: readonly ReportRow[]) {
    await this.#write("lsuv.csv", stringify(rowsOf(rows), { columns: LSUV_COLUMNS }));
  }

  /** Writes `weights.safetensors`. */
  async weights(bytes: Uint8Array) {
    await this.#write("weights.safetensors", bytes);
  }

  async #write(name: string, content: Uint8Array | string) {
    await writeAtomically(`${this.path}/${name}`, content);
  }
}

const rowsOf = (rows: readonly object[]) => rows.map((row) => ({ ...row }));
