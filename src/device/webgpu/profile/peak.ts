/**
 * Measures an adapter's peak rates: multiply-adds in registers, and memory copies.
 *
 * @module
 */
import { type Peak, rate } from "../../profile.ts";
import { THREADS } from "../kernels/entry_points.ts";
import { timedPasses } from "./timed_passes.ts";
import { Timestamps } from "./timestamps.ts";
import type { Tuple } from "../../../tuple.ts";

/** Iterations per thread, and multiply-adds of vectors of four per iteration. */
const ROUNDS = 128, UNROLLED = 32;
/** Runs of each measurement. */
const TRIALS = 5;

/** The size of a run, chosen to take milliseconds: workgroups of multiply-adds, bytes to copy. */
const SIZES = {
  software: { groups: 64, bytes: 1 << 26 },
  hardware: { groups: 4096, bytes: 1 << 27 },
} as const;

const CODE = `@group(0) @binding(0) var<storage, read_write> numbers: array<vec4<f32>>;
@compute @workgroup_size(${THREADS}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = numbers[0];
  var a = numbers[id.x];
  var b = a + x;
  for (var i = 0u; i < ${ROUNDS}u; i++) {
${"    a = fma(a, x, x);\n    b = fma(b, x, x);\n".repeat(UNROLLED / 2)}  }
  numbers[id.x] = a + b;
}`;

/** Measures multiply-adds and copying. The device must have the feature `timestamp-query`. */
export async function measurePeak(device: GPUDevice, software: boolean): Promise<Peak> {
  const { groups, bytes } = SIZES[software ? "software" : "hardware"];
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [source, target] = [0, 1].map(() => device.createBuffer({ size: bytes, usage })) as Tuple<
    GPUBuffer,
    2
  >;
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code: CODE }), entryPoint: "main" },
  });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: source } }],
  });
  const timestamps = new Timestamps(device, 2 * TRIALS), encoder = device.createCommandEncoder();
  const passes = timedPasses(encoder, timestamps);
  for (let trial = 0; trial < TRIALS; trial++) {
    const pass = passes.next();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
    passes.between(() => encoder.copyBufferToBuffer(source, 0, target, 0, bytes));
    passes.next();
  }
  passes.end();
  const read = timestamps.resolve(encoder), least = [Infinity, Infinity];
  device.queue.submit([encoder.finish()]);
  await read((ms) => ms.forEach((each, i) => least[i % 2] = Math.min(least[i % 2]!, each)));
  await timestamps.dispose();
  for (const buffer of [source, target]) buffer.destroy();
  const flops = 8 * UNROLLED * ROUNDS * THREADS * groups;
  return { gflops: rate(flops, least[0]!), gbps: rate(2 * bytes, least[1]!) };
}
