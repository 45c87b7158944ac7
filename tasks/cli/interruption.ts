/**
 * Ctrl-C as an abort signal, so that a program can end in good order.
 *
 * @module
 */

/** A signal that the first Ctrl-C aborts; the second ends the program as usual. */
export function interruption(): AbortSignal & Disposable {
  const controller = new AbortController();
  const listen = () => {
    Deno.removeSignalListener("SIGINT", listen);
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", listen);
  return Object.assign(controller.signal, {
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", listen),
  });
}
