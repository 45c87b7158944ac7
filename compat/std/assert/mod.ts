/**
 * A stand-in for the part of `@std/assert` that this repository uses, with the same names, parameters and
 * outcomes, for machines that cannot reach jsr.io. `deno.json` links it; without the link the package
 * itself is used.
 *
 * @module
 */

import { equal, firstDifference } from "./equal.ts";

export { equal };

/** The error of a failed assertion. */
export class AssertionError extends Error {
  /** An error with a message and, in its options, a cause. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

const suffix = (msg?: string): string => msg ? `: ${msg}` : ".";

const show = (value: unknown): string =>
  Deno.inspect(value, { depth: 8, iterableLimit: 40, strAbbreviateSize: 2000, sorted: true });

/** Throws an AssertionError; for code that must not be reached. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${suffix(msg)}`);
}

/** Asserts that a value is truthy, and narrows it. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Asserts that two values are deeply equal; 0 equals -0 and NaN equals NaN. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  let where = "";
  if (ArrayBuffer.isView(actual) && ArrayBuffer.isView(expected)) {
    const a = actual as unknown as ArrayLike<unknown>;
    const b = expected as unknown as ArrayLike<unknown>;
    const at = firstDifference(a, b);
    if (at >= 0) where = `\nfirst difference at [${at}]: ${show(a[at])} and ${show(b[at])}`;
  }
  throw new AssertionError(
    `Values are not equal${suffix(msg)}\nactual:   ${show(actual)}\nexpected: ${
      show(expected)
    }${where}`,
  );
}

/** Asserts that two values are not deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${show(actual)} not to be: ${show(expected)}${suffix(msg)}`,
  );
}

/**
 * Asserts that two numbers differ by no more than a tolerance; one ten-millionth of the expected value if
 * left out.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to be close to "${expected}": delta "${delta}" is greater than "${allowed}"${
      suffix(msg)
    }`,
  );
}

/** Asserts that a value is neither null nor undefined, and narrows it. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not be null or undefined${suffix(msg)}`,
  );
}

/** Asserts that a string contains another. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${suffix(msg)}`,
  );
}

/** Asserts that a string matches a pattern. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${suffix(msg)}`,
  );
}

function compared(holds: boolean, actual: unknown, sign: string, expected: unknown, msg?: string) {
  if (holds) return;
  throw new AssertionError(msg ?? `Expect ${show(actual)} ${sign} ${show(expected)}`);
}

/** Asserts actual > expected. */
export const assertGreater = <T>(actual: T, expected: T, msg?: string): void =>
  compared(actual > expected, actual, ">", expected, msg);

/** Asserts actual >= expected. */
export const assertGreaterOrEqual = <T>(actual: T, expected: T, msg?: string): void =>
  compared(actual >= expected, actual, ">=", expected, msg);

/** Asserts actual < expected. */
export const assertLess = <T>(actual: T, expected: T, msg?: string): void =>
  compared(actual < expected, actual, "<", expected, msg);

/** Asserts actual <= expected. */
export const assertLessOrEqual = <T>(actual: T, expected: T, msg?: string): void =>
  compared(actual <= expected, actual, "<=", expected, msg);

// deno-lint-ignore no-control-regex -- ANSI color codes start with this character.
const plain = (text: string): string => text.replace(/\x1b\[[0-9;]*m/g, "");

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...args: any[]) => E;

function checked<E extends Error>(
  error: unknown,
  Expected: ErrorClass<E> | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): unknown {
  if (!Expected) return error;
  if (!(error instanceof Error)) {
    throw new AssertionError(`A non-Error object was thrown or rejected${suffix(msg)}`);
  }
  if (!(error instanceof Expected)) {
    throw new AssertionError(
      `Expected error to be instance of "${Expected.name}", but was "${error.constructor.name}": ${error.message}${
        suffix(msg)
      }`,
    );
  }
  if (msgIncludes !== undefined && !plain(error.message).includes(plain(msgIncludes))) {
    throw new AssertionError(
      `Expected error message to include ${show(msgIncludes)}, but got ${show(error.message)}${
        suffix(msg)
      }`,
    );
  }
  return error;
}

/** Asserts that a function throws, and returns the error. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that a function throws an error of a class whose message includes a string, and returns the
 * error.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const [Expected, said] = typeof classOrMsg === "string"
    ? [undefined, classOrMsg]
    : [classOrMsg, msg];
  try {
    fn();
  } catch (error) {
    return checked(error, Expected, msgIncludes, said);
  }
  throw new AssertionError(`Expected function to throw${suffix(said)}`);
}

/** Asserts that a function's promise is rejected, and resolves to the error. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/**
 * Asserts that a function's promise is rejected with an error of a class whose message includes a string,
 * and resolves to the error.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const [Expected, said] = typeof classOrMsg === "string"
    ? [undefined, classOrMsg]
    : [classOrMsg, msg];
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
  } catch {
    throw new AssertionError(`Function throws when expected to reject${suffix(said)}`);
  }
  if (typeof promise?.then !== "function") {
    throw new AssertionError(`Function throws when expected to reject${suffix(said)}`);
  }
  try {
    await promise;
  } catch (error) {
    return checked(error, Expected, msgIncludes, said);
  }
  throw new AssertionError(`Expected function to reject${suffix(said)}`);
}
