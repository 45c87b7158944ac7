/**
 * The stages of the ways that docs/architecture.md draws.
 *
 * @module
 */
import type { Pipeline } from "./pipeline.ts";

/** From the bytes of a data set to a step of training. */
const BATCH: Pipeline = {
  name: "batch",
  title: "A batch, from the bytes of a data set to a training step",
  stages: [
    { file: "src/data/formats/idx.ts" },
    { file: "src/data/dataset.ts", passes: "Dataset" },
    { file: "src/data/preprocess.ts", passes: "Prepared" },
    { file: "src/data/loader/sampler.ts", passes: "BatchPlan" },
    { file: "src/data/loader/collate.ts", passes: "Batch" },
    { file: "src/data/loader/ring_buffer.ts" },
    { file: "src/data/loader/prefetch_worker.ts" },
    { file: "src/data/loader/prefetch.ts", passes: "startPrefetching" },
    { file: "src/data/loader/loader.ts", passes: "Batch" },
    { file: "src/train/input/batch_tensors.ts", passes: "exampleTensors" },
    { file: "src/train/input/input_pipeline.ts" },
    { file: "src/train/step.ts", passes: "trainStep" },
    { file: "src/train/take_steps.ts", passes: "takeSteps" },
    { file: "src/train/fit.ts" },
  ],
};

/** From initializers to parameters of unit variance. */
const LSUV: Pipeline = {
  name: "lsuv",
  title: "Parameters, from an initializer through LSUV",
  stages: [
    { file: "src/nn/initializers/orthonormal.ts", passes: "orthonormal" },
    { file: "src/nn/initializers/initializer.ts", passes: "Initializer" },
    { file: "src/nn/weights.ts" },
    { file: "src/nn/layer.ts", passes: "Layer" },
    { file: "src/nn/traverse.ts", passes: "traverse" },
    { file: "src/init/walk.ts" },
    { file: "src/init/measure.ts", passes: "measure" },
    { file: "src/init/rescale.ts", passes: "rescale" },
    { file: "src/init/lsuv.ts", passes: "Report" },
    { file: "src/init/report.ts" },
  ],
};

/** From a layer's call to machine code. */
const CONVOLUTION: Pipeline = {
  name: "convolution",
  title: "A convolution, from a layer's call to the kernels of two devices",
  stages: [
    { file: "src/nn/conv.ts", passes: "conv2d" },
    { file: "src/ops/conv.ts", passes: "Tensor" },
    { file: "src/tensor.ts", passes: "Tensor" },
    { file: "src/runtime/trace.ts", passes: "Trace" },
    { file: "src/runtime/plan.ts" },
    { file: "src/plan/build.ts", passes: "materialize" },
    { file: "src/plan/materialize.ts" },
    { file: "src/plan/fuse_epilogues.ts" },
    { file: "src/plan/fuse_elementwise.ts" },
    { file: "src/plan/schedule.ts", passes: "Step" },
    { file: "src/plan/plan.ts" },
    { file: "src/ops/conv_geometry.ts" },
    { file: "src/device/cpu/kernels/conv/choice.ts" },
    { file: "src/device/cpu/kernels/conv/mod.ts" },
    { file: "src/device/cpu/executable.ts" },
    { file: "src/device/webgpu/kernels/conv.ts" },
    { file: "src/device/webgpu/shader/write_program.ts" },
    { file: "src/device/webgpu/run/executable.ts" },
  ],
};

/** The three pipelines. */
export const PIPELINES: readonly Pipeline[] = [BATCH, LSUV, CONVOLUTION];
