/**
 * Emits the store function that a kernel calls with its result, including the work fused after the kernel.
 *
 * @module
 */
import type { Expr } from "../../../plan/expr.ts";
import { asConcatenation, type Concatenation } from "../../../plan/piecewise/concatenation.ts";
import { allStores, type KernelUse, type Step } from "../../../plan/plan.ts";
import { sizeOf } from "../../../shape.ts";
import type { DType } from "../../../host_data.ts";
import { storeName } from "../kernels/accessors.ts";
import type { Dispatch, Scratch } from "../kernels/kernel.ts";
import { type Declaration, expressionFn, fn } from "../wgsl/module.ts";
import { symbol } from "../wgsl/symbols.ts";
import { typeOf, type Width } from "../wgsl/types.ts";
import type { Emitter } from "./emitter.ts";
import type { Binding, ShaderPart, Variable } from "./program.ts";
import { prepareRepeated } from "./repeated.ts";
import { isVectorizable } from "./vectorize.ts";

/** The unit of a store: one element, or group of four, of each concatenated piece. */
export interface StoreLayout {
  readonly pieces?: Concatenation;
  readonly width: Width;
}

/** The unit in which a step stores if its kernel supports it. */
export function storeLayout(step: Step): StoreLayout {
  const { region } = step, pieces = step.also || region ? undefined : asConcatenation(step.store);
  const inner = [
    pieces?.inner ?? 4,
    step.kernel?.pieces?.inner ?? 4,
    ...(region ? [region.offset, region.inner, region.stride] : []),
  ];
  const aligned = inner.every((n) => n % 4 === 0);
  const width: Width = aligned && storedExpressions(step, pieces).every(isVectorizable) ? 4 : 1;
  return { width, ...(pieces && { pieces }) };
}

/** The expressions that a step stores: the pieces of one slot, or one per slot. */
const storedExpressions = (step: Step, pieces: Concatenation | undefined): readonly Expr[] =>
  pieces?.pieces ?? allStores(step).map(({ store }) => store);

/** The store functions of a dispatch, and their buffers. */
export function writeStores(
  step: Step,
  writes: Dispatch["writes"],
  buffers: readonly Scratch[],
  pieces: Concatenation | undefined,
  emitter: Emitter,
): ShaderPart {
  const { scratch } = writes;
  return scratch === undefined
    ? storesOfResult(step, writes, pieces, emitter)
    : storesOfScratch(scratch, buffers[scratch]!.dtype ?? "f32", writes);
}

/** The name of the n-th output buffer. */
const targetName = (k: number): string => `target_buffer${k || ""}`;

/** An output buffer. */
const target = (k: number, dtype: DType, width: Width, binding: Binding): Variable => ({
  name: targetName(k),
  space: "storage, read_write",
  type: `array<${typeOf(dtype, width)}>`,
  binding,
});

/** A store to scratch writes the kernel's result unchanged. */
function storesOfScratch(
  scratch: number,
  dtype: DType,
  { width, accumulates }: Dispatch["writes"],
): ShaderPart {
  const parameters = ["i: u32", `result: ${typeOf(dtype, width)}`];
  return {
    variables: [target(0, dtype, width, { scratch, access: "write" })],
    declarations: [
      storeFunction(width, parameters, "", [[`${symbol(targetName(0))}[i]`, "result"]]),
      ...(accumulates ? [storedFunction(dtype, width)] : []),
    ],
  };
}

/** A store to the step's slots writes its expressions, evaluated on the kernel's result. */
function storesOfResult(
  step: Step,
  { width, accumulates, repeats }: Dispatch["writes"],
  pieces: Concatenation | undefined,
  emitter: Emitter,
): ShaderPart {
  const all = storedExpressions(step, pieces);
  const variables = allStores(step).map(({ slot, store: { dtype } }, k) => ({
    dtype,
    ...target(k, dtype, width, { slot, access: "write" }),
  }));
  const repeated = repeats && prepareRepeated(all, repeats, width, emitter);
  const { lines, values } = emitter.bodies(all, "i", width, "result", repeated?.texts);
  const places = pieces
    ? piecePlaces(pieces, width, emitter).map((place) => `${symbol(targetName(0))}[${place}]`)
    : variables.map(({ name }) =>
      `${symbol(name)}[${step.region ? regionPlace(step, width, emitter) : "i"}]`
    );
  const type = typeOf(step.kernel?.spec.dtype ?? "f32", width);
  const parameters = [
    "i: u32",
    ...(repeats ? ["j: u32"] : []),
    ...resultNames(step.kernel).map((result) => `${result}: ${type}`),
  ];
  return {
    variables: variables.map(({ dtype: _, ...variable }) => variable),
    declarations: [
      ...(repeated?.declarations ?? []),
      storeFunction(width, parameters, lines, places.map((place, k) => [place, values[k]!])),
      ...(accumulates ? [storedFunction(variables[0]!.dtype, width)] : []),
    ],
  };
}

/** The indices at which the elements, or groups of four, of all pieces are stored for index `i`. */
function piecePlaces({ pieces, inner }: Concatenation, width: Width, emitter: Emitter): string[] {
  const step = inner / width, between = emitter.quotient("i", step, pieces[0]!.size / width);
  const first = `i + ${between} * ${emitter.size((pieces.length - 1) * step)}`;
  return pieces.map((_, k) => `${first} + ${emitter.size(k * step)}`);
}

/** The index at which the element, or group of four, `i` is stored in a region. */
function regionPlace({ region, spec }: Step, width: Width, emitter: Emitter): string {
  const { offset, inner, stride } = region!, rows = sizeOf(spec.shape) / inner;
  const first = `i + ${emitter.offset(offset / width)}`;
  if (rows === 1) return first;
  const row = emitter.quotient("i", inner / width, sizeOf(spec.shape) / width);
  return `${first} + ${row} * ${emitter.size((stride - inner) / width)}`;
}

/** The parameters of a store function for the kernel's result. */
function resultNames(kernel: KernelUse | undefined): string[] {
  const count = kernel?.pieces?.count;
  return count ? Array.from({ length: count }, (_, k) => `result${k}`) : ["result"];
}

/** A store function; its text is the same for scratch and for a result without fused work. */
const storeFunction = (
  width: Width,
  parameters: readonly string[],
  lines: string,
  puts: readonly (readonly [place: string, value: string])[],
): Declaration =>
  fn(
    storeName(width),
    `(${parameters.join(", ")})`,
    [lines, ...puts.map(([place, value]) => `  ${place} = ${value};`)].join("\n"),
  );

/** The function that reads the value stored so far. */
const storedFunction = (dtype: DType, width: Width): Declaration =>
  expressionFn(
    "stored",
    `(i: u32) -> ${typeOf(dtype, width)}`,
    `${symbol(targetName(0))}[i]`,
  );
