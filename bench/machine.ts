/**
 * What benchmarks were measured on and with, for their files.
 *
 * @module
 */
import { gitCommit } from "../tasks/run/mod.ts";

/** The machine, the program and the day. */
export interface Machine {
  /** As in 2026-01-31, by the local time. */
  readonly date: string;
  /** The program's commit; absent where that is unknown. */
  readonly commit?: string | undefined;
  readonly deno: string;
  /** The processor, how many there are of it, and the memory. */
  readonly machine: string;
  readonly system: string;
}

/** What the processors are called; undefined where the system does not tell. */
async function processor(): Promise<string | undefined> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return /model name\s*:\s*(.*)/.exec(text)?.[1];
}

/** A moment's day, as in 2026-01-31, by the local time. */
export function dayOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Describes where and when this runs. */
export async function machineHere(now: Date = new Date()): Promise<Machine> {
  const { total } = Deno.systemMemoryInfo(), model = await processor() ?? "unnamed processor";
  return {
    date: dayOf(now),
    commit: await gitCommit(),
    deno: Deno.version.deno,
    machine: `${navigator.hardwareConcurrency} × ${model}, ${Math.round(total / 2 ** 30)} GiB`,
    system: `${Deno.build.os} ${Deno.build.arch}`,
  };
}

/** A device's name for a file: `cpu`, or the first words of an adapter's description, `llvmpipe`. */
export function slugOf({ device, description }: { device: string; description: string }): string {
  if (device !== "webgpu") return device;
  const words = description.split(/[,(]/)[0]!.toLowerCase();
  return words.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || device;
}
