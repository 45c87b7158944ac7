/**
 * What the golden files of systems hold; README.md describes them.
 *
 * @module
 */
import type { Fill, Golden } from "../types.ts";

/** Options of a net by name, such as `width`, a factor of its numbers of channels. */
export type SystemOptions = Readonly<Record<string, number | string | boolean | readonly number[]>>;

/** systems/NAME.json */
export interface SystemFile {
  about: string;
  /** Where the net was read: a paper, or a repository and a path. */
  source: string;
  /** The number of parameters that its authors or the paper's tables give. */
  published: string | null;
  full: FullSystem;
  training: SystemTraining;
}

/** The net at full size. */
export interface FullSystem {
  options: SystemOptions;
  /** The shape of an example. */
  input: number[];
  /** Trained parameters: running statistics are not counted. */
  count: number;
  /** Of all tensors in execution order, running statistics included. */
  shapes: number[][];
}

/** A tensor of `offset` plus a fill. */
export interface SystemParam extends Fill {
  /** Such as `conv1/w`: the layer in execution order, and `w`, `b`, `scale`, `mean` or `variance`. */
  name: string;
  /** 0 if missing. */
  offset?: number;
}

/** A tensor after the steps. */
export interface SystemTensor {
  l2: number;
  sum: number;
  /** The norm of (end - start). */
  updateL2: number;
  /** The elements floor(k · (n - 1) / 5) for k from 0 to 5. */
  samples: number[];
}

/** Three training steps of a small one. */
export interface SystemTraining {
  options: SystemOptions;
  input: Fill;
  labels: number[];
  /** `hint` and `distillation` compare with a teacher; README.md has the formulas. */
  loss: "crossEntropy" | "squaredHinge" | "hint" | "distillation";
  /** Biases do not decay. */
  optimizer: { learningRate: number; momentum: number; nesterov: boolean; weightDecay: number };
  params: SystemParam[];
  /** The net whose output the loss compares with. */
  teacher?: { options: SystemOptions; params: SystemParam[] };
  /** Before each step and after the last, with those of branches times their weights. */
  losses: number[];
  /** The output after the steps, in evaluation. */
  output: Golden;
  /** In the order of `params`. */
  after: SystemTensor[];
  /** How far float32 was from float64. */
  spread: { losses: number; output: number; samples: number; updateL2: number };
}
