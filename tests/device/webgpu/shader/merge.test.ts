/**
 * Dispatches that run as one: the same bits, in far fewer of them.
 */
import { assert, assertEquals } from "@std/assert";
import { WEBGPU_KERNELS } from "../../../../src/device/webgpu/kernels/mod.ts";
import { writeDispatches } from "../../../../src/device/webgpu/shader/dispatches.ts";
import {
  type BoundProgram,
  fitsTogether,
  merge,
  mergeKind,
} from "../../../../src/device/webgpu/shader/merge.ts";
import { openWebGpu } from "../../../../src/device/webgpu/mod.ts";
import { programText, type Variable } from "../../../../src/device/webgpu/shader/program.ts";
import { perWorkgroup } from "../../../../src/device/webgpu/kernels/entry_points.ts";
import { fn, type ModuleParts, workgroupArray } from "../../../../src/device/webgpu/wgsl/module.ts";
import { symbol } from "../../../../src/device/webgpu/wgsl/symbols.ts";
import { fitnet1, fitnet4 } from "../../../../src/models/mod.ts";
import {
  conv,
  dense,
  dropout,
  flatten,
  globalMaxPool,
  type Layer,
  maxPool,
  relu,
  sequential,
} from "../../../../src/nn/mod.ts";
import { adam, type Optimizer, rmsprop, sgd } from "../../../../src/optim/mod.ts";
import { buildPlan } from "../../../../src/plan/build.ts";
import type { Policy } from "../../../../src/plan/plan.ts";
import { key } from "../../../../src/random.ts";
import { runtimeOn } from "../../../../src/runtime/mod.ts";
import type { KernelName } from "../../../../src/ops/mod.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../../../src/tensor.ts";
import { LOSSES } from "../../../../src/nn/mod.ts";
import { type Carry, initialCarry, trainStep } from "../../../../src/train/step.ts";
import type { BatchTensors } from "../../../../src/train/input/batch_tensors.ts";
import { leaves, mapTree } from "../../../../src/tree.ts";
import { fill, noWebGpu } from "../../../devices.ts";
import type { Tuple } from "../../../../src/tuple.ts";

const ignore = noWebGpu !== undefined;

const variable = (slot: number, access: "read" | "write", name: string): Variable => ({
  name,
  space: access === "read" ? "storage, read" : "storage, read_write",
  type: "array<f32>",
  binding: { slot, access },
});

const program = (from: number, to: number, parts: ModuleParts, workgroups = 1): BoundProgram => ({
  label: `${from} to ${to}`,
  variables: [variable(from, "read", "buffer0"), variable(to, "write", "target_buffer")],
  values: [from, to],
  ...parts,
  workgroups: [workgroups, 1, 1],
});

const source = symbol("buffer0"), target = symbol("target_buffer"), part = symbol("part");

const doubled: ModuleParts = {
  declarations: [fn("store", "(i: u32)", `  ${target}[i] = 2.0 * ${source}[i];`)],
  entry: {
    workgroupSize: 64,
    builtins: [["global_invocation_id", "id"]],
    body: `  ${symbol("store")}(id.x);`,
  },
};
const reversed: ModuleParts = {
  declarations: [workgroupArray("part", "f32", 64)],
  entry: perWorkgroup(
    64,
    `  ${part}[thread] = ${source}[group.x * 64u + thread];
  workgroupBarrier();
  ${target}[group.x * 64u + thread] = ${part}[63u - thread];`,
  ),
};

Deno.test("merge() binds shared buffers once, and assigns each shader its workgroups", () => {
  const units = [program(0, 1, doubled, 2), program(0, 2, reversed), program(3, 4, reversed)];
  assertEquals(units.map((each) => mergeKind(each, 100)), ["64", "64", "64"]);
  assert(fitsTogether(units, { workgroups: 4, buffers: 5 }));
  assert(!fitsTogether(units, { workgroups: 3, buffers: 5 }));
  assert(!fitsTogether(units, { workgroups: 4, buffers: 4 }));
  const merged = merge(units);
  assertEquals([merged.values, merged.workgroups], [[0, 1, 2, 3, 4], [4, 1, 1]]);
  assertEquals(programText(merged).match(/var<workgroup>/g)?.length, 1);
});

Deno.test("mergeKind() excludes shaders that saturate a device, or read textures and parameters", () => {
  const plain = program(0, 1, doubled);
  assertEquals(mergeKind({ ...plain, workgroups: [101, 1, 1] }, 100), undefined);
  assertEquals(mergeKind({ ...plain, workgroups: [2, 2, 1] }, 100), undefined);
  const { entry } = doubled;
  assertEquals(
    mergeKind({ ...plain, entry: { ...entry, body: entry.body + "\n".repeat(6000) } }, 100),
    undefined,
  );
  const uniform = {
    ...plain.variables[0]!,
    binding: { parameters: [1], access: "uniform" } as const,
  };
  assertEquals(mergeKind({ ...plain, variables: [uniform] }, 100), undefined);
  assertEquals(
    mergeKind({ ...plain, entry: { ...entry, builtins: [["num_workgroups", "id"]] } }, 100),
    undefined,
  );
});

Deno.test({
  name: "merge() makes a shader that does what each did alone",
  ignore,
  fn: async () => {
    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffers = Array.from({ length: 5 }, () => device.createBuffer({ size: 1024, usage }));
    for (const at of [0, 3]) {
      device.queue.writeBuffer(
        buffers[at]!,
        0,
        Float32Array.from({ length: 256 }, (_, i) => i + at),
      );
    }
    const merged = merge([
      program(0, 1, doubled, 2),
      program(0, 2, reversed),
      program(3, 4, reversed, 4),
    ]);
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ code: programText(merged) });
    const pipeline = device.createComputePipeline({
      layout: "auto",
      compute: { module, entryPoint: "main" },
    });
    assertEquals((await device.popErrorScope())?.message, undefined);
    const encoder = device.createCommandEncoder(), pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: merged.values.map((value, binding) => ({
          binding,
          resource: { buffer: buffers[value]! },
        })),
      }),
    );
    pass.dispatchWorkgroups(...merged.workgroups);
    pass.end();
    const read = device.createBuffer({
      size: 3072,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    [1, 2, 4].forEach((at, k) => encoder.copyBufferToBuffer(buffers[at]!, 0, read, 1024 * k, 1024));
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const found = new Float32Array(read.getMappedRange().slice(0));
    device.destroy();
    const back = (i: number) => 64 * Math.floor(i / 64) + 63 - i % 64;
    assertEquals([...found], [
      ...Array.from({ length: 256 }, (_, i) => i < 128 ? 2 * i : 0),
      ...Array.from({ length: 256 }, (_, i) => i < 64 ? back(i) : 0),
      ...Array.from({ length: 256 }, (_, i) => back(i) + 3),
    ]);
  },
});

const OPTIMIZERS: Readonly<Record<string, Optimizer<Params>>> = {
  sgd: sgd({ learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 }) as Optimizer<Params>,
  adam: adam({ learningRate: 1e-3, clipNorm: 1 }) as Optimizer<Params>,
  rmsprop: rmsprop({ learningRate: 1e-3 }) as Optimizer<Params>,
};

/** A net of a few layers of every kind that FitNets have. */
const smallNet = () =>
  sequential(
    conv(8, 3, { padding: 1 }),
    relu,
    maxPool(2),
    dropout(0.2),
    conv(4, 3, { padding: 1 }),
    relu,
    globalMaxPool,
    flatten,
    dense(10),
  ) as unknown as Layer;

/** A step of training, and what it begins with. */
function training(net: Layer, optimizer: Optimizer<Params>, [batch, size]: Tuple<number, 2>) {
  const images = tensor(fill(batch * size * size * 3), [batch, size, size, 3]);
  const labels = tensor(Int32Array.from({ length: batch }, (_, i) => i % 10));
  const first = tensor(Uint32Array.of(0), []);
  const step = trainStep<Params, Params>({ net, loss: LOSSES.softmax, optimizer });
  const start = initialCarry(net.init(key(0), images), optimizer, key(1));
  return { step, start, minibatch: { images, labels, first } };
}

for (const name of Object.keys(OPTIMIZERS)) {
  for (const software of [true, false]) {
    Deno.test({
      name: `a step comes to the same bits merged or not: ${name}, as on ${
        software ? "software" : "hardware"
      }`,
      ignore,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        const results: unknown[] = [], counts: number[] = [];
        for (
          const traits of [{ software, mergedWorkgroups: 0 }, { software, mergedWorkgroups: 65535 }]
        ) {
          const net = smallNet();
          const { step, start, minibatch } = training(net, OPTIMIZERS[name]!, [2, 8]);
          await using run = runtimeOn(await openWebGpu(traits));
          counts.push(Number(/(\d+) dispatch/.exec(run.explain(step, start, minibatch))![1]));
          let carry = start;
          const call = run.jit(step);
          for (let i = 0; i < 2; i++) [carry] = call(carry, minibatch);
          results.push(await run.read(carry));
        }
        assertEquals(results[1], results[0]);
        assert(counts[1]! < 0.7 * counts[0]!, `${counts}`);
      },
    });
  }
}

/** How many dispatches a step of training is, and how many of them are nothing but a convolution. */
function dispatches(net: Layer, buffers: number): { all: number; convolutions: number } {
  const { step, start, minibatch } = training(net, OPTIMIZERS.sgd!, [128, 32]);
  const placeholders = <T extends Params>(tree: T) =>
    mapTree((x: Tensor) => placeholder(x), tree) as unknown as T;
  const given = [
    placeholders(start as unknown as Params),
    placeholders(minibatch as unknown as Params),
  ];
  const [carry] = step(given[0] as unknown as Carry, given[1] as unknown as BatchTensors);
  const inputs = leaves<Tensor>(given), outputs = leaves<Tensor>(carry as unknown as Params);
  const policy: Policy = {
    access: (op, i) => WEBGPU_KERNELS[op.name as KernelName].access[i]!,
    maxLoads: 15,
    maxBuffers: 32,
  };
  const { plan } = buildPlan(inputs, outputs.filter((x) => !inputs.includes(x)), policy);
  const traits = {
    software: false,
    slowCompiler: false,
    zerosOutside: false,
    mergedWorkgroups: 65535,
    chooseTile: () => undefined,
    workgroupBytes: 16384,
    workgroupThreads: 256,
    textures: { texels: 8192, layers: 256 },
  };
  const { shares } = writeDispatches(plan, traits, buffers);
  const isConvolution = (step: number) => plan.steps[step]!.kernel?.op.name.startsWith("conv2d");
  return {
    all: shares.length,
    convolutions: shares.filter((of) => of.length === 1 && isConvolution(of[0]!.step)).length,
  };
}

Deno.test("a step of the paper's FitNets is few dispatches on a GPU", () => {
  for (const buffers of [32, 64]) {
    const small = dispatches(fitnet1() as unknown as Layer, buffers);
    const large = dispatches(fitnet4() as unknown as Layer, buffers);
    assert(large.all <= 150 && large.all - large.convolutions <= 95, JSON.stringify(large));
    assert(small.all <= 100 && small.all - small.convolutions <= 70, JSON.stringify(small));
  }
});
