/**
 * The smallest real runs of the tasks of users, and the permissions that these cannot show to be needed.
 *
 * @module
 */

/** A run: the task, and its arguments in a folder. */
export interface Run {
  readonly task: string;
  readonly args: (at: string) => readonly string[];
  /** A folder or file that the run writes, which is removed before it. */
  readonly writes?: string;
}

const TRAINING =
  ("--dataset procedural --net fitnetMnist --activation relu --device cpu --threads 2 " +
    "--subset 8 --test-subset 8 --batch 4 --epochs 1 --checkpoint-every 0 --no-figures").split(" ");

const trains = (task: string, out: string, ...others: string[]): Run => ({
  task,
  args: (at) => [...TRAINING, "--out", `${at}/${out}`, ...others],
  writes: out,
});

/** A run that others read. */
export const FIRST: Run = trains("train:mnist", "trained");

/** The runs by permission set. */
export const RUNS: Readonly<Record<string, readonly Run[]>> = {
  train: [trains("train:mnist", "again", "--watch", "--watch-port", "0")],
  evaluate: [{ task: "predict", args: (at) => [`${at}/trained`, "test:0"] }],
  inspect: [{ task: "inspect", args: (at) => [`${at}/trained`] }],
  files: [
    {
      task: "export",
      args: (at) => [`${at}/trained`, `${at}/exported`],
      writes: "exported",
    },
  ],
  datasets: [{ task: "datasets", args: () => [] }],
};

const TABLES = "a test compares it with the table that it comes from";
const DOWNLOADS = "only a download takes it, which the tests of the cache run with this set";

/** Permissions that the runs do not show to be needed, and who does. */
export const ELSEWHERE: readonly (readonly [atom: RegExp, why: string])[] = [
  [/: sys inspector$/, "a test sends SIGUSR1, whose listener takes it"],
  [/: env (DRI_PRIME|MESA_VK_DEVICE_SELECT)$/, "set where launchers start a process for each GPU"],
  [/^evaluate: ffi$/, "the same bits, faster"],
  [/^datasets: env INIT_CWD$/, "where GOODINIT_DATA or GOODINIT_CACHE is a relative path"],
  [/: env LOCALAPPDATA$/, "folders of Windows"],
  [
    /: sys systemMemoryInfo$/,
    "without it a run that does not fit is told by the device, or by no one",
  ],
  [/: env (MPI_|MV2_|OMPI_|PMIX_|PMI_|SLURM_|LSB_|PBS_|SGE_)\*$/, TABLES],
  [/: net (?!127\.0\.0\.1$)/, TABLES],
  [
    /: env npm_package_config_libvips$/,
    "without it the decoders of this project read PNG and JPEG",
  ],
  [/: run tar$/, DOWNLOADS],
  [/^evaluate: (write|net 127\.0\.0\.1)$/, DOWNLOADS],
];
