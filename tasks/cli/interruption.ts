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

/** A signal that the first request to end aborts; the second ends the program as usual. */
export function interruption(): AbortSignal & Disposable {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const forget = () => {
    clearTimeout(timer);
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, listen);
  };
  const listen = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    timer = setTimeout(forget, SAME);
    Deno.unrefTimer(timer);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, listen);
  return Object.assign(controller.signal, { [Symbol.dispose]: forget });
}
