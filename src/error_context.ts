/**
 * Errors that lead to a line of the caller's.
 *
 * @module
 */

/** Where the library's own files lie. */
const LIBRARY = new URL(".", import.meta.url).href;

/** Lines of a stack that reach the caller's from the outermost layer, even through a step of `fit`. */
const ENOUGH = 30;

/** Whether a line of a stack is a place in code of the caller's. */
const isCallers = (line: string): boolean =>
  /:\d+:\d+\)?$/.test(line) && !line.includes(LIBRARY) && !/\b(?:ext|node):/.test(line);

/**
 * Puts words before an error's message. Its stack stays that of the line that made it; where that line is
 * so deep in the library that the stack ends before the caller's, it is taken anew from here.
 */
export function addContext<E extends Error>(error: E, words: string): E {
  const { message, stack = "" } = error;
  error.message = words + message;
  if (stack.split("\n").some(isCallers)) {
    error.stack = stack.replace(message, () => error.message);
  } else {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = Math.max(stackTraceLimit, ENOUGH);
    Error.captureStackTrace(error, addContext);
    Error.stackTraceLimit = stackTraceLimit;
  }
  return error;
}
