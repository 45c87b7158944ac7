/**
 * Loaded before documentation's examples: `console.assert` throws, so that an example that does not hold
 * fails.
 *
 * @module
 */
console.assert = (holds?: boolean, ...what: readonly unknown[]): void => {
  if (!holds) throw new Error(["the example does not hold", ...what].join(": "));
};
