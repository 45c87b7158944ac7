/**
 * A step of an exported net: a layer as PyTorch and ONNX have it.
 *
 * @module
 */
import type { Layer } from "../../src/nn/mod.ts";
import type { Shape } from "../../src/shape.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import type { ToNodes } from "./onnx_node.ts";
import type { PythonClass } from "./python_classes.ts";

/** A tensor of weights here and in PyTorch, whose layout ONNX shares. */
export interface Weight {
  /** Its name in PyTorch and ONNX, such as `conv1.weight`. */
  readonly name: string;
  /** Its name here, such as `0.w`. */
  readonly own: string;
  /** Its shape here. */
  readonly ownShape: Shape;
  /** Its elements' axes here, which PyTorch has in the given order. */
  readonly axes: Shape;
  readonly order: readonly number[];
  /** Its shape in PyTorch. */
  readonly shape: Shape;
}

/** A step of an exported net. */
export interface ExportStep {
  /** Its unique name, such as `residual1.branch.conv1`. */
  readonly name: string;
  /** What makes it in Python, without its parts. */
  readonly torch: string;
  /** The class of its own that the Python code needs. */
  readonly needs?: PythonClass;
  /** The steps inside it, by the names that they have as arguments. */
  readonly parts?: Readonly<Record<string, readonly ExportStep[]>>;
  readonly weights: readonly Weight[];
  readonly onnx: ToNodes;
  /** Whether it stands on the line of the step before it. */
  readonly beside?: true;
}

/** Gives out unique names. */
export class Names {
  readonly #prefix: string;
  readonly #counts = new Map<string, number>();

  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  /** A name that is not numbered. */
  only = (name: string): string => `${this.#prefix}${name}`;

  /** The next name of a kind: `conv1`, `conv2`. */
  next(kind: string): string {
    const n = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, n);
    return this.only(`${kind}${n}`);
  }
}

/** A layer to be exported, where it stands in its net. */
export interface At {
  readonly layer: Layer;
  /** Its name, if it has weights of its own. */
  readonly name: string;
  readonly names: Names;
  readonly params: Params;
  /** The path of its parameters, such as `2.0`. */
  readonly path: string;
  readonly x: Tensor;
  readonly y: Tensor;
  /** The image that was flattened to x, [height, width, channels]; empty for none. */
  readonly flattened: Shape;
}

/** The steps of a layer of some kind. */
export type ToSteps = (at: At) => readonly ExportStep[];

/** The steps of all inner layers of a layer, all of them applied to x. */
export type ToParts = (at: At, names: readonly string[]) => Readonly<Record<string, ExportStep[]>>;

/** [height, width, channels] → [channels, height, width]. */
const CHANNELS_FIRST = [2, 0, 1];

/** A vector with an element per channel; of a flattened image, in the order of its axes. */
export function vector(at: At, own: string, name: string, length: number): Weight {
  const shape = [length], [height, width, channels] = at.flattened;
  const isFlat = at.flattened.length === 3 && height! * width! * channels! === length;
  return {
    name,
    own: `${at.path}.${own}`,
    ownShape: shape,
    axes: isFlat ? at.flattened : shape,
    order: isFlat ? CHANNELS_FIRST : [0],
    shape,
  };
}

/** A number, or a pair in Python's form if the two differ. */
export const pair = (a: number, b: number): string => a === b ? String(a) : `(${a}, ${b})`;

/** A step and those inside it, in order. */
export const withInner = (step: ExportStep): ExportStep[] => [
  step,
  ...Object.values(step.parts ?? {}).flat().flatMap(withInner),
];

/** All weights of steps, in order. */
export const weightsOf = (steps: readonly ExportStep[]): readonly Weight[] =>
  steps.flatMap(withInner).flatMap(({ weights }) => weights);
