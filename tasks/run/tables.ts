/**
 * The tables of a run's folder: their rows and columns.
 *
 * @module
 */
import type { ReportRow } from "../../src/init/mod.ts";
import type { KernelProfile } from "../../src/runtime/mod.ts";
import type { EpochRecord } from "../../src/train/mod.ts";
import type { CsvTable } from "./csv.ts";
import { RUN_FILES } from "./files.ts";

/** A row of `epochs.csv`: one epoch. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  /** Steps since the start of the run. */
  readonly step: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Measures of several labels at once. */
  readonly testLabelAccuracy?: number;
  readonly testF1?: number;
  /** Measures of numbers. */
  readonly testMeanAbsoluteError?: number;
  readonly testRSquared?: number;
  /** Steps without an update so far, of a run that goes on where numbers are not finite. */
  readonly skippedSteps?: number;
  /** The factor by which the learning rate was lowered by then; 1 at first. */
  readonly rateFactor?: number;
}

/** The row of an epoch. */
export function epochRow(
  { epoch, step, trainLoss, trainAccuracy, test, seconds, imagesPerSecond, ...more }: EpochRecord,
): EpochRow {
  const { loss: testLoss = NaN, accuracy: testAccuracy = NaN } = test ?? {};
  const tested = { testLoss, testAccuracy, seconds, imagesPerSecond };
  const { skippedSteps, rateFactor = 1 } = more;
  const { labelAccuracy, f1, meanAbsoluteError, rSquared } = test?.metrics ?? {};
  return {
    ...{ epoch: epoch + 1, step, trainLoss, trainAccuracy, ...tested },
    ...(labelAccuracy !== undefined && { testLabelAccuracy: labelAccuracy, testF1: f1! }),
    ...(rSquared !== undefined &&
      { testMeanAbsoluteError: meanAbsoluteError!, testRSquared: rSquared }),
    ...(skippedSteps !== undefined && { skippedSteps, rateFactor }),
  };
}

/** A row of `lsuv.csv`: one piece of a layer. */
export type LsuvRow = Omit<ReportRow, "uncovered">;

/** A row of `pretraining.csv`: an epoch of what is trained before the whole net. */
export interface StageRow {
  /** The layers that are trained, such as `[2] conv`. */
  readonly stage: string;
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly seconds: number;
}

/** A row of `layers.csv`: a layer's variances at one moment of training. */
export interface LayerRow {
  readonly step: number;
  /** Such as `before lsuv`, `after lsuv`, `epoch 1`. */
  readonly phase: string;
  readonly layer: number;
  readonly name: string;
  readonly activationVariance: number;
  readonly gradientVariance: number;
}

/** A row of `profile.csv`: one kernel; the last row is the time outside kernels. */
export interface ProfileRow extends Partial<Omit<KernelProfile, "kernel" | "ms">> {
  readonly kernel: string;
  readonly ms: number;
  /** The fraction of the time in the runtime's calls, from 0 to 1. */
  readonly share: number;
  /** GFLOP/s as a fraction of the device's peak. */
  readonly ofPeak?: number;
  /** GB/s as a fraction of the device's peak bandwidth. */
  readonly ofBandwidth?: number;
}

/** A row of `steps.csv`: the training loss of some steps, each of a batch with the parameters before it. */
export interface StepRow {
  /** Steps since the start of the run. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** The mean over the steps since the row before. */
  readonly loss: number;
  /** The mean over the steps since the start of the epoch. */
  readonly epochLoss: number;
}

/** The row of steps, from the mean loss since the start of the epoch and the row before. */
export function stepRow(
  { step, epoch, epochLoss }: Omit<StepRow, "loss">,
  before: StepRow | undefined,
  stepsPerEpoch: number,
): StepRow {
  const start = (epoch - 1) * stepsPerEpoch;
  const { step: from, epochLoss: known } = before?.epoch === epoch
    ? before
    : { step: start, epochLoss: 0 };
  const loss = (epochLoss * (step - start) - known * (from - start)) / (step - from);
  return { step, epoch, loss, epochLoss };
}

/** `epochs.csv`. */
export const EPOCHS: CsvTable<EpochRow> = {
  file: RUN_FILES.epochs,
  columns: {
    epoch: "count",
    step: "count",
    trainLoss: "number",
    trainAccuracy: "number",
    testLoss: "number",
    testAccuracy: "number",
    seconds: "number",
    imagesPerSecond: "number",
    testLabelAccuracy: "number",
    testF1: "number",
    testMeanAbsoluteError: "number",
    testRSquared: "number",
    skippedSteps: "number",
    rateFactor: "number",
  },
  optional: [
    "testLabelAccuracy",
    "testF1",
    "testMeanAbsoluteError",
    "testRSquared",
    "skippedSteps",
    "rateFactor",
  ],
};

/** `lsuv.csv`. */
export const LSUV: CsvTable<LsuvRow> = {
  file: RUN_FILES.lsuv,
  columns: {
    name: "text",
    piece: "count",
    trials: "count",
    before: "number",
    after: "number",
    converged: "boolean",
    zero: "boolean",
  },
};

/** `pretraining.csv`. */
export const STAGES: CsvTable<StageRow> = {
  file: RUN_FILES.pretraining,
  columns: { stage: "text", epoch: "count", loss: "number", seconds: "number" },
};

/** `layers.csv`. */
export const LAYERS: CsvTable<LayerRow> = {
  file: RUN_FILES.layers,
  columns: {
    step: "count",
    phase: "text",
    layer: "count",
    name: "text",
    activationVariance: "number",
    gradientVariance: "number",
  },
};

/** `steps.csv`. */
export const STEPS: CsvTable<StepRow> = {
  file: RUN_FILES.steps,
  columns: { step: "count", epoch: "count", loss: "number", epochLoss: "number" },
};

/** `profile.csv`. */
export const PROFILE: CsvTable<ProfileRow> = {
  file: RUN_FILES.profile,
  columns: {
    kernel: "text",
    shape: "text",
    calls: "number",
    passes: "number",
    ms: "number",
    share: "number",
    flops: "number",
    bytes: "number",
    gflops: "number",
    ofPeak: "number",
    gbps: "number",
    ofBandwidth: "number",
  },
};
