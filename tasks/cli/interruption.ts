/**
 * Ctrl-C as a signal to end in good order.
 *
 * @module
 */

/** A signal that the first Ctrl-C sets off; the second ends the program as usual. */
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
