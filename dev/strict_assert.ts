/**
 * Preloaded for the examples of the documentation: `console.assert` throws, so that an example with a false
 * assertion fails.
 *
 * @module
 */
console.assert = (holds?: boolean, ...what: readonly unknown[]): void => {
  if (!holds) throw new Error(["the example does not hold", ...what].join(": "));
};
