/**
 * The error of a task's input, apart from commands, so that a worker that throws it loads nothing else.
 *
 * @module
 */
import { oneLine } from "../../src/one_line.ts";

/** An error in a task's input or environment, rather than in the program. */
export class TaskError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "TaskError";

  /** @param message What was expected and found; shown in one line. */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
  }
}
