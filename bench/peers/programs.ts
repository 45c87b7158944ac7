/**
 * The programs that are compared.
 *
 * @module
 */
import { key } from "../../src/random.ts";
import { denoRun, openDevice } from "../../tasks/cli/mod.ts";
import { inputsFor, type NetName, NETS, startOf } from "../nets/mod.ts";
import { cudaAbsence, torchAbsence } from "../torch.ts";

/** A program. */
export interface Program {
  readonly name: string;
  /** The command line before the work as JSON, and the arguments after it. */
  readonly command: readonly string[];
  readonly after?: readonly string[];
  /** Whether it is given {@linkcode fullWork}. */
  readonly full?: boolean;
  /** The tasks that it supports; all if left out. */
  readonly tasks?: readonly string[];
  /** The milliseconds of a group of steps that is timed as one; 0 if left out, and every loss is read. */
  readonly sample?: number;
}

/** A task: its name in tables, and the work that programs are given. */
export interface Task {
  readonly name: string;
  readonly work: Readonly<Record<string, unknown>>;
}

const step = (net: NetName, batch: number): Task => ({
  name: `${net}-${batch}`,
  work: { net, batch },
});

/** The work with what a program in another language needs to start the same net. */
export function fullWork({ work }: Task): Task["work"] {
  if (!("net" in work)) return work;
  const { net, batch } = work as { net: NetName; batch: number };
  const { create, input, gain } = NETS[net];
  return { ...work, input, starts: startOf(create().init(key(0), inputsFor(net, batch)), gain) };
}
const convolution = (size: string): Task => ({ name: size, work: { convolution: size } });

const NET_NAMES = Object.keys(NETS) as readonly NetName[];

/** All tasks, that of --quick first. */
export const TASKS: readonly Task[] = [
  step("fitnet1", 128),
  step("fitnet1", 32),
  step("fitnet4", 32),
  step("fitnet4", 128),
  step("fitnetMnist", 64),
  ...NET_NAMES.filter((net) => !net.startsWith("fitnet")).map((net) => step(net, NETS[net].batch)),
  convolution("32×32×32×64"),
  convolution("32×16×80×160"),
  convolution("32×8×128×256"),
];

/** The tasks that every program supports. */
const COMMON = TASKS.slice(0, 3).map(({ name }) => name);
/** Steps of the FitNets. */
const FITNETS = TASKS.map(({ name }) => name).filter((name) => name.startsWith("fitnet"));
/** Steps of other nets of images. */
const IMAGE_NETS = TASKS.filter(({ name, work: { net } }) =>
  net !== undefined && NETS[net as NetName].input.length === 3 && !FITNETS.includes(name)
).map(({ name }) => name);

const FAST = "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks";
const here = (path: string) => new URL(path, import.meta.url).pathname;
const deno = (
  path: string,
  ...flags: string[]
) => denoRun("peers", ...flags, here(path));
const opening = (options: unknown) => [JSON.stringify(options)];

/** How the programs on the CPU run. */
export interface OnCpu {
  readonly threads: number;
  /** Whether ours uses machine code of its own. */
  readonly native: boolean;
  readonly python: string;
}

/** Milliseconds of a group of steps on a GPU, between two reads of a loss. */
const SAMPLE_MS = 50;

/** How PyTorch runs on an NVIDIA GPU, by name. */
const CUDA = [
  ["cuda", { layout: "channels-last" }],
  ["cuda, contiguous", { layout: "contiguous" }],
  ["cuda, graph", { layout: "channels-last", graph: true }],
  ["cuda, contiguous, graph", { layout: "contiguous", graph: true }],
  ["cuda, TF32, graph", { layout: "channels-last", graph: true, tf32: true }],
] as const;

const torch = (name: string, python: string, how: unknown): Program => ({
  name: `PyTorch ${name}`,
  command: [python, here("torch_steps.py")],
  after: [JSON.stringify(how)],
  full: true,
});

/** The programs that are compared, ours first. */
export const listPrograms = ({ threads, native, python }: OnCpu): readonly Program[] => [
  {
    name: "goodinit cpu",
    command: deno("goodinit.ts"),
    after: opening({ device: "cpu", threads, native }),
  },
  {
    name: "goodinit cpu fast",
    command: deno("goodinit.ts", FAST),
    after: opening({ device: "cpu", threads, native, wide: true }),
  },
  torch("cpu", python, { device: "cpu", threads, layout: "channels-last" }),
  {
    ...torch("cpu, contiguous", python, { device: "cpu", threads, layout: "contiguous" }),
    tasks: IMAGE_NETS,
  },
  {
    name: "goodinit webgpu",
    command: deno("goodinit.ts"),
    after: opening({ device: "webgpu" }),
    tasks: FITNETS,
    sample: SAMPLE_MS,
  },
  { name: "jax-js webgpu", command: deno("jax_js.ts"), tasks: COMMON, sample: SAMPLE_MS },
  { name: "tfjs webgpu", command: deno("tfjs.ts"), tasks: COMMON, sample: SAMPLE_MS },
  ...CUDA.map(([name, how]): Program => ({
    ...torch(name, python, { device: "cuda", ...how }),
    tasks: FITNETS,
    sample: SAMPLE_MS,
  })),
];

/** Why a program cannot run here; undefined where it can. */
export async function absence({ name, command }: Program): Promise<string | undefined> {
  if (name.startsWith("PyTorch cuda")) return await cudaAbsence(command[0]!);
  if (name.startsWith("PyTorch")) return await torchAbsence(command[0]!);
  if (!name.endsWith("webgpu")) return undefined;
  try {
    await using _ = await openDevice({ device: "webgpu" });
  } catch (error) {
    return (error as Error).message;
  }
}
