/**
 * The processes of a training task that train one net together. Process 0 leads: it alone prints, writes and
 * shows pages.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import type { Distributed } from "../../../src/distributed/mod.ts";
import type { ProcessFacts } from "../../run/manifest.ts";
import { gatherJson } from "./messages.ts";

/** Several processes, this one among them. */
export interface ProcessGroup {
  readonly job: Distributed;
  /** Whether this is process 0. */
  readonly leads: boolean;
  /** The name of this process's machine. */
  readonly host: string;
  /** The machines, each once, in the order of their first processes. */
  readonly hosts: readonly string[];
  /** This process's number among those of its machine, from 0. */
  readonly localRank: number;
  /** How many threads a process has, if all share the processors of their machine evenly. */
  readonly threads: number;
}

/** What processes tell each other at their start. */
interface Place {
  readonly host: string;
  /** The processors that it may run on, as the system lists them; none where it does not. */
  readonly processors: string;
}

/** The processors that this process is bound to, such as `0-3`. */
function allowedProcessors(): string {
  try {
    return /^Cpus_allowed_list:\s*(\S+)/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ??
      "";
  } catch {
    return "";
  }
}

/**
 * The group of a job's processes.
 *
 * @param processors How many processors this process may run on.
 */
export function groupOf(
  job: Distributed,
  own: Place = { host: Deno.hostname(), processors: allowedProcessors() },
  processors: number = navigator.hardwareConcurrency,
): ProcessGroup {
  const places = gatherJson(job, own);
  const isHere = ({ host }: Place) => host === own.host;
  // A launcher may have bound each process to processors of its own.
  const sharers = places.filter((at) => isHere(at) && at.processors === own.processors).length;
  return {
    job,
    leads: job.rank === 0,
    host: own.host,
    hosts: [...new Set(places.map(({ host }) => host))],
    localRank: job.localRank,
    threads: Math.max(1, Math.floor(processors / sharers)),
  };
}

/** The facts about a group for a manifest. */
export const describeProcesses = ({ job, hosts }: ProcessGroup): ProcessFacts => ({
  count: job.size,
  hosts,
  library: job.description,
});

/** How many processes there are, by which library, and where. */
export const describeGroup = ({ job, hosts }: ProcessGroup): string =>
  `${job.description}, on ${counted(hosts.length, "host")} (${hosts.join(", ")})`;
