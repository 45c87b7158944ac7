/**
 * Packs the parameters of dispatches into one uniform buffer.
 *
 * @module
 */

/** The words of all parameters in one buffer, and the offset of each list. */
export interface Uniforms {
  readonly buffer: GPUBuffer;
  readonly bindings: readonly GPUBufferBinding[];
}

/** Where lists lie in words, and where the last one ends. */
function placesOf({ limits }: GPUDevice, lists: readonly (readonly number[])[]) {
  const unit = limits.minUniformBufferOffsetAlignment / 4, places: number[] = [];
  let end = 0;
  for (const list of lists) {
    places.push(end);
    end += Math.ceil(list.length / unit) * unit;
  }
  return { places, end };
}

/** The bytes of {@linkcode packUniforms}. */
export const uniformsBytes = (device: GPUDevice, lists: readonly (readonly number[])[]): number =>
  4 * placesOf(device, lists).end;

/**
 * Packs lists of words into one buffer; undefined where there are none. Thousands of buffers of a few words
 * would each cost as much memory as a large one, and slow down every allocation.
 */
export function packUniforms(
  device: GPUDevice,
  lists: readonly (readonly number[])[],
): Uniforms | undefined {
  if (lists.length === 0) return undefined;
  const { places, end } = placesOf(device, lists), words = new Uint32Array(end);
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
