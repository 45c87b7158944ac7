/**
 * The names of the files in a run's folder.
 *
 * @module
 */

/** The files and folders of a run, by what they hold. */
export const RUN_FILES = {
  manifest: "manifest.json",
  epochs: "epochs.csv",
  lsuv: "lsuv.csv",
  layers: "layers.csv",
  steps: "steps.csv",
  pretraining: "pretraining.csv",
  profile: "profile.csv",
  weights: "weights.safetensors",
  whitening: "whitening.safetensors",
  checkpoints: "checkpoints",
} as const;
