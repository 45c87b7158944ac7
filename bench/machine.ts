/**
 * The machine and the program of a benchmark, for its file.
 *
 * @module
 */
import { cpus } from "node:os";
import { gitCommit } from "../tasks/run/mod.ts";

/** The machine, the program and the date. */
export interface Machine {
  /** Such as 2026-01-31, in local time. */
  readonly date: string;
  /** The program's commit; absent where unknown. */
  readonly commit?: string | undefined;
  readonly deno: string;
  /** The count and model of processors, and the memory. */
  readonly machine: string;
  readonly system: string;
}

/** The model of the processors; undefined where the system does not report it. */
const processorModel = (): string | undefined => cpus()[0]?.model;

/** A date such as 2026-01-31, in local time. */
export function formatDate(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Describes this machine, this program and today's date. */
export async function machineHere(now: Date = new Date()): Promise<Machine> {
  const { total } = Deno.systemMemoryInfo();
  const model = processorModel() ?? "unknown processor";
  return {
    date: formatDate(now),
    commit: await gitCommit(),
    deno: Deno.version.deno,
    machine: `${navigator.hardwareConcurrency} × ${model}, ${Math.round(total / 2 ** 30)} GiB`,
    system: `${Deno.build.os} ${Deno.build.arch}`,
  };
}

/** A device's name in a file name: `cpu`, or the first words of an adapter's description, `llvmpipe`. */
export function deviceSlug(
  { device, description }: { device: string; description: string },
): string {
  if (device !== "webgpu") return device;
  const words = description.split(/[,(]/)[0]!.toLowerCase();
  return words.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || device;
}
