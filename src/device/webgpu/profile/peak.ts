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
/** Runs of each measurement, and what each run measures: multiply-adds, and copying in two ways. */
const TRIALS = 5, KINDS = 3;
/** What a thread copies. */
const BYTES_PER_THREAD = 16;

/** The size of a run, chosen to take milliseconds: workgroups of multiply-adds, bytes to copy. */
const SIZES = {
  software: { groups: 64, bytes: 1 << 26 },
  hardware: { groups: 4096, bytes: 1 << 27 },
} as const;

const MULTIPLY_ADDS = `@group(0) @binding(0) var<storage, read_write> numbers: array<vec4<f32>>;
@compute @workgroup_size(${THREADS}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = numbers[0];
  var a = numbers[id.x];
  var b = a + x;
  for (var i = 0u; i < ${ROUNDS}u; i++) {
${"    a = fma(a, x, x);\n    b = fma(b, x, x);\n".repeat(UNROLLED / 2)}  }
  numbers[id.x] = a + b;
}`;

const COPY = `@group(0) @binding(0) var<storage, read_write> copied: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> numbers: array<vec4<f32>>;
@compute @workgroup_size(${THREADS}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  copied[id.x] = numbers[id.x];
}`;

/** What a pass runs: a shader on buffers, in so many workgroups. */
interface Work {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly groups: number;
}

function compile(
  device: GPUDevice,
  code: string,
  buffers: readonly GPUBuffer[],
  groups: number,
): Work {
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return { pipeline, group, groups };
}

function dispatch(pass: GPUComputePassEncoder, { pipeline, group, groups }: Work): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(groups);
}

/**
 * Measures multiply-adds and copying, the latter by a shader and by the driver's own copy: GPUs are faster in
 * the one, software adapters in the other. The device must have the feature `timestamp-query`.
 */
export async function measurePeak(device: GPUDevice, software: boolean): Promise<Peak> {
  const { groups, bytes } = SIZES[software ? "software" : "hardware"];
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [source, target] = [0, 1].map(() => device.createBuffer({ size: bytes, usage })) as Tuple<
    GPUBuffer,
    2
  >;
  const multiplyAdds = compile(device, MULTIPLY_ADDS, [source], groups);
  const copy = compile(device, COPY, [target, source], bytes / BYTES_PER_THREAD / THREADS);
  const timestamps = new Timestamps(device, KINDS * TRIALS);
  const encoder = device.createCommandEncoder(), passes = timedPasses(encoder, timestamps);
  for (let trial = 0; trial < TRIALS; trial++) {
    dispatch(passes.next(), multiplyAdds);
    dispatch(passes.next(), copy);
    passes.between(() => encoder.copyBufferToBuffer(source, 0, target, 0, bytes));
    passes.next();
  }
  passes.end();
  const read = timestamps.resolve(encoder), least = Array(KINDS).fill(Infinity) as number[];
  device.queue.submit([encoder.finish()]);
  await read((ms) => ms.forEach((each, i) => least[i % KINDS] = Math.min(least[i % KINDS]!, each)));
  await timestamps.dispose();
  for (const buffer of [source, target]) buffer.destroy();
  const flops = 8 * UNROLLED * ROUNDS * THREADS * groups, [computing, ...copying] = least;
  return { gflops: rate(flops, computing!), gbps: rate(2 * bytes, Math.min(...copying)) };
}
