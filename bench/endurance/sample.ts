/**
 * What a process holds at a moment: memory, buffers on a device, threads, open files.
 *
 * @module
 */

/** What is counted: MiB of memory, and numbers. */
export const QUANTITIES = [
  "resident",
  "heap",
  "external",
  "device",
  "buffers",
  "threads",
  "files",
] as const;

/** One of {@linkcode QUANTITIES}. */
export type Quantity = (typeof QUANTITIES)[number];

/** What a process holds after so many rounds; what could not be measured is absent. */
export interface Sample extends Partial<Readonly<Record<Quantity, number>>> {
  readonly done: number;
}

const mebibytes = (bytes: number): number => Number((bytes / 2 ** 20).toFixed(2));

/** The lines that a program prints; none where it cannot be started. */
function linesOf(program: string, args: string[]): readonly string[] {
  try {
    const { stdout } = new Deno.Command(program, { args, stderr: "null" }).outputSync();
    return new TextDecoder().decode(stdout).split("\n");
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return [];
  }
}

/** How many entries a folder has; undefined where there is none. */
function entryCount(folder: string): number | undefined {
  const names = linesOf("ls", [folder]).filter((line) => line !== "");
  return names.length > 0 ? names.length : undefined;
}

/** Threads and open files of a process, which Linux reports. Deno reads `/proc` only with all permissions. */
export function countsOf(pid: number): Pick<Sample, "threads" | "files"> {
  const threads = entryCount(`/proc/${pid}/task`), files = entryCount(`/proc/${pid}/fd`);
  return { ...(threads && { threads }), ...(files && { files }) };
}

/** What this process holds, and what a device counts. */
export function sampleHere(done: number, device?: { buffers: number; bytes: number }): Sample {
  const { rss, heapUsed, external } = Deno.memoryUsage();
  return {
    done,
    resident: mebibytes(rss),
    heap: mebibytes(heapUsed),
    external: mebibytes(external),
    ...(device && { device: mebibytes(device.bytes), buffers: device.buffers }),
    ...countsOf(Deno.pid),
  };
}

/** What another process holds. */
export function sampleOf(done: number, pid: number): Sample {
  const status = linesOf("cat", [`/proc/${pid}/status`]).join("\n");
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
  return {
    done,
    ...(kibibytes && { resident: mebibytes(1024 * Number(kibibytes)) }),
    ...countsOf(pid),
  };
}
