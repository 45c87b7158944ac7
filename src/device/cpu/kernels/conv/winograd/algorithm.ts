/**
 * Winograd's algorithms F(2×2, 3×3) and F(4×4, 3×3): their one-dimensional transforms, applied along both
 * axes of a block. With Y the outputs of a block, d its inputs and g the weights, Y = Aᵀ((G g Gᵀ) ⊙ (Bᵀ d
 * B))A (Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv 1509.09308). The gradient
 * of g is Gᵀ(Σ (Bᵀ d B) ⊙ (A dY Aᵀ))G.
 *
 * @module
 */
import type { Func, Local } from "../../../wasm/function.ts";
import { type Features, multiplyAdd } from "../../../features.ts";
import type { Tuple } from "../../../../../tuple.ts";

/** A value: one local for each vector that is processed together. */
export type Value = readonly Local[];

/** Emits arithmetic on values, each result in new locals. */
export class Arithmetic {
  readonly #f: Func;
  readonly #features: Features;

  constructor(f: Func, features: Features) {
    this.#f = f;
    this.#features = features;
  }

  /** a + by·b. */
  sum(a: Value, b: Value, by = 1): Value {
    const f = this.#f, out = f.locals("v128", a.length);
    out.forEach((to, v) => {
      if (by === 1) f.get(a[v]!, b[v]!).op("f32x4.add");
      else if (by === -1) f.get(a[v]!, b[v]!).op("f32x4.sub");
      else {
        const factor = () => f.floats(by);
        multiplyAdd(f, this.#features, () => f.get(b[v]!), factor, () => f.get(a[v]!));
      }
      f.set(to);
    });
    return out;
  }

  /** by·a. */
  scaled(a: Value, by: number): Value {
    const f = this.#f, out = f.locals("v128", a.length);
    out.forEach((to, v) => f.get(a[v]!).floats(by).op("f32x4.mul").set(to));
    return out;
  }
}

/** A linear map of a few values. */
export interface Transform {
  readonly from: number;
  readonly to: number;
  apply(on: Arithmetic, x: readonly Value[]): Value[];
}

/** The transforms of one algorithm. */
export interface Algorithm {
  /** Outputs of a block along an axis. */
  readonly tile: number;
  /** Inputs of a block, and products, along an axis. */
  readonly size: number;
  /** Bᵀ */
  readonly input: Transform;
  /** Aᵀ */
  readonly output: Transform;
  /** A */
  readonly outputGradient: Transform;
  /** G */
  readonly weight: Transform;
  /** Gᵀ */
  readonly weightGradient: Transform;
}

/** F(2×2, 3×3): points 0, 1, -1. */
export const F2: Algorithm = {
  tile: 2,
  size: 4,
  input: {
    from: 4,
    to: 4,
    apply: (
      on,
      [a, b, c, d]: Tuple<Value, 4>,
    ) => [on.sum(a, c, -1), on.sum(b, c), on.sum(c, b, -1), on.sum(b, d, -1)],
  },
  output: {
    from: 4,
    to: 2,
    apply: (
      on,
      [a, b, c, d]: Tuple<Value, 4>,
    ) => [on.sum(on.sum(a, b), c), on.sum(on.sum(b, c, -1), d, -1)],
  },
  outputGradient: {
    from: 2,
    to: 4,
    apply: (on, [a, b]: Tuple<Value, 2>) => [a, on.sum(a, b), on.sum(a, b, -1), on.scaled(b, -1)],
  },
  weight: {
    from: 3,
    to: 4,
    apply(on, [a, b, c]: Tuple<Value, 3>) {
      const outer = on.scaled(on.sum(a, c), 0.5);
      return [a, on.sum(outer, b, 0.5), on.sum(outer, b, -0.5), c];
    },
  },
  weightGradient: {
    from: 4,
    to: 3,
    apply(on, [a, b, c, d]: Tuple<Value, 4>) {
      const even = on.scaled(on.sum(b, c), 0.5);
      return [on.sum(a, even), on.scaled(on.sum(b, c, -1), 0.5), on.sum(even, d)];
    },
  },
};

/** F(4×4, 3×3): points 0, 1, -1, 2, -2. */
export const F4: Algorithm = {
  tile: 4,
  size: 6,
  input: {
    from: 6,
    to: 6,
    apply(on, [a, b, c, d, e, f]: Tuple<Value, 6>) {
      const even = on.sum(e, c, -4), odd = on.sum(d, b, -4);
      const even2 = on.sum(e, c, -1), odd2 = on.sum(d, b, -1);
      // Differences first, so that equal inputs cancel exactly.
      return [
        on.sum(even2, on.sum(a, c, -1), 4),
        on.sum(even, odd),
        on.sum(even, odd, -1),
        on.sum(even2, odd2, 2),
        on.sum(even2, odd2, -2),
        on.sum(on.sum(f, d, -1), odd2, -4),
      ];
    },
  },
  output: {
    from: 6,
    to: 4,
    apply(on, [a, b, c, d, e, f]: Tuple<Value, 6>) {
      const even = on.sum(b, c), odd = on.sum(b, c, -1);
      const even2 = on.sum(d, e), odd2 = on.sum(d, e, -1);
      return [
        on.sum(on.sum(a, even), even2),
        on.sum(odd, odd2, 2),
        on.sum(even, even2, 4),
        on.sum(on.sum(odd, f), odd2, 8),
      ];
    },
  },
  outputGradient: {
    from: 4,
    to: 6,
    apply(on, [a, b, c, d]: Tuple<Value, 4>) {
      const even = on.sum(a, c), odd = on.sum(b, d);
      const even2 = on.sum(a, c, 4), odd2 = on.sum(b, d, 4);
      return [
        a,
        on.sum(even, odd),
        on.sum(even, odd, -1),
        on.sum(even2, odd2, 2),
        on.sum(even2, odd2, -2),
        d,
      ];
    },
  },
  weight: {
    from: 3,
    to: 6,
    apply(on, [a, b, c]: Tuple<Value, 3>) {
      const outer = on.scaled(on.sum(a, c), -1 / 6);
      const outer2 = on.scaled(on.sum(a, c, 4), 1 / 24);
      return [
        on.scaled(a, 1 / 4),
        on.sum(outer, b, -1 / 6),
        on.sum(outer, b, 1 / 6),
        on.sum(outer2, b, 1 / 12),
        on.sum(outer2, b, -1 / 12),
        c,
      ];
    },
  },
  weightGradient: {
    from: 6,
    to: 3,
    apply(on, [a, b, c, d, e, f]: Tuple<Value, 6>) {
      const even = on.scaled(on.sum(b, c), -1 / 6), even2 = on.scaled(on.sum(d, e), 1 / 6);
      return [
        on.sum(on.sum(even, a, 1 / 4), even2, 1 / 4),
        on.sum(on.scaled(on.sum(d, e, -1), 1 / 12), on.sum(c, b, -1), 1 / 6),
        on.sum(on.sum(f, even), even2),
      ];
    },
  },
};

/** Applies a transform T to both axes of a block x: T x Tᵀ. */
export function alongBoth(
  f: Func,
  features: Features,
  transform: Transform,
  load: (row: number, column: number) => Value,
  store: (row: number, column: number, value: Value) => void,
) {
  const { from } = transform, on = new Arithmetic(f, features);
  const places = Array.from({ length: from }, (_, i) => i);
  const columns = places.map((column) =>
    transform.apply(on, places.map((row) => load(row, column)))
  );
  for (let row = 0; row < transform.to; row++) {
    transform.apply(on, columns.map((column) => column[row]!))
      .forEach((value, column) => store(row, column, value));
  }
}
