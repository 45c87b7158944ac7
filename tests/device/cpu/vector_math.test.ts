/**
 * The polynomials: within the errors that they state, over every exponent.
 */
import { assert, assertEquals } from "@std/assert";
import { erf, exp, log, pow, sigmoid, tanh } from "../../../src/ops/mod.ts";
import { errorFunction } from "../../../src/ops/error_function.ts";
import type { Data } from "../../../src/host_data.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { hash, runtimeOf } from "../../devices.ts";

/** Numbers of every sign and exponent, infinities and NaN among them. */
const EVERYWHERE = new Float32Array(
  Uint32Array.from({ length: 1 << 18 }, (_, i) => (i << 14) + (hash(i, 0) >>> 18)).buffer,
);
const SPECIAL = Float32Array.of(
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  2 ** -149,
  2 ** -126,
  0.625,
);

/** The distance between neighbors of f32 at a number. */
const unit = (value: number) =>
  2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126))) - 23);

async function compute(f: (...xs: Tensor[]) => Tensor, ...xs: Float32Array<ArrayBuffer>[]) {
  const run = await runtimeOf("cpu");
  const call = run.jit((inputs: readonly Tensor[]) => f(...inputs));
  return (await run.read([call(xs.map((x) => tensor(x)))]))[0] as Data;
}

const isSame = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b));

const TABLE = [
  ["exp", exp, Math.exp, 1],
  ["log", log, Math.log, 1],
  ["tanh", tanh, Math.tanh, 2],
  ["sigmoid", sigmoid, (x: number) => 1 / (1 + Math.exp(-x)), 3],
  ["erf", erf, errorFunction, 2],
] as const;

const options = { sanitizeOps: false, sanitizeResources: false };

for (const [name, f, exact, bound] of TABLE) {
  Deno.test(`${name}() is within ${bound} units in the last place`, options, async () => {
    for (const xs of [EVERYWHERE, SPECIAL]) {
      const found = await compute(f, xs);
      const far = [...xs.entries()].filter(([i, x]) => {
        const expected = exact(x), rounded = Math.fround(expected);
        return Number.isFinite(rounded)
          ? !(Math.abs(found[i]! - expected) <= bound * unit(expected))
          : !isSame(found[i]!, rounded);
      });
      assertEquals(far.map(([i, x]) => [x, exact(x), found[i]]).slice(0, 5), []);
    }
  });
}

Deno.test("pow() is within (2 + |b · log a|) · 2^-23", options, async () => {
  const n = 1 << 16;
  const a = Float32Array.from({ length: n }, (_, i) => Math.exp(hash(i, 1) / 2 ** 27 - 16));
  const b = Float32Array.from({ length: n }, (_, i) => hash(i, 2) / 2 ** 29 - 4);
  const found = await compute(pow, a, b);
  for (let i = 0; i < n; i++) {
    const bound = (2 + Math.abs(b[i]! * Math.log(a[i]!))) * 2 ** -23, expected = a[i]! ** b[i]!;
    assert(
      Math.abs(found[i]! / expected - 1) <= bound,
      `${a[i]} to ${b[i]}: expected ${expected}, found ${found[i]}`,
    );
  }
});

Deno.test(
  "pow() of zeros, infinities, NaN and negative bases is that of C99",
  options,
  async () => {
    const pairs = [0, 1, 2, -1, -2, 3, 0.5, -0.5, Infinity, -Infinity, NaN];
    const a = Float32Array.from(pairs.flatMap((x) => pairs.map(() => x)));
    const b = Float32Array.from(pairs.flatMap(() => pairs));
    const found = await compute(pow, a, b);
    // JavaScript has NaN for 1 to the power of NaN or infinity, and for -1 to that of infinity.
    const power = (x: number, y: number) =>
      x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
    const wrong = [...a.entries()].filter(([i, x]) => {
      const expected = power(x, b[i]!);
      return !isSame(found[i]!, expected) && !(Math.abs(found[i]! - expected) < 1e-5);
    });
    assertEquals(
      wrong.map(([i, x]) => `${x} ** ${b[i]} = ${power(x, b[i]!)}, found ${found[i]}`),
      [],
    );
  },
);

Deno.test("powers by a constant keep the sign of odd ones, and are NaN where none is real", async () => {
  const bases = Float32Array.of(-2, -1, -0.5, 0.5, 1, 2);
  for (const b of [9, 10, 11, -9, 0.5 + 9]) {
    const found = await compute((x) => pow(x!, b), bases),
      expected = Array.from(bases, (x) => x ** b);
    found.forEach((value, i) => {
      const off = Math.abs(value / expected[i]! - 1);
      assert(isSame(value, expected[i]!) || off < 1e-5, `${bases[i]} ** ${b}: ${value}`);
    });
  }
});
