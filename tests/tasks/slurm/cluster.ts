/**
 * A Slurm cluster on this machine: slurmctld, two nodes and munge, in a folder and at ports of their own.
 *
 * @module
 */
import { pause } from "../../pause.ts";

/** What a command printed. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel"];

/** Daemons are in folders that a user's PATH may lack. */
const PATH = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"];

const isFile = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};

const missing = PROGRAMS.find((name) => !PATH.some((folder) => isFile(`${folder}/${name}`)));

/** Why there can be no cluster here; undefined where there can. */
export const reason: string | undefined = Deno.build.os !== "linux"
  ? "Slurm runs on Linux"
  : missing
  ? `${missing} is not installed`
  : Deno.uid() !== 0
  ? "slurmd runs jobs as root"
  : undefined;

/** The nodes. */
export const NODES = ["n1", "n2"] as const;

/** Ports that are free now. */
function freePorts(count: number): readonly number[] {
  const open = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = open.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of open) listener.close();
  return ports;
}

/** The configuration: jobs are neither bound to processors nor put into cgroups, which a container may lack. */
function configuration(folder: string, host: string): string {
  const [port, ...nodes] = freePorts(1 + NODES.length);
  return `ClusterName=goodinit
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${port}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,bf_interval=2
ReturnToService=2
SlurmdTimeout=6
KillWait=10
${
    NODES.map((name, i) =>
      `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${
        nodes[i]
      } CPUs=2 State=UNKNOWN`
    ).join("\n")
  }
PartitionName=all Nodes=${NODES.join()} Default=YES MaxTime=1:00:00 State=UP
`;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The processes whose environment has an entry; Deno itself reads /proc with all permissions only. */
function processesOf(entry: string): ReadonlySet<number> {
  const search = 'grep -lzxF -- "$1" /proc/[0-9]*/environ 2>/dev/null';
  const { stdout } = new Deno.Command("sh", { args: ["-c", search, "sh", entry] }).outputSync();
  return new Set([...text(stdout).matchAll(/^\/proc\/(\d+)\//gm)].map(([, pid]) => Number(pid)));
}

/** The processes whose environment has all of some entries. */
const processesWith = (...entries: readonly string[]): Iterable<number> =>
  entries.map(processesOf).reduce((some, others) => some.intersection(others));

/** Kills processes as hard as can be. */
function killAll(processes: Iterable<number>): void {
  for (const process of [...processes]) {
    try {
      if (process !== Deno.pid) Deno.kill(process, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** A cluster. Disposing of it ends its daemons and jobs, and removes its folder. */
export class Cluster implements AsyncDisposable {
  /** Its folder, in which tests may write. */
  readonly folder: string;
  readonly #env: Record<string, string>;
  readonly #daemons = new Map<string, Deno.ChildProcess>();

  private constructor(folder: string) {
    this.folder = folder;
    this.#env = {
      SLURM_CONF: `${folder}/slurm.conf`,
      PATH: PATH.join(":"),
      GOODINIT_MIRRORS: "none",
      GOODINIT_DATA: "",
      NO_COLOR: "1",
    };
  }

  /** Starts a cluster, and waits until its nodes are idle. */
  static async start(): Promise<Cluster> {
    // Munge wants a socket in a folder to which only its user may write, and everybody may look.
    const cluster = new Cluster(await Deno.makeTempDir({ prefix: "slurm-" }));
    try {
      await cluster.#startDaemons();
      await cluster.until(
        "idle nodes",
        async () =>
          (await cluster.run("sinfo", "-h", "-o", "%t %D")).out.trim() === `idle ${NODES.length}`,
      );
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #startDaemons() {
    const { folder } = this, host = Deno.hostname().split(".")[0]!;
    await Deno.chmod(folder, 0o755);
    for (const name of ["munge", "state", ...NODES.map((node) => `spool-${node}`)]) {
      await Deno.mkdir(`${folder}/${name}`, { mode: 0o755 });
    }
    const key = crypto.getRandomValues(new Uint8Array(1024)), munge = `${folder}/munge`;
    await Deno.writeFile(`${munge}/key`, key, { mode: 0o600 });
    await Deno.writeTextFile(`${folder}/slurm.conf`, configuration(folder, host));
    const files = ["key", "pid", "seed", "log"].map((name) => `--${name}-file=${munge}/${name}`);
    this.#start("munged", "--foreground", "--num-threads=1", `--socket=${munge}/socket`, ...files);
    await this.until(
      "munge's socket",
      () => Deno.stat(`${munge}/socket`).then(() => true, () => false),
    );
    this.#start("slurmctld", "-D", "-c");
    for (const node of NODES) this.startNode(node);
  }

  #start(command: string, ...args: readonly string[]): Deno.ChildProcess {
    const child = new Deno.Command(command, {
      args: [...args],
      env: this.#env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#daemons.set([command, ...args].join(" "), child);
    return child;
  }

  /** Starts the daemon of a node. */
  startNode(node: string): void {
    this.#start("slurmd", "-D", "-N", node);
  }

  /** Kills the daemon of a node and all that it runs, as the end of a machine does. */
  async killNode(node: string): Promise<void> {
    const daemon = this.#daemons.get(`slurmd -D -N ${node}`)!;
    daemon.kill("SIGKILL");
    await daemon.status;
    const { SLURM_CONF } = this.#env;
    // What starts jobs has no environment of a job, and ends with what it has started.
    killAll(processesWith(`SLURM_CONF=${SLURM_CONF}`, `SLURMD_NODENAME=${node}`));
    killAll(processesWith(`SLURM_CONF=${SLURM_CONF}`, `SLURMD_NODENAME=${node}`));
  }

  /** Runs a command in the cluster's environment. */
  async run(command: string, ...args: readonly string[]): Promise<Said> {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      env: this.#env,
      stdin: "null",
    }).output();
    return { code, out: text(stdout), err: text(stderr) };
  }

  /** What squeue says of all jobs, a line each. */
  async jobs(format: string): Promise<readonly string[]> {
    let said = await this.run("squeue", "-h", "-a", "-r", "-o", format);
    // A controller that is busy does not answer: that says nothing of its jobs.
    for (let trial = 0; said.code !== 0 && trial < 100; trial++) {
      await pause(100);
      said = await this.run("squeue", "-h", "-a", "-r", "-o", format);
    }
    if (said.code !== 0) throw new Error(`squeue: ${said.err}`);
    return said.out.trim().split("\n").filter(Boolean);
  }

  /** Waits until something holds. */
  async until(what: string, holds: () => Promise<boolean>, seconds = 120): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while (!await holds()) {
      if (performance.now() > end) throw new Error(await this.#complaint(what, seconds));
      await pause(100);
    }
  }

  async #complaint(what: string, seconds: number): Promise<string> {
    const logs = ["slurmctld.log", ...NODES.map((node) => `slurmd-${node}.log`), "munge/log"];
    const ends = await Promise.all(logs.map(async (name) => {
      const all = await Deno.readTextFile(`${this.folder}/${name}`).catch(() => "none");
      return `${name}:\n${all.split("\n").slice(-12).join("\n")}`;
    }));
    return `expected ${what} within ${seconds} s, found ${await this.jobs("%i %T %r")}\n${
      ends.join("\n")
    }`;
  }

  async [Symbol.asyncDispose]() {
    for (const child of this.#daemons.values()) {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
    }
    await Promise.all([...this.#daemons.values()].map(({ status }) => status));
    for (let i = 0; i < 3; i++) killAll(processesWith(`SLURM_CONF=${this.#env.SLURM_CONF}`));
    await Deno.remove(this.folder, { recursive: true });
  }
}
