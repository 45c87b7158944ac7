/**
 * Reads the golden files.
 *
 * @module
 */
import type {
  ArraysFile,
  ExportsFile,
  ExtremesFile,
  InitFile,
  LayersFile,
  MnistFile,
  OpsFile,
  OptimizersFile,
  PartsFile,
  RulesFile,
  TrainFile,
} from "./types.ts";

const read = (name: string) =>
  JSON.parse(Deno.readTextFileSync(new URL(`${name}.json`, import.meta.url)));

/** ops.json */
export const goldenOps = (): OpsFile => read("ops");

/** layers.json */
export const goldenLayers = (): LayersFile => read("layers");

/** arrays.json */
export const goldenArrays = (): ArraysFile => read("arrays");

/** parts.json */
export const goldenParts = (): PartsFile => read("parts");

/** init.json */
export const goldenInit = (): InitFile => read("init");

/** train.json and train_fitnet4.json */
export const goldenTraining = (): TrainFile[] => [read("train"), read("train_fitnet4")];

/** exports.json */
export const goldenExports = (): ExportsFile => read("exports");

/** extremes.json */
export const extremes = (): ExtremesFile => read("extremes");

/** mnist.json */
export const goldenMnist = (): MnistFile => read("mnist");

/** optimizers.json */
export const goldenOptimizers = (): OptimizersFile => read("optimizers");

/** rules.json */
export const goldenRules = (): RulesFile => read("rules");
