/** Global names taken away or watched for the time of a test. */

/** Takes a global name away until it is disposed of. */
export function without(name: "Worker" | "SharedArrayBuffer"): Disposable {
  const before = Object.getOwnPropertyDescriptor(globalThis, name)!;
  Object.defineProperty(globalThis, name, { ...before, value: undefined });
  return { [Symbol.dispose]: () => Object.defineProperty(globalThis, name, before) };
}

/** Counts the workers started and ended until it is disposed of; runs `code` in their place if given. */
export function countWorkers(code?: string) {
  const before = Worker, counts = { started: 0, ended: 0 };
  globalThis.Worker = class extends before {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(code ?? url, options);
      counts.started++;
    }
    override terminate() {
      counts.ended++;
      super.terminate();
    }
  };
  return Object.assign(counts, { [Symbol.dispose]: () => void (globalThis.Worker = before) });
}
