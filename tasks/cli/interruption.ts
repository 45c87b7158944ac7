/**
 * Signals that ask a program to end, as an abort signal, so that it can end in good order.
 *
 * @module
 */

/**
 * Ctrl-C; what `kill`, schedulers and a shutdown send; the end of a terminal; and what Slurm sends before a
 * job's time is up if asked to (`--signal`).
 */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"];

/**
 * Milliseconds in which further signals are the same request: schedulers and launchers send one to a job's script
 * and to its programs, and the script passes on its own.
 */
const SAME = 1000;

/** Milliseconds between looks for a debugger. */
const LOOK = 20;

/** Closes the debugger that Deno opens at SIGUSR1, as Node does, to whoever has an account on the machine. */
async function closeDebugger(): Promise<void> {
  const { close, url } = await import("node:inspector");
  for (let waited = 0; waited < SAME && url() === undefined; waited += LOOK) {
    await new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, LOOK)));
  }
  if (url() !== undefined) close();
}

/** A signal that the first request to end aborts; the second ends the program as usual. */
export function interruption(): AbortSignal & Disposable {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const forget = () => {
    clearTimeout(timer);
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  };
  const listeners = SIGNALS.map((signal) =>
    [signal, () => {
      listen();
      // Without the permission to close it, the run still ends in good order.
      if (signal === "SIGUSR1") closeDebugger().catch(() => {});
    }] as const
  );
  const listen = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    timer = setTimeout(forget, SAME);
    Deno.unrefTimer(timer);
  };
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return Object.assign(controller.signal, { [Symbol.dispose]: forget });
}
