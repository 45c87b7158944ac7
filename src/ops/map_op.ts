/**
 * Building blocks of elementwise ops: their definition, and the type and shape of their result.
 *
 * @module
 */
import type { DType } from "../host_data.ts";
import { checkShape, type Shape, showShape } from "../shape.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { MapOp } from "../tensor.ts";
import type { Known } from "../tuple.ts";
import { wrap } from "./arithmetic.ts";

type Reference = MapOp["reference"];

/** Infers a result's spec from the arguments', for the op of a name. */
type Infer = (name: string, args: Known<Spec>) => Spec;

/**
 * Optional properties of an elementwise op; if `infer` is left out, its operands have one type and shape,
 * which is the result's.
 */
type Facts = Omit<MapOp, "kind" | "name" | "reference" | "infer"> & { readonly infer?: Infer };

/** An elementwise op from its float64 reference and its other properties. */
export const mapOp = (
  name: string,
  reference: Reference,
  { infer = sameSpec, ...facts }: Facts = {},
): MapOp => ({ kind: "map", name, infer: (args) => infer(name, args), reference, ...facts });

/** An op without arguments, whose attributes give its type and shape. */
export const generator = (name: string, reference: Reference, facts: Facts = {}): MapOp => ({
  ...mapOp(name, reference, facts),
  infer: (_, attrs) => ({
    shape: checkShape(name, attrs.shape as Shape),
    dtype: attrs.dtype as DType,
  }),
});

/** The reference of a binary op; integers wrap. */
export const binary = (f: (a: number, b: number) => number): Reference => (_, dtype) => (a, b) =>
  wrap(dtype, f(a, b));

/** The reference of a unary op. */
export const unary = (f: (a: number) => number): Reference => () => f;

/** Checks that operands have one type and shape, which is the result's. */
export function sameSpec(name: string, args: readonly Spec[]): Spec {
  const [first, ...rest] = args as [Spec, ...Spec[]];
  for (const other of rest) {
    if (other.dtype !== first.dtype || other.shape.join() !== first.shape.join()) {
      throw new TypeError(
        `${name}: expected operands of one type and shape, found ${
          args.map(showSpec).join(" and ")
        }`,
      );
    }
  }
  return first;
}

/** As {@linkcode sameSpec}, for f32 operands. */
export function floatSpec(name: string, args: readonly Spec[]): Spec {
  const spec = sameSpec(name, args);
  if (spec.dtype !== "f32") {
    throw new TypeError(`${name}: expected f32 operands, found ${showSpec(spec)}; cast them first`);
  }
  return spec;
}

/** As {@linkcode sameSpec}, for integer operands. */
export function integerSpec(name: string, args: readonly Spec[]): Spec {
  const spec = sameSpec(name, args);
  if (spec.dtype === "f32") {
    throw new TypeError(`${name}: expected i32 or u32 operands, found ${showSpec(spec)}`);
  }
  return spec;
}

/** Checks a u32 condition and two operands of one spec, which is the result's. */
export function choiceSpec(name: string, [condition, ...choices]: Known<Spec>): Spec {
  const spec = sameSpec(name, choices);
  if (condition.dtype !== "u32" || condition.shape.join() !== spec.shape.join()) {
    throw new TypeError(
      `${name}: expected a u32 condition of shape ${showShape(spec.shape)}, found ${
        showSpec(condition)
      }`,
    );
  }
  return spec;
}
