/**
 * What elementwise ops have in common: how one is written down, and how its result's type and shape follow.
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

/** What may be said of an elementwise op besides its meaning; its operands are of one type and shape if `infer` is left out. */
type Facts = Omit<MapOp, "kind" | "name" | "reference" | "infer"> & { readonly infer?: Infer };

/** An elementwise op by its float64 meaning and what else is known of it. */
export const mapOp = (
  name: string,
  reference: Reference,
  { infer = sameSpec, ...facts }: Facts = {},
): MapOp => ({ kind: "map", name, infer: (args) => infer(name, args), reference, ...facts });

/** An op without arguments, whose attributes say its type and shape. */
export const generator = (name: string, reference: Reference, facts: Facts = {}): MapOp => ({
  ...mapOp(name, reference, facts),
  infer: (_, attrs) => ({
    shape: checkShape(name, attrs.shape as Shape),
    dtype: attrs.dtype as DType,
  }),
});

/** The meaning of two arguments' op, of which integers wrap. */
export const binary = (f: (a: number, b: number) => number): Reference => (_, dtype) => (a, b) =>
  wrap(dtype, f(a, b));

/** The meaning of one argument's op. */
export const unary = (f: (a: number) => number): Reference => () => f;

/** Operands of one type and shape, which is the result's. */
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

/** Operands that are floats. */
export function floatSpec(name: string, args: readonly Spec[]): Spec {
  const spec = sameSpec(name, args);
  if (spec.dtype !== "f32") {
    throw new TypeError(`${name}: expected f32 operands, found ${showSpec(spec)}; cast them first`);
  }
  return spec;
}

/** Operands that are integers. */
export function integerSpec(name: string, args: readonly Spec[]): Spec {
  const spec = sameSpec(name, args);
  if (spec.dtype === "f32") {
    throw new TypeError(`${name}: expected i32 or u32 operands, found ${showSpec(spec)}`);
  }
  return spec;
}

/** A u32 condition and two operands, whose spec is the result's. */
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
