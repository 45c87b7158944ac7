/**
 * The folder of a run. Files are written atomically: every one is complete at any moment.
 *
 * @module
 */
import { writeFile } from "../cli/write_file.ts";
import { KnownFolder } from "../cli/folder_identity.ts";
import { newFolder } from "../cli/output_paths.ts";
import { type CsvTable, csvText } from "./csv.ts";
import { RUN_FILES } from "./files.ts";
import { manifestText, type Status } from "./manifest.ts";
import {
  type EpochRow,
  EPOCHS,
  type LayerRow,
  LAYERS,
  LSUV,
  type LsuvRow,
  PROFILE,
  type ProfileRow,
  type StageRow,
  STAGES,
  type StepRow,
  stepRow,
  STEPS,
} from "./tables.ts";

/** The parts of the name of a run's folder. */
export interface RunName {
  readonly net: string;
  readonly activation: string;
  readonly init: string;
  readonly seed: number;
}

/** `20240131-235959-fitnet1-maxout-lsuv-s0`, in local time. */
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
  readonly #data: string;
  #epochs: readonly EpochRow[] = [];
  #layers: readonly LayerRow[] = [];
  #pretraining: readonly StageRow[] = [];
  #steps: readonly StepRow[] = [];
  #manifest: Readonly<Record<string, unknown>>;
  readonly #known: KnownFolder;

  private constructor(path: string, data: string, manifest: Readonly<Record<string, unknown>>) {
    this.path = path;
    this.#known = new KnownFolder(path);
    this.#data = data;
    this.#manifest = manifest;
  }

  /**
   * Makes a folder, and those above it. Throws an {@linkcode OptionError} if it holds anything.
   *
   * @param data The data set, which is in every row of every CSV file.
   */
  static async create(path: string, data: string): Promise<RunFolder> {
    await newFolder(path);
    return new RunFolder(path, data, {});
  }

  /**
   * The folder of a run that resumes.
   *
   * @param manifest What its manifest holds.
   */
  static reopen(
    path: string,
    data: string,
    manifest: Readonly<Record<string, unknown>>,
  ): RunFolder {
    return new RunFolder(path, data, manifest);
  }

  /** The folder of its checkpoints. */
  get checkpoints(): string {
    return `${this.path}/${RUN_FILES.checkpoints}`;
  }

  /** The folder of the checkpoints of what is trained before the whole net. */
  get stageCheckpoints(): string {
    return `${this.checkpoints}/pretraining`;
  }

  /** Writes `manifest.json`: the fields written before, with these added or replaced. */
  async manifest(fields: { readonly status: Status } & Readonly<Record<string, unknown>>) {
    this.#manifest = { ...this.#manifest, ...fields };
    await this.#write(RUN_FILES.manifest, manifestText(this.#manifest));
  }

  /** Writes `epochs.csv` with one more row. */
  async epoch(row: EpochRow) {
    this.#epochs = [...this.#epochs, row];
    await this.#csv(EPOCHS, this.#epochs);
  }

  /**
   * Writes `epochs.csv` with only the rows of the epochs that a run resumes after.
   *
   * @param layers The rows of `layers.csv` that later ones follow.
   * @param steps Those of `steps.csv`.
   */
  async continueAfter(
    epochs: readonly EpochRow[],
    layers: readonly LayerRow[] = [],
    steps: readonly StepRow[] = [],
  ) {
    [this.#epochs, this.#layers, this.#steps] = [epochs, layers, steps];
    await this.#csv(EPOCHS, epochs);
  }

  /** Writes `lsuv.csv`, one row per layer and piece. */
  async lsuv(rows: readonly LsuvRow[]) {
    await this.#csv(LSUV, rows);
  }

  /** Writes `pretraining.csv` with one more row; one for the same epoch, of an earlier session, is replaced. */
  async stage(row: StageRow) {
    const { stage, epoch } = row;
    const before = this.#pretraining.filter((other) =>
      other.stage !== stage || other.epoch < epoch
    );
    this.#pretraining = [...before, row];
    await this.#csv(STAGES, this.#pretraining);
  }

  /** Keeps the rows of `pretraining.csv` of earlier sessions. */
  continueStages(rows: readonly StageRow[]): void {
    this.#pretraining = rows;
  }

  /** Writes `layers.csv` with the rows of one more measurement. */
  async layers(rows: readonly LayerRow[]) {
    this.#layers = [...this.#layers, ...rows];
    await this.#csv(LAYERS, this.#layers);
  }

  /** Writes `steps.csv` with one more row, of the mean loss since the start of an epoch. */
  async step(at: Omit<StepRow, "loss">, stepsPerEpoch: number) {
    this.#steps = [...this.#steps, stepRow(at, this.#steps.at(-1), stepsPerEpoch)];
    await this.#csv(STEPS, this.#steps);
  }

  /** Writes `profile.csv`, one row per kernel and one for the time outside kernels. */
  async profile(rows: readonly ProfileRow[]) {
    await this.#csv(PROFILE, rows);
  }

  /** Writes `whitening.safetensors`. */
  async whitening(bytes: Uint8Array) {
    await this.#write(RUN_FILES.whitening, bytes);
  }

  /** Writes `weights.safetensors`; returns its path. */
  async weights(bytes: Uint8Array): Promise<string> {
    await this.#write(RUN_FILES.weights, bytes);
    return `${this.path}/${RUN_FILES.weights}`;
  }

  /** Rejects with a TaskError where the folder was deleted or replaced since the first file was written. */
  async check() {
    await this.#known.check();
  }

  async #csv<Row extends object>(table: CsvTable<Row>, rows: readonly Row[]) {
    await this.#write(table.file, csvText(table, rows, this.#data));
  }

  async #write(name: string, content: Uint8Array | string) {
    await this.check();
    await writeFile(`${this.path}/${name}`, content);
  }
}
