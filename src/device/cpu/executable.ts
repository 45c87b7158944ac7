/**
 * Compiled plans of the CPU device: a program, its memory, and its address table.
 *
 * @module
 */
import { sumOf } from "../../sum_of.ts";
import { counted } from "../../counted.ts";
import type { Data } from "../../host_data.ts";
import { assignBuffers, type Assignment } from "../../plan/buffer_assignment.ts";
import { type Lifetime, lifetimes } from "../../plan/lifetimes.ts";
import type { Built } from "../../plan/build.ts";
import { allStores, type Plan, readSlots, temporaryBytes } from "../../plan/plan.ts";
import { showPlan } from "../../plan/show.ts";
import { sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { Constants } from "../constants.ts";
import type { Executable, Handle, RunObserver } from "../device.ts";
import type { Profiler } from "../profile.ts";
import { AddressTable } from "./address_table.ts";
import type { KernelCache } from "./compile.ts";
import type { Features } from "./features.ts";
import { alignedBytes, type Arena, type Block } from "./arena.ts";
import { type AfterTask, observeRun, outputParts, viewTogether } from "./output_parts.ts";
import { profiledRun } from "./step_timer.ts";
import { compileProgram, type Program } from "./program.ts";
import type { LoadedProgram } from "./threads/task.ts";
import type { WorkerPool } from "./threads/worker_pool.ts";

/** The parts of the device that executables share. */
export interface CpuContext {
  readonly arena: Arena;
  readonly features: Features;
  readonly pool: WorkerPool;
  readonly kernels: KernelCache;
  /** If given, it records the time of each step. */
  readonly profiler: Profiler | undefined;
  /** Throws if the device is closed. */
  check(): void;
  readonly constants: Constants<Block>;
  upload(data: Data, what: string): Block;
}

/** The lifetimes of temporary slots and, numbered after all slots, of steps' scratch memory. */
function temporaryLifetimes(
  plan: Plan,
  { scratch, together, kept }: Program,
): ReadonlyMap<number, Lifetime> {
  const steps = plan.steps.map((step) => ({
    reads: readSlots(step),
    writes: allStores(step).map(({ slot }) => slot),
  }));
  const bytes = temporaryBytes(plan).map((each, slot) => kept.has(slot) ? 0 : each);
  for (const { step, bytes: size } of scratch) steps[step]!.writes.push(bytes.push(size) - 1);
  const runs = together.map((members) => members.map((i) => steps[i]!));
  return lifetimes(
    runs.map((run) => ({
      reads: run.flatMap(({ reads }) => reads),
      writes: run.flatMap(({ writes }) => writes),
    })),
    bytes,
  );
}

/** Temporary values by their numbers in the address table, and their buffers. */
interface Temporaries extends Assignment {
  readonly values: readonly number[];
}

function assignTemporaries(plan: Plan, program: Program): Temporaries {
  const lives = temporaryLifetimes(plan, program), values = [...lives.keys()].sort((a, b) => a - b);
  return { values, ...assignBuffers(values.map((value) => lives.get(value)!)) };
}

/** The resources that an executable holds until it is disposed. */
interface Resources {
  readonly program: LoadedProgram;
  readonly table: Block;
  readonly constants: readonly Data[];
}

/** Acquires the resources of a program; releases them all if something fails. */
function acquire(
  { arena, constants: store, pool }: CpuContext,
  plan: Plan,
  constants: readonly Tensor[],
  { tasks, local }: Program,
  table: AddressTable,
): Resources {
  const kept: Data[] = [], blocks: Block[] = [];
  try {
    plan.slots.forEach(({ kind, index }, slot) => {
      if (kind !== "constant") return;
      const data = constants[index]!.data!;
      table.addresses[slot] = store.take(data).address;
      kept.push(data);
    });
    const block = arena.allocate(table.bytes, "a table of addresses");
    blocks.push(block);
    pool.reserve(local);
    return { program: pool.load(tasks), table: block, constants: kept };
  } catch (error) {
    for (const block of blocks) arena.free(block);
    for (const data of kept) store.give(data);
    throw error;
  }
}

/** What an executable has taken for its runs. */
interface Loaded {
  readonly kept: Resources;
  /** Runs the program with its table of addresses at an address. */
  readonly runProgram: (address: number, after?: AfterTask) => void;
}

/** The bytes of a block for a slot. */
const slotBytes = ({ slots }: Plan, slot: number): number =>
  alignedBytes(4 * sizeOf(slots[slot]!.shape));

/** The slots of a kind. */
const slotsOfKind = ({ slots }: Plan, kind: Plan["slots"][number]["kind"]): number[] =>
  slots.flatMap((slot, s) => slot.kind === kind ? [s] : []);

/**
 * Compiles a plan.
 *
 * @param together Outputs, by index, that lie one after another in memory.
 */
export function compilePlan(
  context: CpuContext,
  { plan, constants }: Built,
  together: readonly (readonly number[])[] = [],
): Executable {
  const { arena, features, pool, profiler } = context;
  const memory = { maximum: arena.maximum, shared: features.shared };
  const code = compileProgram(plan, context.kernels, pool, features, memory);
  const temporaries = assignTemporaries(plan, code);
  const table = new AddressTable(plan.slots.length, code);
  pool.retain(code.tasks);
  let loaded: Loaded | undefined;
  /** Takes what runs need before the first of them. */
  const load = (): Loaded => {
    if (loaded) return loaded;
    const kept = acquire(context, plan, constants, code, table), { program } = kept;
    const runProgram = profiler
      ? profiledRun(profiler, pool, plan, program)
      : (address: number, after?: AfterTask) => pool.run(program, address, after);
    return loaded = { kept, runProgram };
  };
  const inputs = slotsOfKind(plan, "input"), outputs = slotsOfKind(plan, "output");
  const specs = outputs.map((s) => plan.slots[s]!);
  const bytesOf = (output: number) => 4 * sizeOf(specs[output]!.shape);
  const parts = outputParts(plan, code.tasks, outputs, together),
    inParts = new Set(together.flat());
  const single = [...outputs.keys()].filter((i) => !inParts.has(i));

  /** Binds the inputs; host data is uploaded into blocks that are freed after the run. */
  const bindInputs = (given: readonly (Handle | Data)[], passing: Block[]) => {
    given.forEach((x, i) => {
      const isData = ArrayBuffer.isView(x);
      const block = isData ? context.upload(x, "an argument") : x as Block;
      if (isData) passing.push(block);
      table.addresses[inputs[i]!] = block.address;
    });
  };
  const bindOutputs = (results: Block[]) => {
    const bind = (output: number, block: Block) => {
      results[output] = block;
      table.addresses[outputs[output]!] = block.address;
    };
    for (const i of single) bind(i, arena.allocate(bytesOf(i), "a result"));
    const together = parts.outputs.flat();
    if (together.length === 0) return;
    const blocks = arena.allocateTogether(together.map(bytesOf), "a result");
    together.forEach((output, k) => bind(output, blocks[k]!));
  };
  /** What to do after each task, for an observer. */
  const observed = (observer: RunObserver | undefined, results: readonly Block[]) =>
    observer && observeRun(parts, observer, (k) => {
      const part = parts.outputs[k]!;
      return viewTogether(arena, part.map((i) => results[i]!), part.map((i) => specs[i]!))!;
    });
  /** Allocates temporary values for this run only, since plans run one after another. */
  const bindTemporaries = (passing: Block[]) => {
    const { values, sizes, bufferOf } = temporaries;
    const buffers = sizes.map((size) => {
      const block = arena.allocate(size, "temporary values");
      passing.push(block);
      return block.address;
    });
    values.forEach((value, i) => table.addresses[value] = buffers[bufferOf[i]!]!);
  };
  return {
    bytes: sumOf(constants.map(({ data }) => data!.byteLength)),
    memory: {
      inputs: inputs.map((s) => slotBytes(plan, s)),
      outputs: outputs.map((s) => slotBytes(plan, s)),
      temporaries: [sumOf(temporaries.sizes.map(alignedBytes))],
      kept: sumOf(constants.map(({ data }) => alignedBytes(data!.byteLength))) +
        alignedBytes(table.bytes) + pool.tilesBytes(code.tasks),
      shared: pool.sharedBytes(code),
    },
    run(given: readonly (Handle | Data)[], observer?: RunObserver): Handle[] {
      context.check();
      const { kept, runProgram } = load(), results: Block[] = [], passing: Block[] = [];
      try {
        bindInputs(given, passing);
        bindOutputs(results);
        bindTemporaries(passing);
        table.write(arena.memory, kept.table.address);
        runProgram(kept.table.address, observed(observer, results));
      } catch (error) {
        results.forEach((block) => arena.free(block));
        throw error;
      } finally {
        for (const block of passing) arena.free(block);
      }
      return results;
    },
    explain() {
      const { sizes } = temporaries, bytes = sumOf(sizes);
      const passes = code.tasks.flatMap((task) => task.passes);
      const functions = new Set(passes.map(({ module, pass }) => `${module.number}/${pass}`)).size;
      const tiled = code.tasks.filter(({ tiles }) => tiles).map((task) => task.passes.length);
      const together = tiled.length > 0 ? ` (${tiled.join(" + ")} tile by tile)` : "";
      return `${showPlan(plan)}\n${counted(passes.length, "pass", "passes")}${together} of ${
        counted(functions, "function")
      }, ` +
        `${counted(bytes, "byte")} of temporary values in ${counted(sizes.length, "buffer")}`;
    },
    dispose() {
      pool.forget(code.tasks);
      if (!loaded) return;
      const { kept } = loaded;
      arena.free(kept.table);
      for (const data of kept.constants) context.constants.give(data);
      pool.unload(kept.program);
    },
  };
}
