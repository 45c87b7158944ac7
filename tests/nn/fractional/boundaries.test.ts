/**
 * Boundaries of pooling by random fractions.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import { drawBoundaries, pseudorandomBoundaries } from "../../../src/nn/fractional_boundaries.ts";
import { fractionsOf, pixelsOf } from "../../../src/nn/fractional_windows.ts";
import { type Key, key } from "../../../src/random.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { forEachDevice } from "../../devices.ts";

const values = (x: Tensor): number[] => [...evaluate([x])[0]!];
const integers = (...values: number[]) => tensor(Int32Array.from(values));
const SIZES = [[1, 1], [2, 1], [5, 5], [7, 5], [13, 7], [24, 17], [25, 9], [93, 66]] as const;

Deno.test("boundaries go from 0 to the length, in steps of two neighboring integers", () => {
  for (const kind of ["random", "pseudorandom"] as const) {
    for (const [length, steps] of SIZES) {
      for (let seed = 0; seed < 5; seed++) {
        const a = values(drawBoundaries(kind, key(seed), length, steps));
        assertEquals([a.length, a[0], a.at(-1)], [steps + 1, 0, length], kind);
        const short = Math.floor(length / steps), step = a.slice(1).map((v, i) => v - a[i]!);
        assert(step.every((d) => d === short || d === short + 1), `${kind} ${step}`);
      }
    }
  }
});

Deno.test("pseudorandom boundaries are ⌊α (i + u)⌋ - ⌊α u⌋ for every u", () => {
  for (const [length, steps] of SIZES) {
    for (let shift = 0; shift < length; shift += Math.ceil(length / 7)) {
      const alpha = length / steps, u = (shift + 0.5) / length;
      const expected = Array.from(
        { length: steps + 1 },
        (_, i) => Math.floor(alpha * (i + u)) - Math.floor(alpha * u),
      );
      const found = pseudorandomBoundaries(tensor(Int32Array.of(shift), []), length, steps);
      assertEquals(values(found), expected);
    }
  }
});

Deno.test("random boundaries take every order of the steps, about as often", () => {
  const counts = new Map<string, number>(), draws = 300;
  for (let seed = 0; seed < draws; seed++) {
    const order = values(drawBoundaries("random", key(seed), 6, 4)).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  // Two steps of 1 and two of 2 have six orders, each drawn 50 times on average.
  assertEquals(counts.size, 6);
  assert([...counts.values()].every((n) => n > 25 && n < 80), `${[...counts.values()]}`);
});

Deno.test("pseudorandom boundaries take every shift", () => {
  const starts = Array.from(
    { length: 40 },
    (_, seed) => values(drawBoundaries("pseudorandom", key(seed), 7, 4)).join(),
  );
  assertEquals(new Set(starts).size, 4);
});

Deno.test("pixelsOf() are windows that share their boundary, or none, or of one size", () => {
  const boundaries = integers(0, 1, 3, 5, 6);
  const pixels = (pixels: number, overlapping: boolean, size?: number) => {
    const fractions = fractionsOf(pixels, size === undefined ? 4 : 5, overlapping, size)!;
    return values(pixelsOf(fractions, boundaries));
  };
  assertEquals(pixels(7, true), [0, 1, 1, 1, 2, 3, 3, 4, 5, 5, 6, 6]);
  assertEquals(pixels(6, false), [0, 0, 1, 2, 3, 4, 5, 5]);
  assertEquals(pixels(8, true, 2), [0, 1, 1, 2, 3, 4, 5, 6, 6, 7]);
});

forEachDevice("boundaries of a traced key are the same on every device", async (run) => {
  for (const kind of ["random", "pseudorandom"] as const) {
    for (const [length, steps] of SIZES) {
      const draw = run.jit((k: Key) => [drawBoundaries(kind, k, length, steps)]);
      const [found] = await run.read(draw(key(5)));
      assertEquals([...found!], values(drawBoundaries(kind, key(5), length, steps)), kind);
    }
  }
});
