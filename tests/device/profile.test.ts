/**
 * Profiles of every device: what ran is counted, what it did is known, what it took adds up.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fitnetMnist } from "../../src/models/mod.ts";
import { softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { add, conv2d, matmul, mean, mul, sum } from "../../src/ops/mod.ts";
import { key } from "../../src/random.ts";
import { open, type Profile, type Runtime } from "../../src/runtime/mod.ts";
import { valueAndGrad } from "../../src/grad.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { filled, forEachDevice, noWebGpu, onDevice, TESTED, type Tested } from "../devices.ts";

const adapter = noWebGpu === undefined ? await navigator.gpu.requestAdapter() : null;
const untimed = adapter !== null && !adapter.features.has("timestamp-query");
const devices = TESTED.filter((device) => !(untimed && device === "webgpu"));

const opened = new Map<string, Promise<Runtime>>();

Deno.test.afterAll(async () => {
  for (const each of opened.values()) await (await each)[Symbol.asyncDispose]();
});

/** Registers a test for each device, opened to be profiled and with nothing measured yet. */
function forEachProfiled(name: string, test: (run: Runtime) => Promise<void>) {
  // Only to skip a device as the other tests do; the runtime under test is another one.
  forEachDevice(name, async ({ device }) => {
    const run = opened.get(device) ?? open({ device: device as Tested, profile: true });
    opened.set(device, run);
    await (await run).profile();
    await test(await run);
  }, { devices });
}

const only = ({ kernels }: Profile, kernel: string) => {
  const rows = kernels.filter((row) => row.kernel === kernel);
  assertEquals(rows.length, 1, `expected one row of ${kernel}, found ${rows.length}`);
  return rows[0];
};
const total = ({ kernels }: Profile) => kernels.reduce((all, { ms }) => all + ms, 0);

forEachProfiled("profile() counts a convolution's calls, operations and bytes", async (run) => {
  const x = filled([2, 8, 8, 3], 1), w = filled([3, 3, 3, 5], 2);
  const call = run.jit((x: Tensor, w: Tensor) => conv2d(x, w, { padding: 1 }));
  for (let i = 0; i < 3; i++) await run.read(call(x, w));
  const row = only(await run.profile(), "conv2d")!;
  const outputs = 2 * 8 * 8 * 5, bytes = run.device === "reference" ? 8 : 4;
  assertEquals([row.calls, row.shape], [3, "2×8×8×3, 3×3×3×5 → 2×8×8×5"]);
  assertEquals(row.flops, 3 * 2 * outputs * 3 * 3 * 3);
  assertEquals(row.bytes, 3 * bytes * (x.size + w.size + outputs));
  assert(row.passes >= 3 && row.passes % 3 === 0, `found ${row.passes} passes`);
  assert(row.ms > 0 && row.ms < 10_000, `found ${row.ms} ms`);
  assertEquals(row.gflops, row.flops / row.ms / 1e6);
  assertEquals(row.gbps, row.bytes / row.ms / 1e6);
});

forEachProfiled(
  "profile() adds up the same kernel of several plans, and steps of a fold",
  async (run) => {
    const a = onDevice(run, 1, 2, 3), ones = filled([4, 4], 1);
    await run.read(run.jit((x: Tensor) => matmul(x, x))(ones));
    await run.read(run.jit((x: Tensor) => [matmul(x, x), add(a, 1)])(ones));
    const step = (x: Tensor, y: Tensor) => [matmul(x, y), sum(y)] as const;
    for await (const [carry] of run.fold(step, ones, [ones, ones, ones])) void carry;
    const row = only(await run.profile(), "matmul")!;
    assertEquals([row.calls, row.flops], [5, 5 * 2 * 4 * 4 * 4]);
  },
);

forEachProfiled("profile() accounts for the time of a training step", async (run) => {
  const net = fitnetMnist({ activation: "relu", dropout: 0 });
  const x = filled([8, 28, 28, 1], 1), y = tensor(Int32Array.from({ length: 8 }, (_, i) => i));
  const step = run.jit((params: readonly Params[], x: Tensor) =>
    valueAndGrad((p: readonly Params[]) => mean(softmaxCrossEntropy(net(p, x), y)))(params)
  );
  const params = run.jit((x: Tensor) => net.init(key(0), x))(x);
  const once = () => run.read(step(params, x)[0]);
  await once();
  await once();
  await run.profile();
  const from = performance.now();
  for (let i = 0; i < 5; i++) await once();
  const all = performance.now() - from, profile = await run.profile();
  assert(profile.ms > 0 && profile.ms <= all, `expected at most ${all} ms, found ${profile.ms}`);
  assert(total(profile) > 0.3 * profile.ms, `found ${total(profile)} of ${profile.ms} ms`);
  assertEquals(profile.outside, Math.max(0, 1 - total(profile) / profile.ms));
  assert(profile.kernels.every(({ calls }) => calls > 0 && calls % 5 === 0));
  const times = profile.kernels.map(({ ms }) => ms);
  assertEquals(times, times.toSorted((a, b) => b - a));
});

forEachProfiled("profile() counts tracing as outside kernels, and once", async (run) => {
  const slow = run.jit((x: Tensor) => {
    for (const from = performance.now(); performance.now() - from < 50;);
    return mul(x, 2);
  });
  const from = performance.now();
  await run.read(run.jit((x: Tensor) => slow(x))(tensor([1, 2])));
  const all = performance.now() - from, { ms, outside } = await run.profile();
  assert(ms >= 50 && ms <= all, `expected 50 to ${all} ms, found ${ms}`);
  assert(outside * ms >= 50, `found ${outside * ms} ms`);
  assertEquals(await run.profile(), { kernels: [], ms: 0, outside: 0 });
});

forEachProfiled("profile() does not change results", async (run) => {
  const x = filled([3, 9, 9, 4], 3), w = filled([3, 3, 4, 8], 4);
  const f = (x: Tensor, w: Tensor) => sum(conv2d(x, w, { padding: 1 }), [1, 2]);
  await using plain = await open({ device: run.device as Tested });
  assertEquals(await run.read(run.jit(f)(x, w)), await plain.read(plain.jit(f)(x, w)));
});

forEachProfiled(
  "peak() gives rates of multiply-adds and of copying, and keeps no memory",
  async (run) => {
    await run.peak();
    const before = run.memory(), { gflops, gbps } = await run.peak();
    assertEquals(run.memory(), before);
    assert(gflops > 0.1 && gflops < 1e6, `found ${gflops} GFLOP/s`);
    assert(gbps > 0.1 && gbps < 1e6, `found ${gbps} GB/s`);
    assertEquals((await run.profile()).kernels, []);
  },
);

forEachDevice(
  "profile() and peak() errors say how to open a runtime that supports them",
  async (run) => {
    const says =
      "profile: expected a runtime opened with { profile: true }, found one opened without";
    await assertRejects(() => run.profile(), Error, says);
    await assertRejects(() => run.peak(), Error, says);
  },
);
