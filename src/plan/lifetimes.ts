/**
 * Which temporary values can share memory.
 *
 * @module
 */

/** A value's size, and the first and last step that touches it. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Buffers by size, and the buffer that each value lies in. */
export interface Assignment {
  readonly sizes: readonly number[];
  readonly bufferOf: readonly number[];
}

/**
 * Puts values into as few bytes of buffers as a greedy best fit finds: largest values first, each into
 * the smallest buffer that is large enough and free for its whole life, else a new one.
 */
export function assignBuffers(values: readonly Lifetime[]): Assignment {
  const buffers: { bytes: number; used: Lifetime[] }[] = [];
  const bufferOf = new Array<number>(values.length);
  const order = values.map((_, i) => i).sort((a, b) =>
    values[b]!.bytes - values[a]!.bytes || a - b
  );
  for (const i of order) {
    const value = values[i]!;
    let best = -1;
    buffers.forEach((buffer, k) => {
      const free = buffer.used.every((u) => u.last < value.first || value.last < u.first);
      if (free && (best < 0 || buffer.bytes < buffers[best]!.bytes)) best = k;
    });
    if (best < 0) {
      best = buffers.length;
      buffers.push({ bytes: value.bytes, used: [] });
    }
    buffers[best]!.used.push(value);
    bufferOf[i] = best;
  }
  return { sizes: buffers.map((b) => b.bytes), bufferOf };
}
