/**
 * A plan made ready for the CPU: its module, its memory, and the table of addresses that it reads.
 *
 * @module
 */
import { assignBuffers } from "../../plan/buffer_assignment.ts";
import { type Lifetime, lifetimes } from "../../plan/lifetimes.ts";
import { allStores, type Plan, readSlots, temporaryBytes } from "../../plan/plan.ts";
import { showPlan } from "../../plan/show.ts";
import { sizeOf } from "../../shape.ts";
import type { Data } from "../../host_data.ts";
import type { Tensor } from "../../tensor.ts";
import type { Constants } from "../constants.ts";
import type { Executable, Handle } from "../device.ts";
import type { Profiler } from "../profile.ts";
import type { Features } from "./features.ts";
import { measured } from "./profiled.ts";
import type { Arena, Block } from "./memory.ts";
import { type KernelCache, programOf, type Scratch } from "./program.ts";
import type { Code, Team } from "./threads/worker_pool.ts";

/** What executables share of their device. */
export interface Context {
  readonly arena: Arena;
  readonly features: Features;
  readonly team: Team;
  readonly kernels: KernelCache;
  /** Given, it is told what each step takes. */
  readonly profiler: Profiler | undefined;
  /** Throws if the device is closed. */
  check(): void;
  readonly constants: Constants<Block>;
  upload(data: Data, what: string): Block;
}

const bytesOfSlot = (shape: readonly number[]) => 4 * sizeOf(shape);

/** How long temporary slots and, by numbers from the count of slots on, scratch memory of steps are needed. */
function lifetimesOf(
  plan: Plan,
  scratch: readonly Scratch[],
): ReadonlyMap<number, Lifetime> {
  const steps = plan.steps.map((step) => ({
    reads: readSlots(step),
    writes: allStores(step).map(({ slot }) => slot),
  }));
  const bytes = temporaryBytes(plan);
  for (const { step, bytes: size } of scratch) steps[step]!.writes.push(bytes.push(size) - 1);
  return lifetimes(steps, bytes);
}

/** Compiles a plan. */
export function executableOf(
  context: Context,
  plan: Plan,
  constants: readonly Tensor[],
): Executable {
  const { arena, features, team, profiler } = context;
  const { maximum } = arena, { shared } = features;
  const { tasks, entries, scratch, local } = programOf(plan, context.kernels, team, features, {
    maximum,
    shared,
  });
  const lives = lifetimesOf(plan, scratch), temporary = [...lives.keys()].sort((a, b) => a - b);
  const { sizes, bufferOf } = assignBuffers(temporary.map((value) => lives.get(value)!));
  const slots = plan.slots.map((_, s) => s);
  const owned: Block[] = [], kept: Data[] = [];
  const giveBack = () => {
    for (const block of owned) arena.give(block);
    for (const data of kept) context.constants.give(data);
  };
  const own = (block: Block) => {
    owned.push(block);
    return block.address;
  };
  const addresses = new Int32Array(plan.slots.length + scratch.length);
  /** For each word of the table: whose address it is, and how many bytes from there. */
  const bases = Int32Array.from(
    entries,
    (e) => "slot" in e ? e.slot : plan.slots.length + e.scratch,
  );
  const offsets = Int32Array.from(entries, (e) => "slot" in e ? e.bytes : 0);
  let tableAddress: number, code: Code;
  try {
    for (const s of slots) {
      const { kind, index } = plan.slots[s]!;
      if (kind === "constant") {
        const { data } = constants[index]!;
        addresses[s] = context.constants.take(data!).address;
        kept.push(data!);
      }
    }
    tableAddress = own(arena.take(bases.byteLength, "a table of addresses"));
    team.reserve(local);
    code = team.program(tasks);
  } catch (error) {
    giveBack();
    throw error;
  }
  const runAll = profiler
    ? measured(profiler, team, plan, code)
    : (table: number) => team.run(code, table);
  const inputs = slots.filter((s) => plan.slots[s]!.kind === "input");
  const outputs = slots.filter((s) => plan.slots[s]!.kind === "output");
  return {
    bytes: kept.reduce((sum, { byteLength }) => sum + byteLength, 0),
    run(given: readonly (Handle | Data)[]): Handle[] {
      context.check();
      // Plans run one after another, so temporary values need memory only while theirs does.
      const results: Block[] = [], passing: Block[] = [];
      const pass = (block: Block) => {
        passing.push(block);
        return block.address;
      };
      try {
        given.forEach((x, i) => {
          addresses[inputs[i]!] = ArrayBuffer.isView(x)
            ? pass(context.upload(x, "an argument"))
            : (x as Block).address;
        });
        for (const s of outputs) {
          const block = arena.take(bytesOfSlot(plan.slots[s]!.shape), "a result");
          results.push(block);
          addresses[s] = block.address;
        }
        const buffers = sizes.map((size) => pass(arena.take(size, "temporary values")));
        temporary.forEach((value, i) => addresses[value] = buffers[bufferOf[i]!]!);
        const table = new Int32Array(arena.memory.buffer, tableAddress, bases.length);
        for (let i = 0; i < bases.length; i++) table[i] = addresses[bases[i]!]! + offsets[i]!;
        runAll(tableAddress);
      } catch (error) {
        for (const block of results) arena.give(block);
        throw error;
      } finally {
        for (const block of passing) arena.give(block);
      }
      return results;
    },
    explain: () =>
      `${showPlan(plan)}\n${tasks.length} passes of ${new Set(code.runs).size} functions, ${
        sizes.reduce((a, b) => a + b, 0)
      } bytes of temporary values in ${sizes.length} buffers`,
    dispose() {
      giveBack();
      team.unload(code);
    },
  };
}
