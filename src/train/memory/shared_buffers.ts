/**
 * Buffers for temporary values that several compiled functions use in turn.
 *
 * @module
 */

/**
 * The sizes of all buffers, if each function in turn takes for each of its values the smallest buffer that is large
 * enough and that it does not use yet, else a new one.
 *
 * @param functions The sizes that each function needs.
 */
export function shareBuffers(functions: readonly (readonly number[])[]): readonly number[] {
  const buffers: number[] = [];
  for (const sizes of functions) {
    const mine = new Set<number>();
    for (const bytes of sizes) {
      let best = -1;
      buffers.forEach((size, i) => {
        if (size >= bytes && !mine.has(i) && (best < 0 || size < buffers[best]!)) best = i;
      });
      mine.add(best < 0 ? buffers.push(bytes) - 1 : best);
    }
  }
  return buffers;
}

/** The sizes of what functions share by name: the largest that one needs. */
export function shareNamed(
  functions: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const [name, bytes] of functions.flatMap((shared) => Object.entries(shared))) {
    sizes[name] = Math.max(sizes[name] ?? 0, bytes);
  }
  return sizes;
}
