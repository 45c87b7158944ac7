/**
 * Networks between processes, and how long a sum over all of them takes.
 *
 * @module
 */

/** A network: what a message costs, and what each of its bytes does. */
export interface Network {
  readonly name: string;
  /** Seconds from sending a message to its arrival, however small. */
  readonly latency: number;
  /** Bytes per second in each direction of each process. */
  readonly bandwidth: number;
  /** Whether it connects processors of one machine, where sums do not overlap with the backward pass. */
  readonly isInside?: boolean;
}

/** The part of a line rate that is TCP's payload. */
const PAYLOAD = 0.94;

/** An Ethernet of so many bits per second, between two machines on one switch. */
export const ethernet = (name: string, bits: number, latency = 50e-6): Network => ({
  name,
  latency,
  bandwidth: PAYLOAD * bits / 8,
});

/**
 * Usual networks: 94 % of the line rate in TCP's payload and half its usual round trip; remote direct memory
 * access at 100 Gbit/s; NVLink 4 as NCCL uses it on one machine of eight GPUs.
 */
export const NETWORKS: readonly Network[] = [
  ethernet("1 Gbit/s", 1e9),
  ethernet("10 Gbit/s", 10e9, 25e-6),
  ethernet("100 Gbit/s", 100e9, 3e-6),
  { name: "NVLink", latency: 6e-6, bandwidth: 300e9, isInside: true },
];

/**
 * Seconds of a sum over all processes, by the better of two algorithms that MPI libraries choose from
 * (Thakur, Rabenseifner & Gropp, 2005): recursive doubling, which sends all bytes log₂ n times, and a ring,
 * which sends 2 (n - 1) / n of them in 2 (n - 1) messages.
 */
export function allReduceSeconds(bytes: number, processes: number, network: Network): number {
  if (processes === 1) return 0;
  const { latency, bandwidth } = network, n = processes;
  const doubling = Math.ceil(Math.log2(n)) * (latency + bytes / bandwidth);
  const ring = 2 * (n - 1) * (latency + bytes / n / bandwidth);
  return Math.min(doubling, ring);
}

/** A measured sum: its bytes and its seconds. */
export type MeasuredSum = readonly [bytes: number, seconds: number];

/**
 * The network that explains measured sums over `processes` best: the latency of the smallest one, and the
 * bandwidth of the largest.
 */
export function fitNetwork(
  name: string,
  processes: number,
  sums: readonly MeasuredSum[],
): Network {
  const ordered = [...sums].sort(([a], [b]) => a - b), [, least] = ordered[0]!;
  const [bytes, most] = ordered.at(-1)!, n = processes;
  const latency = least / Math.ceil(Math.log2(n));
  const doubling = Math.ceil(Math.log2(n)) * bytes / Math.max(1e-9, most - least);
  const ring = 2 * (n - 1) / n * bytes / Math.max(1e-9, most - 2 * (n - 1) * latency);
  return { name, latency, bandwidth: n > 2 ? ring : Math.min(doubling, ring) };
}
