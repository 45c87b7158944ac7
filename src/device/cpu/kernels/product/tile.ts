/**
 * Register tiles of WebAssembly: a few rows by the vectors of a panel, each element one accumulator.
 *
 * @module
 */
import { type Features, multiplyAdd } from "../../features.ts";
import { Func, type Local } from "../../wasm/function.ts";
import type { ProductShape } from "./shape.ts";

/** Steps per iteration of the unrolled loop. */
const UNROLL = 4;

/** Rows of a full tile: sums, right vectors and a left element fill the 15 registers that V8 allocates. */
export const tileRows = (columns: number): number => columns <= 4 ? 8 : columns <= 8 ? 6 : 4;

/** Loads the first `lanes` lanes of a vector, without reading others. */
function loadLanes(f: Func, pointer: Local, offset: number, lanes: number) {
  f.get(pointer);
  if (lanes >= 4) f.access("v128.load", offset);
  else if (lanes === 1) f.access("v128.load32_zero", offset);
  else if (lanes === 2) f.access("v128.load64_zero", offset);
  else f.get(pointer).access("v128.load64_zero", offset).loadLane(2, offset + 8);
}

/** Stores the first `lanes` lanes of a vector. */
function storeLanes(f: Func, pointer: Local, vector: Local, offset: number, lanes: number) {
  if (lanes >= 4) f.get(pointer, vector).access("v128.store", offset);
  else for (let i = 0; i < lanes; i++) f.get(pointer, vector).storeLane(i, offset + 4 * i);
}

/** A function (left, right, out, depth, lines, blocks) that computes `rows` × `columns` elements. */
export function productTile(
  features: Features,
  {
    leftRow,
    leftStep,
    leftLine = 0,
    leftBlock = 0,
    rightStep,
    rightLine = 0,
    rightBlock = 0,
    outRow,
    accumulates,
  }: ProductShape,
  rows: number,
  columns: number,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [left, right, out, depth, lines, blocks] = f.inputs(6);
  const [a, b, end, line, block, lineLeft, lineRight] = f.locals("i32", 7),
    vectors = Math.ceil(columns / 4);
  const sums = f.locals("v128", rows * vectors), columnsAt = f.locals("v128", vectors);
  const element = f.local("v128");
  /** Calls `body` with each sum, its offset in the result, and its lanes. */
  const forEachSum = (body: (sum: Local, offset: number, lanes: number) => void) =>
    sums.forEach((sum, i) => {
      const row = Math.floor(i / vectors), vector = i % vectors;
      body(sum, row * outRow + 16 * vector, columns - 4 * vector);
    });
  const addStep = (step: number) => {
    columnsAt.forEach((v, j) => {
      loadLanes(f, b, step * rightStep + 16 * j, columns - 4 * j);
      f.set(v);
    });
    for (let row = 0; row < rows; row++) {
      f.get(a).access("v128.load32_splat", row * leftRow + step * leftStep).set(element);
      columnsAt.forEach((v, j) => {
        const sum = sums[row * vectors + j]!;
        multiplyAdd(f, features, () => f.get(element), () => f.get(v), () => f.get(sum));
        f.set(sum);
      });
    }
  };
  const addSteps = (steps: number) =>
    f.block(() =>
      f.loop(() => {
        f.get(end).i32(steps).op("i32.lt_u").exitIf(1);
        for (let step = 0; step < steps; step++) addStep(step);
        f.advance(a, steps * leftStep).advance(b, steps * rightStep).advance(end, -steps).exit(0);
      })
    );
  forEachSum((sum, offset, lanes) => {
    if (accumulates) loadLanes(f, out, offset, lanes);
    else f.floats(0);
    f.set(sum);
  });
  f.while(block, blocks, 1, () => {
    f.get(left).set(lineLeft).get(right).set(lineRight).i32(0).set(line);
    f.while(line, lines, 1, () => {
      f.get(lineLeft).set(a).get(lineRight).set(b).get(depth).set(end);
      addSteps(UNROLL);
      addSteps(1);
      f.advance(lineLeft, leftLine).advance(lineRight, rightLine);
    });
    f.advance(left, leftBlock).advance(right, rightBlock);
  });
  forEachSum((sum, offset, lanes) => storeLanes(f, out, sum, offset, lanes));
  return f;
}
