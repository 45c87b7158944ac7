/**
 * The runtime of a device: compiled functions, folds, and reading of lazy tensors.
 *
 * @module
 */
import { checkFunction, type Data } from "../host_data.ts";
import type { Device, RunObserver, Tuned } from "../device/device.ts";
import { pack } from "../device/packing.ts";
import type { Peak, Profile, Profiling } from "../device/profile.ts";
import { isDifferentiating } from "../grad.ts";
import { engineCollector } from "../memory/garbage_collector.ts";
import { Reclaimer } from "../memory/reclaimer.ts";
import { signature } from "../signature.ts";
import { showSpec } from "../spec.ts";
import {
  isPlaceholder,
  nextEpoch,
  owning,
  type Params,
  placeholder,
  stored,
  type Tensor,
} from "../tensor.ts";
import { entries, leaves } from "../tree.ts";
import type { Tuple } from "../tuple.ts";
import { type CallSignature, CallSignatures } from "./call_signature.ts";
import { DeviceTensors } from "./device_tensors.ts";
import { checkOneType, timeEdit, unpackTensors } from "./edit.ts";
import { Executor, type Fates } from "./executor.ts";
import { lazyGraph } from "./lazy.ts";
import { canRecompute, recordLineage } from "./lineage.ts";
import { MemoryGuard } from "./memory_guard.ts";
import type { CompiledPlan, PlanOptions } from "./plan.ts";
import { PlanCache } from "./plan_cache.ts";
import { rebuild, Tracer } from "./trace.ts";
import type { Change, JitOptions, Memory, RequiredMemory, Runtime } from "./types.ts";

/** The longest time in milliseconds that a fold keeps timers and signals waiting. */
const TURN = 200;

/** For an argument that is donated, the reason why its tensors can no longer be read. */
type Donated = (argument: number) => string | undefined;

const donateNone: Donated = () => undefined;

/** For each input that is donated, the reason why it can no longer be read. The last answer is cached. */
function fateOracle(): (signature: CallSignature, donated: Donated) => Fates {
  let of: CallSignature | undefined, by: Donated | undefined, last: Fates = [];
  return (signature, donated) => {
    if (signature === of && donated === by) return last;
    last = signature.names.flatMap((names, i) => {
      const why = donated(i);
      return names.map((name) => why && `${name} ${why}`);
    });
    of = signature;
    by = donated;
    return last;
  };
}

class DeviceRuntime implements Runtime {
  readonly device: string;
  readonly description: string;
  readonly reason: string;
  readonly roomForData: number;
  readonly #device: Device;
  readonly #reclaimer: Reclaimer;
  readonly #tensors: DeviceTensors;
  readonly #plans: PlanCache;
  readonly #tracer: Tracer;
  readonly #executor: Executor;
  readonly #guard: MemoryGuard;
  readonly #isStored = (x: Tensor): boolean => this.#tensors.has(x);

  constructor(device: Device, reclaimer: Reclaimer, reason: string, memory?: number) {
    this.reason = reason;
    this.device = device.name;
    this.description = device.description;
    this.roomForData = device.roomForData;
    this.#device = device;
    this.#reclaimer = reclaimer;
    this.#tensors = new DeviceTensors(reclaimer, (handle) => device.release(handle));
    this.#plans = new PlanCache(reclaimer);
    this.#tracer = new Tracer(this.#isStored);
    this.#guard = new MemoryGuard(device, memory);
    this.#executor = new Executor(device, reclaimer, this.#tensors, this.#guard);
  }

  jit<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    { donate = [], observe }: JitOptions = {},
  ): (...args: A) => R {
    checkFunction("jit", f);
    const call = this.#compiled(f, "argument ", observe), name = f.name || "function";
    const donated = (i: number) => donate.includes(i) ? `was donated to ${name}` : undefined;
    return (...args) => call(args, donated);
  }

  async *fold<C extends Params, X extends Params, Y extends Params>(
    step: (carry: C, x: X) => readonly [C, Y],
    carry: C,
    xs: Iterable<X> | AsyncIterable<X>,
  ): AsyncGenerator<readonly [C, Y], void, void> {
    const name = step.name || "step";
    const call = this.#compiled(step as unknown as Step, "carry ");
    const gone = `was donated to the next step of fold(${name})`;
    const donateCarry = (i: number) => i === 0 ? gone : undefined;
    let current = carry, first = true, turned = performance.now();
    for await (const x of xs) {
      const lazy = leaves<Tensor>(x).filter((leaf) => !leaf.data && !this.#tensors.has(leaf));
      const [next, y] = call([current, x], first ? donateNone : donateCarry) as Tuple<Params, 2>;
      current = next as C;
      first = false;
      for (const leaf of lazy) if (canRecompute(leaf)) this.#tensors.forget(leaf);
      yield [current, y as Y];
      this.#release(y, name);
      await this.#within(() => this.#device.throttle());
      await this.#reclaimer.turn();
      if (performance.now() - turned > TURN) {
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        turned = performance.now();
      }
    }
  }

  /** Releases the tensors of a step's output. */
  #release(y: Params, name: string): void {
    for (const [path, leaf] of entries<Tensor>(y, "output")) {
      const why = `${path} (${showSpec(leaf)}) was released after its step of fold(${name})`;
      this.#tensors.end(leaf, why);
    }
  }

  /**
   * A function that traces, compiles and runs `f`.
   *
   * @param place The name of an argument in errors, before its index.
   * @param observer Called while it runs; its result is then an array of parts.
   */
  #compiled<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    place: string,
    observer?: RunObserver,
  ) {
    const prefix = this.#plans.prefix(f), inParts = observer !== undefined;
    const signatures = new CallSignatures(inParts ? `${prefix}parts:` : prefix, place);
    const fatesOf = fateOracle();
    return (args: A, donated: Donated): R => {
      // While a graph is being traced or differentiated, a compiled function is just called.
      if (this.#tracer.isTracing || isDifferentiating()) return f(...args);
      return this.#within(() => {
        const { signature, inputs } = signatures.of(args);
        this.#realize(inputs);
        const make = () => this.#compile(f, args, inputs, { inParts });
        const plan = this.#plans.get(signature.text, make);
        const fates = fatesOf(signature, donated);
        const result = this.#executor.run(plan, inputs, fates, observer);
        for (let i = 0; i < fates.length; i++) {
          const why = fates[i];
          if (why !== undefined) this.#tensors.end(inputs[i]!, why);
        }
        return result as R;
      });
    };
  }

  #compile<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    args: A,
    inputs: readonly Tensor[] = leaves<Tensor>(args),
    options?: PlanOptions,
  ): CompiledPlan {
    return this.#executor.compile(this.#tracer.trace(f, args, inputs), options);
  }

  /** The plan that computes lazy tensors. */
  #planLazy(lazy: readonly Tensor[]) {
    const { order, given, computed } = lazyGraph(lazy, this.#isStored), inputs = [...given];
    const plan = this.#plans.get(signature(order, inputs, computed), () => {
      const result = computed.map((x) => placeholder(x));
      return this.#executor.compile({ inputs, outputs: computed, result, captured: [] });
    });
    return { plan, order, given, inputs, computed };
  }

  /** Computes the lazy ones among tensors, in one plan, and stores their values. */
  #realize(all: readonly Tensor[]): void {
    if (all.every((x) => x.data || this.#tensors.has(x))) {
      for (const x of all) if (!x.data) this.#tensors.handle(x);
      return;
    }
    const lazy = [...new Set(all)].filter((x) => !x.data && !this.#tensors.has(x));
    const { plan, order, given, inputs, computed } = this.#planLazy(lazy);
    const handles = this.#executor.execute(plan, inputs);
    computed.forEach((x, i) => this.#tensors.hold(x, handles[i]!));
    nextEpoch();
    // While a function is being differentiated, its graph must not be detached.
    if (!isDifferentiating()) recordLineage(order, given, computed);
  }

  /** Runs `work`, and counts its time in the profile, if there is one. */
  #within<T>(work: () => T): T {
    const { profiling } = this.#device;
    return profiling ? profiling.profiler.within(work) : work();
  }

  read(tree: Params): Promise<never> {
    return this.#within(async () => rebuild(tree, await this.#read(leaves<Tensor>(tree))) as never);
  }

  show<const T extends Params>(tree: T): Promise<T> {
    return this.#within(async () => {
      const all = leaves<Tensor>(tree);
      const data = await this.#read(all);
      return rebuild(tree, all.map((x, i) => owning(data[i]!, x.shape))) as T;
    });
  }

  /** The elements of tensors, in one transfer. */
  async #read(all: readonly Tensor[]): Promise<Data[]> {
    this.#realize(all);
    const onDevice = all.filter((x) => !x.data);
    const handles = onDevice.map((x) => this.#tensors.handle(x));
    const read = await this.#tensors.during(handles, () => this.#device.read(handles, onDevice));
    const data = new Map(onDevice.map((x, i) => [x, read[i]!]));
    await this.#reclaimer.turn();
    return all.map((x) => data.get(x) ?? x.data!.slice());
  }

  async edit<const T extends Params>(
    tree: T,
    change: Change | Readonly<Record<string, Change>>,
  ): Promise<T> {
    const all = leaves<Tensor>(tree), dtype = checkOneType(all);
    this.#realize(all);
    const shared = this.#viewTogether(all);
    const elements = shared ?? pack(await this.#within(() => this.#read(all)), dtype);
    const changes = typeof change === "function" ? { edit: change } : change;
    for (const [name, each] of Object.entries(changes)) {
      await timeEdit(this.#device.profiling?.profiler, name, elements, each);
    }
    const why = "was taken over by edit";
    if (shared) {
      const taken = (x: Tensor) => this.#tensors.hold(stored(x), this.#tensors.take(x, why)!);
      return rebuild(tree, all.map(taken)) as T;
    }
    for (const x of all) this.#tensors.end(x, why);
    return rebuild(tree, unpackTensors(elements, all)) as T;
  }

  /** The elements of tensors in the device's memory, if the host shares that and they lie together in it. */
  #viewTogether(all: readonly Tensor[]): Data | undefined {
    const { view } = this.#device;
    if (!view || all.some(({ data }) => data)) return undefined;
    return view(all.map((x) => this.#tensors.handle(x)), all);
  }

  memory(): Memory {
    const { buffers, bytes, free } = this.#device.memory();
    return { buffers, bytes, free, plans: this.#plans.size };
  }

  requiredMemory<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    ...args: A
  ): RequiredMemory {
    const { signature, inputs } = new CallSignatures(this.#plans.prefix(f), "argument ").of(args);
    const make = () => this.#compile(f, args, inputs);
    const { executable: { memory } } = this.#plans.get(signature.text, make);
    const { inputs: given, outputs: results, temporaries, kept, shared } = memory;
    const { keepsBuffers, reading } = this.#device.limits;
    const lazy = [...new Set(inputs)]
      .filter((x) => !x.data && !isPlaceholder(x) && !this.#tensors.has(x));
    const before = lazy.length > 0 && this.#planLazy(lazy).plan.executable.memory;
    return {
      ...{ arguments: given, results, temporaries, kept, shared, keepsBuffers, reading },
      ...(before && {
        before: { temporaries: before.temporaries, kept: before.kept, shared: before.shared },
      }),
    };
  }

  availableMemory(): number | undefined {
    return this.#guard.available;
  }

  explain<A extends readonly Params[], R extends Params>(f: (...args: A) => R, ...args: A): string {
    const { executable } = this.#compile(f, args), text = executable.explain();
    executable.dispose();
    return text;
  }

  async tune<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    ...args: A
  ): Promise<readonly Tuned[]> {
    const { executable } = this.#compile(f, args);
    try {
      return await executable.tune?.() ?? [];
    } finally {
      executable.dispose();
      this.#plans.clear();
    }
  }

  async profile(): Promise<Profile> {
    const { profiler, settle } = this.#profiling();
    await settle();
    return profiler.take();
  }

  async peak(): Promise<Peak> {
    return await this.#profiling().peak();
  }

  #profiling(): Profiling {
    const { profiling } = this.#device;
    if (profiling) return profiling;
    throw new Error(
      "profile: expected a runtime opened with { profile: true }, found one opened without",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#device.close();
    // Engines keep what a job has looked at by weak references until it ends, and finalizers wait for that: a
    // program that opens and closes without ever yielding would keep all of it.
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
}

/** A fold's step, typed as a compiled function. */
type Step = (...args: Params[]) => readonly Params[];

/**
 * A runtime on an open device, which it closes when it is disposed.
 *
 * @param reclaimer Releases the memory of unreachable tensors.
 * @param reason Why it is this device.
 * @param memory The most bytes in its buffers.
 */
export const runtimeOn = (
  device: Device,
  reclaimer: Reclaimer = new Reclaimer(engineCollector()),
  reason = "asked for",
  memory?: number,
): Runtime => new DeviceRuntime(device, reclaimer, reason, memory);
