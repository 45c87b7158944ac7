/**
 * Requests to the JavaScript engine to collect garbage. The engine counts its own heap, not device memory,
 * and might otherwise keep gigabytes there.
 *
 * @module
 */
import { builtin } from "../platform/builtin.ts";
import { eventTurn } from "../platform/event_turn.ts";

/** Collects garbage, synchronously where the engine supports it. */
export interface Collector {
  /**
   * Collects synchronously; afterwards a `WeakRef` to a collected object is empty. Returns false where that
   * is not supported.
   */
  collect(): boolean;
  /** Puts the engine under memory pressure and yields to the event loop, so that finalizers run. */
  turn(): Promise<void>;
}

interface Script {
  runInContext(context: object): unknown;
}

interface VirtualMachine {
  readonly Script: new (code: string) => Script;
  createContext(global: object, options: { readonly microtaskMode: "afterEvaluate" }): object;
  runInNewContext(code: string): unknown;
}

interface Engine {
  setFlagsFromString(flags: string): void;
}

/**
 * Bytes of an allocation large enough to trigger a collection. They are never touched, so no page is
 * committed.
 */
const PRESSURE = 1 << 28;

/**
 * The engine's synchronous collector, in Deno and Node. An engine keeps the target of a new `WeakRef` alive
 * until the current job ends, and a loop without `await` is one job; running a script in a context with its
 * own microtask queue ends that too.
 */
function immediate(): (() => void) | undefined {
  try {
    const vm = builtin<VirtualMachine>("node:vm"), engine = builtin<Engine>("node:v8");
    if (!vm || !engine) return undefined;
    engine.setFlagsFromString("--expose-gc");
    const gc = vm.runInNewContext("gc") as () => void;
    engine.setFlagsFromString("--no-expose-gc");
    const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
    const script = new vm.Script("0");
    const collect = () => {
      script.runInContext(context);
      gc();
    };
    return isThorough(collect) ? collect : undefined;
  } catch {
    return undefined;
  }
}

/** Whether unreachable objects are collected within one job. */
function isThorough(collect: () => void): boolean {
  const made = Array.from({ length: 8 }, () => new WeakRef({}));
  collect();
  return made.some((ref) => !ref.deref());
}

/** The collector of this engine. */
export function engineCollector(): Collector {
  let now: (() => void) | undefined, asked = false;
  return {
    collect() {
      if (!asked) now = immediate();
      asked = true;
      now?.();
      return now !== undefined;
    },
    async turn() {
      new ArrayBuffer(PRESSURE);
      await eventTurn();
    },
  };
}
