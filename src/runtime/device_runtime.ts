/**
 * The runtime: `open()` gives a device's `jit`, `fold`, `read`, `memory`, `explain` and `profile`.
 *
 * @module
 */
import { engineCollector } from "../memory/garbage_collector.ts";
import type { Device, Executable, Handle, Tuned } from "../device/device.ts";
import { MemoryError } from "../device/memory_error.ts";
import { openDevice, type OpenOptions } from "../device/open.ts";
import type { Peak, Profile, Profiling } from "../device/profile.ts";
import { isDifferentiating } from "../grad.ts";
import { DeviceTensors } from "./device_tensors.ts";
import { LruCache } from "../memory/lru_cache.ts";
import { type Owned, Reclaimer } from "../memory/reclaimer.ts";
import { isRemembered, lasting, remember } from "./lineage.ts";
import { signature } from "../signature.ts";
import { alias } from "../ops/mod.ts";
import { sameShape } from "../shape.ts";
import {
  isPlaceholder,
  nextEpoch,
  type Params,
  placeholder,
  stored,
  type Tensor,
} from "../tensor.ts";
import { showSpec, type Spec } from "../spec.ts";
import { topological } from "../graph.ts";
import type { JitOptions, Memory, Runtime } from "./types.ts";
import { entries, flatten, leaves, unflatten } from "../tree.ts";
import type { Tuple } from "../tuple.ts";

/** Plans that a runtime keeps; beyond, the one used longest ago goes. */
const MAX_PLANS = 64;

/** Bytes of code, shaders and graphs that a plan leaves to the engine, about. */
const CODE = 1 << 20;

/** How long a fold keeps timers and signals waiting at most, in milliseconds. */
const TURN = 200;

interface Plan {
  readonly executable: Executable;
  /** How the result nests. */
  readonly out: Params;
  /** What its leaves are. */
  readonly outputs: readonly Spec[];
  /** For each output leaf: its place among the executable's outputs, or the input it passes on. */
  readonly from: readonly { readonly output?: number; readonly input?: number }[];
  /** Tensors on the device that the function closed over; given after the arguments. */
  readonly captured: readonly Tensor[];
}

/** What a call was found by the last time, as most calls are like the one before. */
interface Call {
  readonly nesting: string;
  readonly specs: readonly Spec[];
  readonly text: string;
  /** The arguments' tensors as errors name them. */
  readonly names: readonly string[];
}

const isLike = (x: Spec, spec: Spec) =>
  x.dtype === spec.dtype && (x.shape === spec.shape || sameShape(x.shape, spec.shape));

class DeviceRuntime implements Runtime {
  readonly device: string;
  readonly description: string;
  readonly roomForData: number;
  readonly #device: Device;
  readonly #reclaimer: Reclaimer;
  readonly #held: DeviceTensors;
  readonly #plans = new LruCache<Plan>(MAX_PLANS, ({ executable }) => {
    this.#reclaimer.count(-executable.bytes);
    executable.dispose();
  });
  /** A number for each function that was compiled, by which its plans are found again. */
  readonly #numbers = new WeakMap<object, number>();
  #functions = 0;
  #tracing = 0;

  constructor(device: Device, reclaimer: Reclaimer) {
    this.#device = device;
    this.#reclaimer = reclaimer;
    this.#held = new DeviceTensors(reclaimer, (handle) => device.release(handle));
    this.device = device.name;
    this.description = device.description;
    this.roomForData = device.roomForData;
  }

  jit<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    { donate = [] }: JitOptions = {},
  ): (...args: A) => R {
    const call = this.#caller(f);
    const name = f.name || "function";
    return (...args) =>
      call(args, (i) => donate.includes(i) ? `was donated to ${name}` : undefined, "argument ");
  }

  async *fold<C extends Params, X extends Params, Y extends Params>(
    step: (carry: C, x: X) => readonly [C, Y],
    carry: C,
    xs: Iterable<X> | AsyncIterable<X>,
  ): AsyncGenerator<readonly [C, Y], void, void> {
    const name = step.name || "step";
    const call = this.#caller(step as unknown as (...args: Params[]) => readonly Params[]);
    let current = carry, first = true, turned = performance.now();
    for await (const x of xs) {
      const lazy = leaves<Tensor>(x).filter((leaf) => !leaf.data && !this.#held.has(leaf));
      const donated = first ? undefined : `was donated to the next step of fold(${name})`;
      const [next, y] = call([current, x], (i) => i === 0 ? donated : undefined, "carry ") as Tuple<
        Params,
        2
      >;
      current = next as C;
      first = false;
      for (const leaf of lazy) if (isRemembered(leaf)) this.#held.forget(leaf);
      yield [current, y as Y];
      for (const [path, leaf] of entries<Tensor>(y, "output")) {
        this.#held.end(
          leaf,
          `${path} (${showSpec(leaf)}) was released after its step of fold(${name})`,
        );
      }
      await this.#within(() => this.#device.throttle());
      await this.#reclaimer.turn();
      if (performance.now() - turned > TURN) {
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        turned = performance.now();
      }
    }
  }

  #numberOf(f: object): number {
    let number = this.#numbers.get(f);
    if (number === undefined) {
      number = this.#functions++;
      this.#numbers.set(f, number);
      this.#reclaimer.follow(f, this.#compiledFor(`${number}:`));
    }
    return number;
  }

  /** The plans of a function, which end with it. */
  #compiledFor(prefix: string): Owned {
    const release = () => this.#plans.drop((name) => name.startsWith(prefix));
    return { bytes: 0, holds: true, release };
  }

  /** The plan of a name, made now if there is none. */
  #plan(name: string, make: () => Plan): Plan {
    return this.#plans.get(name, () => {
      const plan = make();
      this.#reclaimer.count(plan.executable.bytes);
      this.#reclaimer.litter(CODE);
      return plan;
    });
  }

  /** Traces, compiles and runs `f`; `donated` says, by argument, what became of its tensors. */
  #caller<A extends readonly Params[], R extends Params>(f: (...args: A) => R) {
    const number = this.#numberOf(f);
    let known: Call | undefined;
    return (args: A, donated: (argument: number) => string | undefined, place: string): R => {
      // While a graph is being described, a compiled function is just its function.
      if (this.#tracing > 0 || isDifferentiating()) return f(...args);
      return this.#within(() => {
        const inputs: Tensor[] = [], ends: number[] = [];
        const nesting = args.map((arg, i) => {
          const text = flatten<Tensor>(arg, inputs, `${place}${i}`);
          ends.push(inputs.length);
          return text;
        }).join();
        this.#realize(inputs);
        if (
          !known || known.nesting !== nesting ||
          !inputs.every((x, i) => isLike(x, known!.specs[i]!))
        ) {
          known = {
            nesting,
            specs: inputs.map(({ shape, dtype }) => ({ shape, dtype })),
            text: `${number}:${nesting}${inputs.map(showSpec).join()}`,
            names: args.flatMap((arg, i) =>
              entries<Tensor>(arg, `${place}${i}`).map(([path, x]) => `${path} (${showSpec(x)})`)
            ),
          };
        }
        const { text, names } = known;
        const plan = this.#plan(text, () => this.#trace(f, args, inputs));
        const fates = ends.flatMap((end, i) => {
          const why = donated(i);
          return names.slice(i > 0 ? ends[i - 1] : 0, end).map((name) => why && `${name} ${why}`);
        });
        const out = this.#run(plan, inputs, fates);
        fates.forEach((why, i) => why && this.#held.end(inputs[i]!, why));
        return out as R;
      });
    };
  }

  /** Does some work; its time counts in the profile, if there is one. */
  #within<T>(work: () => T): T {
    const { profiling } = this.#device;
    return profiling ? profiling.profiler.within(work) : work();
  }

  read(tree: Params): Promise<never> {
    return this.#within(() => this.#read(tree));
  }

  async #read(tree: Params): Promise<never> {
    const all = leaves<Tensor>(tree);
    this.#realize(all);
    const onDevice = all.filter((x) => !x.data);
    const handles = onDevice.map((x) => this.#held.handle(x));
    const read = await this.#held.during(handles, () => this.#device.read(handles, onDevice));
    const data = new Map(onDevice.map((x, i) => [x, read[i]]));
    await this.#reclaimer.turn();
    return rebuild(tree, all.map((x) => data.get(x) ?? x.data!.slice())) as never;
  }

  memory(): Memory {
    return { ...this.#device.memory(), plans: this.#plans.size };
  }

  explain<A extends readonly Params[], R extends Params>(f: (...args: A) => R, ...args: A): string {
    const inputs = args.flatMap((arg) => leaves<Tensor>(arg));
    const plan = this.#trace(f, args, inputs);
    const text = plan.executable.explain();
    plan.executable.dispose();
    return text;
  }

  async tune<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    ...args: A
  ): Promise<readonly Tuned[]> {
    const inputs = args.flatMap((arg) => leaves<Tensor>(arg));
    const { executable } = this.#trace(f, args, inputs);
    try {
      return await executable.tune?.() ?? [];
    } finally {
      executable.dispose();
      this.#plans.drop(() => true);
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
  }

  /** Does what takes memory; where there is none left, after giving back all that can be. */
  #roomy<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MemoryError) || this.#reclaimer.sweep() === 0) throw error;
      return work();
    }
  }

  #execute({ executable }: Pick<Plan, "executable">, given: readonly Tensor[]): Handle[] {
    this.#reclaimer.tidy();
    return this.#roomy(() => executable.run(given.map((x) => x.data ?? this.#held.handle(x))));
  }

  /** Computes the lazy ones among tensors, together, and keeps their values. */
  #realize(all: readonly Tensor[]) {
    const lazy = [...new Set(all)].filter((x) => !x.data && !this.#held.has(x));
    if (lazy.length === 0) {
      for (const x of all) if (!x.data) this.#held.handle(x);
      return;
    }
    const order = topological(lazy, (x) => this.#held.has(x));
    const open = order.find(isPlaceholder);
    if (open) {
      throw new Error(
        `expected a value, found one that depends on a placeholder, ${showSpec(open)}: ` +
          "a tensor made while jit traced a function was used outside it",
      );
    }
    const given = order.filter((x) =>
      x.args.length === 0 && x.op.kind === "leaf" || this.#held.has(x)
    );
    const known = new Set(given), computed = [...new Set([...lazy, ...lasting(order, known)])];
    const plan = this.#plan(
      signature(order, given, computed),
      () => this.#compile(given, computed, computed.map((x) => placeholder(x)), []),
    );
    const handles = this.#execute(plan, given);
    computed.forEach((x, i) => this.#held.hold(x, handles[i]!));
    nextEpoch();
    // While a function is being differentiated, its graph must stay whole.
    if (!isDifferentiating()) remember(order, known, computed);
  }

  #trace<A extends readonly Params[], R extends Params>(
    f: (...args: A) => R,
    args: A,
    inputs: readonly Tensor[],
  ): Plan {
    const placeholders = inputs.map((x) => placeholder(x));
    this.#tracing++;
    let out: R;
    try {
      out = f(...rebuild(args, placeholders) as unknown as A);
    } finally {
      this.#tracing--;
    }
    const outputs = leaves<Tensor>(out);
    const captured: Tensor[] = [], own = new Set(placeholders);
    for (const x of topological(outputs, (x) => this.#held.has(x))) {
      if (this.#held.has(x)) captured.push(x);
      else if (isPlaceholder(x) && !own.has(x)) {
        throw new Error(
          `jit: ${f.name || "function"} depends on a placeholder, ${
            showSpec(x)
          }, that is not its argument: ` +
            "a tensor made while another function was traced has leaked into it",
        );
      }
    }
    return this.#compile(placeholders, outputs, out, captured);
  }

  #compile(
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    out: Params,
    captured: readonly Tensor[],
  ): Plan {
    const given = [...inputs, ...captured], produce: Tensor[] = [];
    const inputOf = new Map(inputs.map((x, i) => [x, i])), taken = new Set(given);
    const from = outputs.map((x) => {
      const input = inputOf.get(x);
      if (input !== undefined) return { input };
      // Each output is a value of its own: a repeated, captured or constant one is copied.
      produce.push(x.op.kind === "leaf" || taken.has(x) ? alias(x) : x);
      taken.add(x);
      return { output: produce.length - 1 };
    });
    const executable = this.#roomy(() => this.#device.compile({ inputs: given, outputs: produce }));
    // Specs and placeholders stand for tensors, so that a plan keeps none of those.
    const specs = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
    return {
      executable,
      out: rebuild(out, specs.map(placeholder)),
      outputs: specs,
      from,
      captured,
    };
  }

  #run(plan: Plan, inputs: readonly Tensor[], fates: readonly (string | undefined)[]): Params {
    const handles = this.#execute(plan, [...inputs, ...plan.captured]);
    const outs = plan.from.map(({ output, input }, i) => {
      const handle = output !== undefined
        ? handles[output]!
        : this.#pass(inputs[input!]!, fates[input!]);
      return this.#held.hold(stored(plan.outputs[i]!), handle);
    });
    return rebuild(plan.out, outs);
  }

  /** Memory for an input that is also an output: taken over if donated, else a copy. */
  #pass(x: Tensor, why: string | undefined): Handle {
    if (x.data) return this.#roomy(() => this.#device.upload(x.data!));
    const taken = why && this.#held.take(x, why);
    return taken || this.#roomy(() => this.#device.copy(this.#held.source(x)));
  }
}

const rebuild = (tree: Params, values: readonly unknown[]): Params =>
  unflatten<unknown, Tensor, unknown>(tree, values) as Params;

/**
 * A runtime on a device that is open already; it closes the device when it is disposed of.
 *
 * @param reclaimer What gives back the memory of tensors that are no longer referred to.
 */
export const runtimeOn = (
  device: Device,
  reclaimer: Reclaimer = new Reclaimer(engineCollector()),
): Runtime => new DeviceRuntime(device, reclaimer);

/**
 * Opens a device. `auto` takes a hardware GPU if there is one, else the CPU.
 *
 * @throws Error if there is none of the kind asked for; the message says how to get one.
 *
 * @example
 * ```ts
 * import { open, ops, type Tensor, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const square = run.jit((x: Tensor) => ops.mul(x, x));
 * console.assert((await run.read(square(tensor([1, 2, 3])))).join() === "1,4,9");
 * ```
 */
export async function open(options: OpenOptions = {}): Promise<Runtime> {
  return runtimeOn(await openDevice(options));
}
