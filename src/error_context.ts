/**
 * Context for errors: a prefix for the message, and a stack that reaches the caller's line.
 *
 * @module
 */

/** The URL of the library's own files; empty in a script that is not a module. */
const LIBRARY = (import.meta.url ?? "").replace(/[^/]*$/, "");

/** Stack frames needed to reach the caller's code, even from a layer inside a step of `fit`. */
const ENOUGH = 50;

/** Whether a stack frame is in the caller's code. */
const isCallers = (line: string): boolean =>
  /:\d+:\d+\)?$/.test(line) && !line.includes(LIBRARY) && !/\b(?:ext|node):/.test(line);

/**
 * Prefixes an error's message. The stack is kept; where it is too short to reach the caller's code, it is
 * captured again from here.
 */
export function addContext<E extends Error>(error: E, words: string): E {
  const { message, stack = "" } = error;
  error.message = words + message;
  if (stack.split("\n").some(isCallers)) {
    error.stack = stack.replace(message, () => error.message);
  } else {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = Math.max(stackTraceLimit, ENOUGH);
    Error.captureStackTrace?.(error, addContext);
    Error.stackTraceLimit = stackTraceLimit;
  }
  return error;
}
