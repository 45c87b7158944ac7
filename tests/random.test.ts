/**
 * Random numbers: the same on every device and on the host, and distributed as they should be.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../src/device/reference/evaluate.ts";
import { add, max, min, mul, sub } from "../src/ops/mod.ts";
import { bernoulli, bits, foldIn, type Key, key, normal, split, uniform } from "../src/random.ts";
import type { Data } from "../src/host_data.ts";
import { type Tensor, tensor } from "../src/tensor.ts";
import { bitsAt, foldKeyData, type KeyData, keyData, splitKeyData } from "../src/threefry.ts";
import { assertClose, forEachDevice, readOne } from "./devices.ts";

const SEEDS = [0, 1, 2 ** 32 - 1, 2 ** 32 + 5, 2 ** 53 - 1];
const COUNT = 20_000;

const onHost = (words: KeyData, n: number) =>
  Uint32Array.from({ length: n }, (_, i) => bitsAt(words, i));

/** The elements of a lazy tensor, in float64. */
const valuesOf = (x: Tensor): Float64Array => evaluate([x])[0]!;

const meanOf = (values: ArrayLike<number>, f = (x: number) => x): number =>
  Array.from(values).reduce((sum, x) => sum + f(x), 0) / values.length;

/** The largest distance between the distribution of a sample and a distribution function. */
function distance(values: ArrayLike<number>, below: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort(), n = sorted.length;
  return sorted.reduce((most, x, i) => {
    const p = below(x);
    return Math.max(most, p - i / n, (i + 1) / n - p);
  }, 0);
}

/** Kolmogorov and Smirnov: a sample of n is further than this from its law once in 10,000 times. */
const limit = (n: number) => 2.23 / Math.sqrt(n);

/** The normal distribution function, by the series of Marsaglia (2004). */
function normalBelow(x: number): number {
  if (x < -7) return 0;
  let term = x, sum = x;
  for (let i = 3; Math.abs(term) > 1e-17; i += 2) sum += term *= x * x / i;
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

forEachDevice("bits() are those of the host, for every seed and shape", async (run) => {
  for (const seed of SEEDS) {
    for (const shape of [[], [1], [7], [257], [3, 5, 7]]) {
      const x = bits(key(seed), shape);
      assertEquals([x.shape, x.dtype], [shape, "u32"]);
      assertEquals(await readOne(run, x), onHost(keyData(seed), x.size), `seed ${seed}`);
    }
  }
});

forEachDevice("split() gives the same keys and bits as on the host", async (run) => {
  for (const seed of SEEDS) {
    const children = split(key(seed), 3);
    const read = await run.read(children.map((k) => [k, bits(k, [65])] as const)) as readonly (
      readonly [Data, Data]
    )[];
    read.forEach(([words, bits], i) => {
      const expected = splitKeyData(keyData(seed), i);
      assertEquals([...words], [...expected]);
      assertEquals(bits, onHost(expected, 65));
    });
  }
});

forEachDevice(
  "foldIn() of numbers and of tensors gives the same keys as on the host",
  async (run) => {
    const call = run.jit((k: Tensor, step: Tensor) => foldIn(k, step));
    for (const data of [0, 1, 1000, 2 ** 31, 2 ** 32 - 1]) {
      for (const step of [data, tensor([data], [], "u32")]) {
        const expected = [...foldKeyData(keyData(7), data)];
        assertEquals([...await readOne(run, foldIn(key(7), step))], expected);
      }
      const jitted = call(key(7), tensor([data], [], "u32"));
      assertEquals([...await readOne(run, jitted)], [...foldKeyData(keyData(7), data)]);
    }
  },
);

forEachDevice("jit uses the key it is called with, not the one it was traced with", async (run) => {
  const call = run.jit((k: Tensor) => split(k).map((child) => bits(child, [9])));
  for (const seed of [1, 2]) {
    const read = await run.read(call(key(seed))) as readonly Data[];
    read.forEach((bits, i) =>
      assertEquals(bits, onHost(splitKeyData(keyData(seed), i), 9), `seed ${seed}, child ${i}`)
    );
  }
});

forEachDevice("uniform() and bernoulli() are the same to the bit", async (run) => {
  const k = key(11), unit = uniform(k, [1001]);
  const host = onHost(keyData(11), 1001);
  assertEquals(await readOne(run, unit), Float32Array.from(host, (b) => (b >>> 8) / 2 ** 24));
  for (const p of [0, 1e-9, 0.1, 1 / 3, 0.5, 0.7, 1 - 2 ** -24, 1]) {
    const expected = host.map((b) => Number((b >>> 8) / 2 ** 24 < p));
    assertEquals(await readOne(run, bernoulli(k, p, [1001])), expected, `p = ${p}`);
  }
});

forEachDevice("normal() agrees with float64 to 1e-5", async (run) => {
  for (const seed of [0, 5]) {
    const x = normal(key(seed), [4099]);
    assertClose(await readOne(run, x), valuesOf(x), { relative: 1e-5, absolute: 1e-5 });
  }
});

forEachDevice("normal() has the moments and the distribution of its name", async (run) => {
  const x = await readOne(run, normal(key(3), [COUNT]));
  const mean = meanOf(x), variance = meanOf(x, (v) => (v - mean) ** 2);
  const kurtosis = meanOf(x, (v) => (v - mean) ** 4) / variance ** 2;
  // Four standard errors: √(1 / n), √(2 / n), √(24 / n).
  assertClose([mean], [0], { absolute: 4 / Math.sqrt(COUNT) }, "mean");
  assertClose([variance], [1], { absolute: 4 * Math.sqrt(2 / COUNT) }, "variance");
  assertClose([kurtosis], [3], { absolute: 4 * Math.sqrt(24 / COUNT) }, "kurtosis");
  assert(distance(x, normalBelow) < limit(COUNT), `distance ${distance(x, normalBelow)}`);
  assert(Array.from(x).every((v) => Math.abs(v) <= 5.42), "expected nothing beyond ±5.42");
});

Deno.test("normal() inverts the normal distribution function, tails included", () => {
  const words = onHost(keyData(8), COUNT), x = valuesOf(normal(key(8), [COUNT]));
  const expected = Float64Array.from(words, (b) => ((b >>> 8) + 0.5) / 2 ** 24);
  assertClose(x.map(normalBelow), expected, { relative: 1e-5, absolute: 1e-7 });
});

Deno.test("uniform() is even over [low, high)", () => {
  const x = valuesOf(uniform(key(4), [COUNT]));
  assert(distance(x, (v) => v) < limit(COUNT));
  assert(x.every((v) => v >= 0 && v < 1 && Number.isInteger(v * 2 ** 24)));
  const wide = valuesOf(uniform(key(4), [COUNT], -3, 5));
  assert(distance(wide, (v) => (v + 3) / 8) < limit(COUNT));
});

Deno.test("bernoulli() is 1 with the given probability", () => {
  for (const p of [0.1, 0.5, 0.9]) {
    const share = meanOf(valuesOf(bernoulli(key(9), p, [COUNT])));
    assertClose([share], [p], { absolute: 4 * Math.sqrt(p * (1 - p) / COUNT) });
  }
});

Deno.test("split() and foldIn() give statistically independent keys", () => {
  const parent = key(6);
  const keys = [parent, ...split(parent, 4), foldIn(parent, 0), foldIn(parent, 1), key(7)];
  const streams = keys.map((k) => valuesOf(uniform(k, [COUNT])));
  streams.forEach((a, i) =>
    streams.slice(0, i).forEach((b, j) => {
      const covariance = meanOf(a.map((v, n) => (v - 0.5) * (b[n]! - 0.5)));
      // The correlation of independent streams is within five standard errors of zero.
      assertClose([covariance * 12], [0], { absolute: 5 / Math.sqrt(COUNT) }, `keys ${i}, ${j}`);
    })
  );
});

Deno.test("bits() of one key are independent of their neighbors", () => {
  const x = uniform(key(12), [COUNT]), y = valuesOf(x);
  const covariance = meanOf(y.subarray(1).map((v, i) => (v - 0.5) * (y[i]! - 0.5)));
  assertClose([covariance * 12], [0], { absolute: 5 / Math.sqrt(COUNT) });
});

Deno.test("a key means the same numbers each time it is used: sums of one are twice it", () => {
  const k = key(5), x = normal(k, [9]);
  assertEquals(valuesOf(sub(add(x, normal(k, [9])), mul(x, 2))), new Float64Array(9));
});

for (const p of [-0.1, 1.1, NaN]) {
  Deno.test(`bernoulli() rejects a probability of ${p}`, () => {
    assertThrows(() => bernoulli(key(0), p, [2]), RangeError, `bernoulli: expected a probability`);
  });
}

Deno.test("key() rejects what is no seed", () => {
  for (const seed of [-1, -0.5, 0.5, 1.5, 2 ** 53, -(2 ** 53), 1e300, NaN, Infinity, -Infinity]) {
    assertThrows(
      () => key(seed),
      RangeError,
      `seed: expected an integer from 0 to 2^53 - 1, found ${seed}`,
    );
  }
  const others: readonly [unknown, string][] = [
    ["7", "string 7"],
    [7n, "bigint 7"],
    [undefined, "undefined undefined"],
  ];
  for (const [seed, found] of others) {
    assertThrows(() => key(seed as number), RangeError, `found ${found}`);
  }
  for (const data of [-1, 1.5, 2 ** 32, NaN]) {
    assertThrows(
      () => foldIn(key(0), data),
      RangeError,
      `foldIn: expected an integer from 0 to 2^32 - 1, found ${data}`,
    );
  }
  for (const n of [-1, 1.5, NaN]) assertThrows(() => split(key(0), n), RangeError, `[${n}]`);
});

Deno.test("functions of a key reject other tensors, and name what they found", () => {
  for (const wrong of [tensor([1, 2]), tensor([1, 2, 3], [3], "u32"), tensor([1, 2], [2], "i32")]) {
    for (const f of [split, (k: Tensor) => bits(k, [2]), (k: Tensor) => foldIn(k, 1)]) {
      assertThrows(() => f(wrong), TypeError, "random: expected a key, u32[2], found ");
    }
  }
});

Deno.test("functions of a key reject a shape without elements", () => {
  for (const f of [bits, uniform, normal]) assertThrows(() => f(key(0), [0]), RangeError, "[0]");
  assertThrows(() => split(key(0), 0), RangeError, "[0]");
});

forEachDevice(
  "uniform() never gives its upper limit, though the highest of eight million rounds to it",
  async (run) => {
    const call = run.jit((k: Key) => {
      const unit = uniform(k, [2 ** 23]);
      return [[1, 2], [0, 1e-30], [-2, -1], [-1, 0]].map(([low, high]) => {
        const x = uniform(k, [2 ** 23], low, high);
        return [max(x), min(x), max(add(mul(unit, high! - low!), low!))];
      });
    });
    const found = await run.read(call(key(0))) as unknown as Data[][];
    assertEquals(found[0]![2]![0], 2);
    for (const [i, [low, high]] of [[1, 2], [0, 1e-30], [-2, -1], [-1, 0]].entries()) {
      const [most, least] = found[i]!.map(([x]) => x!);
      assert(
        most! < high! && least! >= Math.fround(low!),
        `${low} to ${high}: ${least} to ${most}`,
      );
    }
  },
  { devices: ["cpu", "webgpu"] },
);

Deno.test("bits() and bernoulli() go on after the words that they skip", () => {
  const all = valuesOf(bits(key(4), [12])), rest = valuesOf(bits(key(4), [4], 8));
  assertEquals([...rest], [...all.slice(8)]);
  const draws = valuesOf(bernoulli(key(4), 0.5, [40]));
  assertEquals([...valuesOf(bernoulli(key(4), 0.5, [30], 10))], [...draws.slice(10)]);
});

Deno.test("bernoulli() is uniform() < p, for p between two numbers that uniform() draws", () => {
  const [u] = valuesOf(uniform(key(6), [1])) as unknown as [number];
  for (const [p, expected] of [[u, 0], [u + 2 ** -26, 1], [u + 2 ** -24, 1], [u - 2 ** -26, 0]]) {
    assertEquals([...valuesOf(bernoulli(key(6), p!, [1]))], [expected!], `${p! - u}`);
  }
});
