/**
 * Silence: of the processes that train one net, one prints.
 *
 * @module
 */

const METHODS = ["log", "info", "warn", "error", "debug"] as const;

/** Makes `console` of this process print nothing; returns a function that ends that. */
export function mute(): () => void {
  const before = METHODS.map((method) => [method, console[method]] as const);
  for (const method of METHODS) console[method] = () => {};
  return () => Object.assign(console, Object.fromEntries(before));
}
