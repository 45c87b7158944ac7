/**
 * Asking the engine to collect garbage. It counts its own heap, not what lies on a device, so without
 * being asked it may let gigabytes lie.
 *
 * @module
 */

/** Collects garbage, at once where the engine lets a program ask for that. */
export interface Collector {
  /**
   * Collects now, in the middle of whatever runs; afterwards a `WeakRef` shows what is gone. False where
   * there is no way to do that.
   */
  collect(): boolean;
  /** Presses the engine to collect, and lets the event loop turn, so that finalizers run. */
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

interface Process {
  getBuiltinModule?(name: string): unknown;
}

/** Bytes of an array that an engine cannot overlook. They are never touched, so they take no memory. */
const PRESSURE = 1 << 28;

/**
 * What collects at once, where there is such a thing: in Deno and Node. An engine keeps whatever a `WeakRef`
 * was made of until the job ends, a loop without pauses being one job; running a script with microtasks
 * of its own ends that, too.
 */
function immediate(): (() => void) | undefined {
  try {
    const { process } = globalThis as { readonly process?: Process };
    const vm = process?.getBuiltinModule?.("node:vm") as VirtualMachine | undefined;
    const engine = process?.getBuiltinModule?.("node:v8") as Engine | undefined;
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

/** Whether objects that nothing refers to are seen to be gone within one job. */
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
      const { port1, port2 } = new MessageChannel();
      await new Promise<void>((resolve) => {
        port1.onmessage = () => resolve();
        port2.postMessage(0);
      });
      port1.close();
    },
  };
}
