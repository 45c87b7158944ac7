/**
 * The parameters of dispatches.
 *
 * @module
 */

/** Parameters of many dispatches in one buffer, and where those of each lie. */
export interface Uniforms {
  readonly buffer: GPUBuffer;
  readonly bindings: readonly GPUBufferBinding[];
}

/**
 * Puts lists of words into one buffer; undefined where there are none. Thousands of buffers of a few words would
 * each cost as much as a large one, and time at every allocation.
 */
export function packUniforms(
  device: GPUDevice,
  lists: readonly (readonly number[])[],
): Uniforms | undefined {
  if (lists.length === 0) return undefined;
  const unit = device.limits.minUniformBufferOffsetAlignment / 4;
  const places: number[] = [];
  let end = 0;
  for (const list of lists) {
    places.push(end);
    end += Math.ceil(list.length / unit) * unit;
  }
  const words = new Uint32Array(end);
  lists.forEach((list, i) => words.set(list, places[i]!));
  const buffer = device.createBuffer({
    size: words.byteLength,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, words);
  return {
    buffer,
    bindings: lists.map((list, i) => ({ buffer, offset: 4 * places[i]!, size: 4 * list.length })),
  };
}
