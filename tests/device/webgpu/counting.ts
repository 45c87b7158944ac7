/**
 * What is asked of WebGPU, counted.
 *
 * @module
 */

/** The methods that are counted, by the class that has them. */
const COUNTED = [
  [GPUQueue, "submit"],
  [GPUQueue, "writeBuffer"],
  [GPUDevice, "createBuffer"],
  [GPUDevice, "createBindGroup"],
  [GPUDevice, "createComputePipeline"],
  [GPUDevice, "createCommandEncoder"],
  [GPUCommandEncoder, "beginComputePass"],
  [GPUCommandEncoder, "copyBufferToTexture"],
  [GPUBuffer, "mapAsync"],
] as const;

/** What was called how often. */
export type Counts = Readonly<Record<(typeof COUNTED)[number][1], number>>;

/** Counts calls while some work is done; `work` is given the counts so far. */
export async function counting(work: (counts: Counts) => Promise<void>): Promise<void> {
  const counts = {} as Record<keyof Counts, number>;
  const undo = COUNTED.map(([{ prototype }, name]) => {
    const methods = prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
    const method = methods[name]!;
    counts[name] = 0;
    methods[name] = function (...args) {
      counts[name]++;
      return method.apply(this, args);
    };
    return () => methods[name] = method;
  });
  try {
    await work(counts);
  } finally {
    undo.forEach((each) => each());
  }
}
