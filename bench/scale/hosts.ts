/**
 * Two hosts on this machine: network namespaces with names of their own, and a link between them that takes
 * no more than a rate. Only root may make them.
 *
 * @module
 */
import { NO_LOADER, OptionError, TaskError } from "../../tasks/cli/mod.ts";
import type { Launcher } from "./launch.ts";
import { ethernet, type Network } from "./network.ts";

/** A rate as `tc` writes it, and in bits per second. */
export interface Rate {
  readonly text: string;
  readonly bits: number;
}

const UNITS = { k: ["kbit/s", 1e3], m: ["Mbit/s", 1e6], g: ["Gbit/s", 1e9] } as const;

/** Reads a rate such as `1gbit`; throws OptionError for another text. */
export function parseRate(text: string): Rate {
  const [, count, unit] = text.match(/^(\d+(?:\.\d+)?)([kmg])bit$/) ?? [];
  const bits = Number(count) * UNITS[unit as keyof typeof UNITS]?.[1];
  if (bits >= 1e5 && bits <= 1e11) return { text, bits };
  throw new OptionError(
    `--rate: expected a rate from 100kbit to 100gbit, such as 1gbit, found ${text}`,
  );
}

/** The network that a rate stands for. */
export function networkOf({ text, bits }: Rate): Network {
  const [, count, unit] = text.match(/^([\d.]+)([kmg])/)!;
  return ethernet(`${count} ${UNITS[unit as keyof typeof UNITS][0]}`, bits);
}

/** The hosts' addresses, of the block for benchmarks (RFC 2544), and their network. */
const ADDRESSES = ["198.18.0.1", "198.18.0.2"] as const, NETWORK = "198.18.0.0/24";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trim();

/** Runs `ip`; throws TaskError with its words if that fails. */
async function ip(...args: readonly string[]): Promise<string> {
  let found: string;
  try {
    const { success, stdout, stderr } = await new Deno.Command("ip", {
      args: [...args],
      env: NO_LOADER,
    }).output();
    if (success) return text(stdout);
    found = text(stderr);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    found = "no program ip, which is in Debian's iproute2";
  }
  throw new TaskError(
    `--rate: expected root, who may make network namespaces, found ${found} (ip ${args.join(" ")})`,
  );
}

/** The words that run a command on a host, under the host's own name. */
const onHost = (
  name: string,
): readonly string[] => [
  "ip",
  "netns",
  "exec",
  name,
  "unshare",
  "--uts",
  "sh",
  "-c",
  `hostname ${name} && exec "$@"`,
  "sh",
];

/** A program that MPI's launchers call instead of ssh, with a host and a command. */
const agent = ([first, second]: readonly string[]): string =>
  `#!/bin/sh
[ "$1" = -x ] && shift
case $1 in ${ADDRESSES[0]} | ${first}) name=${first} ;; *) name=${second} ;; esac
shift
exec ip netns exec $name unshare --uts sh -c "hostname $name && $*"
`;

/** A launcher that starts processes on both hosts, which then talk over the link. */
async function launcherOn(
  [name]: readonly string[],
  agent: string,
  mpirun: readonly string[],
): Promise<Launcher> {
  const [program, ...own] = mpirun, hosts = ADDRESSES.join(",");
  const { stdout } = await new Deno.Command(program!, { args: ["--version"], env: NO_LOADER })
    .output();
  if (/Open MPI|Open RTE/i.test(text(stdout))) {
    const settings = {
      plm_rsh_agent: agent,
      pml: "ob1",
      btl: "tcp,self",
      btl_tcp_if_include: NETWORK,
      oob_tcp_if_include: NETWORK,
      // Processes that wait by polling would keep the processors from the network between the hosts.
      mpi_yield_when_idle: "1",
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["--mca", name, value]);
    // The hosts' processors are the same: bound ones would be bound to the first by both.
    const where = ["--bind-to", "none", "--host", hosts];
    return { command: [...onHost(name!), program!, ...options, ...where, ...own], env: {} };
  }
  const options = ["-launcher", "ssh", "-launcher-exec", agent, "-hosts", hosts];
  // MPICH over UCX would find that both hosts share memory; over libfabric, that they share a machine.
  const env = { UCX_TLS: "tcp,self", FI_PROVIDER: "tcp" };
  return { command: [...onHost(name!), program!, ...options, ...own], env };
}

/** Gives a host its end of the link. */
async function connect(name: string, device: string, address: string, { text, bits }: Rate) {
  const burst = `${Math.max(32, Math.ceil(bits / 8 / 1000 / 1000))}kb`;
  await ip("-n", name, "addr", "add", `${address}/24`, "dev", device);
  for (const up of [device, "lo"]) await ip("-n", name, "link", "set", up, "up");
  const shape = ["rate", text, "burst", burst, "latency", "50ms"];
  await ip("netns", "exec", name, "tc", "qdisc", "add", "dev", device, "root", "tbf", ...shape);
}

/** Ends what runs on hosts, and removes them and a folder. */
async function removeAll(names: readonly string[], folder: string): Promise<void> {
  for (const name of names) {
    const pids = (await ip("netns", "pids", name)).split("\n").join(" ");
    if (pids) await ip("netns", "exec", name, "sh", "-c", `kill ${pids} || true`);
    await ip("netns", "del", name);
  }
  await Deno.remove(folder, { recursive: true });
}

/** Two hosts. */
export interface Hosts extends AsyncDisposable {
  readonly launcher: Launcher;
}

/**
 * Makes two hosts, which are gone when they are disposed of, and where a signal ends this program.
 *
 * @throws TaskError where they cannot be made, as without root's rights; nothing is left behind.
 */
export async function openHosts(rate: Rate, mpirun: readonly string[]): Promise<Hosts> {
  const names = [`goodinit-${Deno.pid}-a`, `goodinit-${Deno.pid}-b`] as const;
  const devices = [`gi${Deno.pid}a`, `gi${Deno.pid}b`] as const;
  const made: string[] = [], folder = await Deno.makeTempDir({ prefix: "goodinit-hosts-" });
  const signals = ["SIGINT", "SIGTERM"] as const;
  let removed: Promise<void> | undefined;
  // A second signal must not end what the first one has begun.
  const remove = () => removed ??= removeAll(made, folder);
  const interrupted = () => void remove().finally(() => Deno.exit(130));
  const close = async () => {
    await remove();
    for (const signal of signals) Deno.removeSignalListener(signal, interrupted);
  };
  for (const signal of signals) Deno.addSignalListener(signal, interrupted);
  try {
    for (const name of names) {
      await ip("netns", "add", name);
      made.push(name);
    }
    const [[a, b], [first, second]] = [devices, names];
    await ip("link", "add", a, "netns", first, "type", "veth", "peer", "name", b, "netns", second);
    for (const i of [0, 1]) await connect(names[i]!, devices[i]!, ADDRESSES[i]!, rate);
    const program = `${folder}/agent`;
    await Deno.writeTextFile(program, agent(names), { mode: 0o755 });
    return { launcher: await launcherOn(names, program, mpirun), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
