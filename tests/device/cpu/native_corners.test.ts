/**
 * Machine code where its writer has to take care: values that are stored and used on, comparisons of unsigned
 * integers, NaN in windows; the same bits as in WebAssembly.
 */
import { assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { detectNative } from "../../../src/device/cpu/native/detect.ts";
import { add, cast, lessEqual, maxPool2d, mul, sqrt, sub, where } from "../../../src/ops/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { filled } from "../../devices.ts";

/** Enough rows of an odd number of elements for machine code to be worth while. */
const SHAPE = [61, 67] as const, SIZE = SHAPE[0] * SHAPE[1];

/** Chains of values, each stored and used by the next ones. */
function chain(x: Tensor): readonly Tensor[] {
  const a = mul(x, 3), b = add(mul(a, a), x), c = sub(mul(b, 0.5), a), d = sqrt(add(mul(c, c), 1));
  return [a, b, c, d, sub(add(a, d), mul(b, c))];
}

const unsigned = (seed: number) =>
  tensor(
    Uint32Array.from({ length: SIZE }, (_, i) => (i % 3 ? 0xfffffff0 : 0) + (i * seed) % 4),
    SHAPE,
  );

const compare = (a: Tensor, b: Tensor): readonly Tensor[] => [
  cast(lessEqual(a, b), "f32"),
  where(lessEqual(a, b), a, b),
];

const native = detectNative();

Deno.test({
  name: "machine code stores values that it uses on, and compares unsigned integers",
  ignore: native === undefined,
  fn: async () => {
    await using plain = runtimeOn(openCpu(1, { native: undefined }));
    await using fast = runtimeOn(openCpu(1, { native }));
    const x = filled(SHAPE, 1), u = unsigned(1), v = unsigned(3);
    for (const run of [plain, fast]) {
      const [p, q] = [run.jit(chain)(x), run.jit(compare)(u, v)];
      const a = Array.from(u.data!), b = Array.from(v.data!), read = await run.read([...p, ...q]);
      assertEquals([...read[5]!], a.map((n, i) => Number(n <= b[i]!)));
      assertEquals([...read[6]!], a.map((n, i) => Math.min(n, b[i]!)));
    }
    const [one, other] = [
      await plain.read(plain.jit(chain)(x)),
      await fast.read(fast.jit(chain)(x)),
    ];
    one.forEach((values, i) =>
      assertEquals(new Uint32Array(values.buffer), new Uint32Array(other[i]!.buffer), `output ${i}`)
    );
  },
});

Deno.test("the maximum of a window with a NaN is NaN, wherever it is", async () => {
  await using run = runtimeOn(openCpu(1));
  for (const channels of [1, 4, 9]) {
    for (let at = 0; at < 4; at++) {
      const image = Float32Array.from(
        { length: 4 * channels },
        (_, i) => Math.floor(i / channels) === at ? NaN : i,
      );
      const [found] = await run.read([maxPool2d(tensor(image, [1, 2, 2, channels]), 2)]);
      assertEquals([...found], Array(channels).fill(NaN), `${channels} channels, pixel ${at}`);
    }
  }
});
