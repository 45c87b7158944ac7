/**
 * What tests of several devices share: one runtime a device, deterministic numbers, comparison.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import { whyNoWebGpu } from "../src/device/webgpu/adapter.ts";
import { neg } from "../src/ops/mod.ts";
import { open, type Runtime } from "../src/runtime/mod.ts";
import { sizeOf } from "../src/shape.ts";
import type { Data } from "../src/host_data.ts";
import type { Spec } from "../src/spec.ts";
import { type Tensor, tensor } from "../src/tensor.ts";

/** The devices under test; the first needs nothing but Deno. */
export const TESTED = ["reference", "cpu", "webgpu"] as const;

/** The name of a device under test. */
export type Tested = (typeof TESTED)[number];

/**
 * Why tests of the WebGPU device are left out here; undefined where they run. Only asks for an adapter
 * and its kind: a device that then fails to open fails its tests.
 */
export const noWebGpu: string | undefined = await whyNoWebGpu();

/** Registers a test that needs the WebGPU device, and is shown as ignored where that is not to be had. */
export const withWebGpu = (name: string, fn: () => void | Promise<void>): void =>
  Deno.test({
    name,
    fn,
    ignore: noWebGpu !== undefined,
    sanitizeOps: false,
    sanitizeResources: false,
  });

const runtimes = new Map<Tested, Promise<Runtime>>();

/** The runtime of a device, opened when first asked for and kept until the test file ends. */
export function runtimeOf(device: Tested): Promise<Runtime> {
  const opened = runtimes.get(device) ?? open({ device });
  runtimes.set(device, opened);
  return opened;
}

Deno.test.afterAll(async () => {
  for (const opened of runtimes.values()) await (await opened)[Symbol.asyncDispose]();
});

/** Options of {@linkcode forEachDevice}. */
export interface DeviceTestOptions {
  /** The devices to test; all if left out. */
  readonly devices?: readonly Tested[];
}

/**
 * Registers a test for each device. They share one runtime a device, so a test must not count on what
 * it has allocated. Where that device is not to be had, the test of `webgpu` is shown as ignored.
 */
export function forEachDevice(
  name: string,
  test: (run: Runtime) => void | Promise<void>,
  { devices = TESTED }: DeviceTestOptions = {},
): void {
  for (const device of devices) {
    const ignore = device === "webgpu" && noWebGpu !== undefined;
    Deno.test({
      name: `${name} (${device}${ignore ? ": left out here" : ""})`,
      ignore,
      // The device outlives the test that happened to open it.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => await test(await runtimeOf(device)),
    });
  }
}

/** A number for each index and seed, evenly spread over 0…2³² - 1: an integer hash. */
export function hash(index: number, seed: number): number {
  let h = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `n` deterministic numbers in [low, high), exact in f32. */
export const fill = (n: number, seed = 0, low = -1, high = 1): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: n }, (_, i) => low + (high - low) * (hash(i, seed) / 2 ** 32));

/** A tensor of {@linkcode fill}ed f32 elements. */
export const filled = (
  shape: readonly number[],
  seed = 0,
  low = -1,
  high = 1,
): Tensor => tensor(fill(sizeOf(shape), seed, low, high), shape);

/** How far two numbers may be apart: `absolute + relative · |expected|`. */
export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
}

/** The largest magnitude among finite numbers. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size < Infinity) most = Math.max(most, size);
  }
  return most;
}

/** Asserts that numbers are close one by one; NaN is close to NaN alone. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 1e-5, absolute = 1e-6 }: Tolerance = {},
  what = "values",
): void {
  if (actual.length !== expected.length) {
    throw new AssertionError(
      `${what}: expected ${expected.length} elements, found ${actual.length}`,
    );
  }
  let wrong = 0, worst = 0, at = -1;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!, e = expected[i]!;
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    const excess = Math.abs(a - e) / (absolute + relative * Math.abs(e));
    if (excess <= 1) continue;
    wrong++;
    if (at < 0 || excess > worst || Number.isNaN(excess)) [worst, at] = [excess, i];
  }
  if (wrong === 0) return;
  throw new AssertionError(
    `${what}: ${wrong} of ${expected.length} elements differ by more than ` +
      `${absolute} + ${relative} · |expected|; the worst is [${at}]: ` +
      `expected ${expected[at]}, found ${actual[at]} (${worst.toPrecision(3)} times too far)`,
  );
}

/** Asserts that what a runtime read is what was expected: integers exactly, floats closely. */
export function assertRead(
  actual: Data,
  expected: ArrayLike<number>,
  { dtype }: Pick<Spec, "dtype">,
  tolerance: Tolerance = {},
  what = "values",
): void {
  const exact = dtype === "f32" ? tolerance : { relative: 0, absolute: 0 };
  assertClose(actual, expected, exact, what);
}

/** Elements of one tensor, computed now. */
export const readOne = async (run: Runtime, x: Tensor): Promise<Data> =>
  (await run.read([x]))[0] as Data;

/** A tensor that the device keeps, made by a call. */
export const onDevice = (run: Runtime, ...values: number[]): Tensor =>
  run.jit((x: Tensor) => neg(x))(tensor(values.map((v) => -v)));
