/**
 * What a Slurm cluster offers, where its commands answer.
 *
 * @module
 */
import { NO_LOADER } from "../cli/loader_variables.ts";
import { parseSeconds } from "./units.ts";

/** A partition. */
export interface Partition {
  readonly name: string;
  /** The longest time of a job in seconds; undefined if there is no limit. */
  readonly time: number | undefined;
  /** The processors and the MiB of memory of its smallest nodes; undefined memory where it is not configured. */
  readonly cpus: number;
  readonly memory: number | undefined;
}

/** What a command prints; undefined where there is none, or it fails. */
async function outputOf(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args],
      env: NO_LOADER,
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(10_000),
    }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined;
  }
}

/** The line of a partition as `sinfo` prints it by the format `%P|%l|%c|%m`; the default has a star. */
export function parsePartitions(text: string): readonly (Partition & { isDefault: boolean })[] {
  return text.trim().split("\n").filter(Boolean).map((line) => {
    const [name = "", time = "", cpus = "", memory = ""] = line.split("|");
    return {
      name: name.replace(/\*$/, ""),
      isDefault: name.endsWith("*"),
      time: parseSeconds(time),
      cpus: parseInt(cpus),
      // Slurm says 1 where nobody has told it.
      memory: parseInt(memory) > 1 ? parseInt(memory) : undefined,
    };
  });
}

/**
 * The partition of a name, or the default one; undefined where Slurm does not answer or knows none.
 */
export async function findPartition(name: string | undefined): Promise<Partition | undefined> {
  const text = await outputOf("sinfo", ["-h", "-o", "%P|%l|%c|%m"]);
  const all = parsePartitions(text ?? "");
  return all.find((each) => name === undefined ? each.isDefault : each.name === name) ??
    (name === undefined && all.length === 1 ? all[0] : undefined);
}
