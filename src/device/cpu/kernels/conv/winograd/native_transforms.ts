/**
 * Winograd's transforms in native code.
 *
 * @module
 */
import { ROUTINES } from "../../../native/argument_block.ts";
import { callRoutine } from "../../../native/call.ts";
import type { LinearMap, LinearStep, NativeTransform } from "../../../native/transform.ts";
import { TRANSFORM_ARGUMENTS, transformOffset } from "../../../native/transform_arguments.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { NativeFunction } from "../../../wasm/module.ts";
import { type Extent, pushExtent } from "../../product/mod.ts";
import { type Algorithm, AXIS_ALGORITHMS, type TransformName } from "./algorithm.ts";
import type { Arithmetic, Transform, Value } from "./arithmetic.ts";

/** Records arithmetic as the steps of a linear map. */
class Recorder implements Arithmetic {
  readonly steps: LinearStep[] = [];
  readonly #from: number;

  constructor(from: number) {
    this.#from = from;
  }

  #add(step: LinearStep): Value {
    return [this.#from + this.steps.push(step) - 1];
  }

  sum([x]: Value, [y]: Value, by = 1): Value {
    return this.#add({ x: x!, y, by });
  }

  scaled(value: Value, by: number): Value {
    return by === 1 ? value : this.#add({ x: value[0]!, y: undefined, by });
  }
}

function record({ from, apply }: Transform): LinearMap {
  const on = new Recorder(from), inputs = Array.from({ length: from }, (_, i) => [i]);
  const outputs = apply(on, inputs).map(([value]) => value!);
  return { from, steps: on.steps, outputs };
}

const NAMES: readonly TransformName[] = [
  "input",
  "output",
  "outputGradient",
  "weight",
  "weightGradient",
];

/** The transforms of all algorithms. */
export const NATIVE_TRANSFORMS: readonly NativeTransform[] = AXIS_ALGORITHMS.flatMap((axis) =>
  NAMES.map((name) => {
    const map = record(axis[name]);
    return { vertical: map, horizontal: map, isCropped: name === "output" };
  })
);

/** The number of a transform among all. */
const numberOf = ({ x }: Algorithm, name: TransformName): number =>
  AXIS_ALGORITHMS.indexOf(x) * NAMES.length + NAMES.indexOf(name);

/** The strides of blocks in bytes: from row to row and from element to element of a block, and of blocks. */
export type BlockStrides = Readonly<Record<"row" | "column" | "line" | "block", number>>;

/** The blocks that a call transforms. */
export interface NativeBlocks {
  readonly from: Local;
  readonly to: Local;
  /** Rows of blocks, blocks of a row, and channels of a block. */
  readonly rows: Extent;
  readonly columns: Extent;
  readonly channels: number;
  /** The outputs that the last row and the last column of blocks store, if cropped. */
  readonly lastHeight?: Extent;
  readonly lastWidth?: Extent;
}

/** Emits a call of the imported function `callee` that transforms blocks. */
export function transformNatively(
  f: Func,
  callee: NativeFunction,
  algorithm: Algorithm,
  name: TransformName,
  { from, to, rows, columns, channels, lastHeight = 0, lastWidth = 0 }: NativeBlocks,
  source: BlockStrides,
  target: BlockStrides,
) {
  const block = f.local("i32");
  const values: Readonly<Record<string, Extent>> = {
    ...{ from: { local: from }, to: { local: to }, rows, columns, channels, lastHeight, lastWidth },
    ...{ fromRow: source.row, fromColumn: source.column, toRow: target.row },
    ...{ toColumn: target.column, fromLine: source.line, fromBlock: source.block },
    ...{ toLine: target.line, toBlock: target.block },
  };
  f.global().set(block);
  for (const word of TRANSFORM_ARGUMENTS.flat()) {
    f.get(block);
    pushExtent(f, values[word]!).access("i32.store", transformOffset(word));
  }
  callRoutine(f, callee, block, ROUTINES.transform + numberOf(algorithm, name));
}
