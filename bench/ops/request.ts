/**
 * What the driver asks of a program, and what the program answers: one line of JSON each.
 *
 * @module
 */
import type { Case } from "./cases/mod.ts";

/** A case to be measured. */
export interface Request {
  readonly case: Case;
  /** How long to repeat each direction. */
  readonly seconds: number;
  /** The folder for results, a file of f32 for each; none are written if left out. */
  readonly results?: string | undefined;
}

/** Milliseconds per call. */
export interface Times {
  readonly best: number;
  readonly median: number;
}

/** Times by the layout of images or weights. */
export type Layouts = Readonly<Record<string, Times>>;

/** A direction's times, and its operations and bytes where the program counts them. */
export interface Measured {
  readonly layouts: Layouts;
  /** Operations of a product. */
  readonly flops?: number | undefined;
  /** Bytes of inputs and results, each counted once. */
  readonly bytes?: number | undefined;
}

/** A program's answer: directions in order. */
export type Answer = Readonly<Record<string, Measured>>;

/** How many updates come before results are written: the state shows in the second. */
export const UPDATES_BEFORE_RESULTS = 3;

/** The file of a direction's result of an index. */
export const resultFile = (folder: string, program: string, direction: string, i: number): string =>
  `${folder}/${program}-${direction.replaceAll(" ", "-")}-${i}.f32`;
