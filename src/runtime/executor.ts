/**
 * Compiles and runs plans; when out of memory, collects garbage and retries.
 *
 * @module
 */
import type { Device, Executable, Graph, Handle, RunObserver } from "../device/device.ts";
import { MemoryError } from "../device/memory_error.ts";
import type { Reclaimer } from "../memory/reclaimer.ts";
import type { Data } from "../host_data.ts";
import { type Params, stored, type Tensor } from "../tensor.ts";
import type { DeviceTensors } from "./device_tensors.ts";
import { sumOf } from "../sum_of.ts";
import type { MemoryGuard } from "./memory_guard.ts";
import { type CompiledPlan, compilePlan, type PlanOptions } from "./plan.ts";
import type { Trace } from "./trace.ts";

/** For each input that is donated, the reason why it can no longer be read afterwards. */
export type Fates = readonly (string | undefined)[];

/** Compiles and runs plans on a device; when out of memory, releases unreachable tensors and retries. */
export class Executor {
  readonly #device: Device;
  readonly #reclaimer: Reclaimer;
  readonly #tensors: DeviceTensors;
  readonly #guard: MemoryGuard;
  /** The executables that fit into memory, as far as is known. */
  readonly #admitted = new WeakSet<Executable>();

  constructor(
    device: Device,
    reclaimer: Reclaimer,
    tensors: DeviceTensors,
    guard: MemoryGuard,
  ) {
    this.#device = device;
    this.#reclaimer = reclaimer;
    this.#tensors = tensors;
    this.#guard = guard;
  }

  /** Compiles a traced function. */
  compile(trace: Trace, options?: PlanOptions): CompiledPlan {
    const compile = (graph: Graph) => this.#withRoom(() => this.#device.compile(graph));
    return compilePlan(trace, compile, options);
  }

  /** Runs a plan's executable on tensors that have elements. */
  execute(
    { executable }: CompiledPlan,
    given: readonly Tensor[],
    observer?: RunObserver,
  ): Handle[] {
    this.#reclaimer.collectIfDue();
    const elements = given.map((x) => x.data ?? this.#tensors.handle(x));
    return this.#withRoom(() => {
      this.#admit(executable, elements);
      return executable.run(elements, observer);
    });
  }

  /** Runs a plan; its results are stored on the device. */
  run(
    plan: CompiledPlan,
    inputs: readonly Tensor[],
    fates: Fates,
    observer?: RunObserver,
  ): Params {
    const { captured } = plan, given = captured.length > 0 ? [...inputs, ...captured] : inputs;
    const handles = this.execute(plan, given, observer);
    const outputs = plan.sources.map(({ output, input }, i) => {
      const handle = output !== undefined
        ? handles[output]!
        : this.#pass(inputs[input!]!, fates[input!]);
      return this.#tensors.hold(stored(plan.outputs[i]!), handle);
    });
    return plan.form.make(outputs) as Params;
  }

  /** The memory of an input that is also an output: taken over if donated, else a copy. */
  #pass(x: Tensor, why: string | undefined): Handle {
    if (x.data) return this.#withRoom(() => this.#device.upload(x.data!));
    const taken = why && this.#tensors.take(x, why);
    return taken || this.#withRoom(() => this.#device.copy(this.#tensors.source(x)));
  }

  /** Throws MemoryError, before the first run of an executable, unless that fits. */
  #admit(executable: Executable, given: readonly (Handle | Data)[]): void {
    if (this.#admitted.has(executable)) return;
    const uploads = given.map((x) => ArrayBuffer.isView(x) ? x.byteLength : 0);
    this.#guard.check(executable.memory, sumOf(uploads));
    this.#admitted.add(executable);
  }

  /** Runs work that allocates memory; when out of memory, releases unreachable tensors and retries. */
  #withRoom<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MemoryError) || this.#reclaimer.collect() === 0) throw error;
      return work();
    }
  }
}
