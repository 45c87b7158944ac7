/**
 * The memory that the machine has free for this process.
 *
 * @module
 */

/** The parts of `process` in Node, Bun and Deno that say it. */
interface Process {
  availableMemory?(): number;
  constrainedMemory?(): number;
  memoryUsage?(): { readonly rss: number };
}

/** Bytes that Deno says are free, with swap; undefined without the permission, which is never asked for. */
function freeInDeno(): number | undefined {
  const { permissions, build, systemMemoryInfo } = Deno;
  const granted = permissions.querySync({ name: "sys", kind: "systemMemoryInfo" }).state;
  if (granted !== "granted") return undefined;
  const { available, total, swapFree } = systemMemoryInfo();
  // Where swap grows as needed, only what exceeds all memory surely does not fit.
  return build.os === "darwin" ? total : available + swapFree;
}

/**
 * Bytes that this process can still take before the system has none left, or a limit on a group of processes, as
 * containers and schedulers set it, ends it; undefined where the platform does not say. It is rather too large than
 * too small, since memory that others could give back counts as theirs only where the system says so.
 */
export function freeMemory(): number | undefined {
  const { process } = globalThis as { readonly process?: Process };
  try {
    if (typeof Deno === "undefined") return process?.availableMemory?.();
    const free = freeInDeno();
    if (free === undefined) return undefined;
    const limit = process?.constrainedMemory?.() ?? 0, used = process?.memoryUsage?.().rss ?? 0;
    return limit > 0 ? Math.min(free, Math.max(0, limit - used)) : free;
  } catch {
    return undefined;
  }
}
