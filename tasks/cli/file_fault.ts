/**
 * Errors of the file system, in words.
 *
 * @module
 */

/** Whether an error is one of the system or of permissions rather than of the program. */
export const isSystemError = (error: unknown): error is Error =>
  error instanceof Error &&
  (Object.values(Deno.errors).some((kind) => error instanceof kind) ||
    /\(os error \d+\)/.test(error.message));

/** A message on one line, without letters that control a terminal, which a file's name or content may have. */
export const oneLine = (message: string): string =>
  message.replace(/\s*[\r\n]\s*/g, " ").replace(/\p{Cc}/gu, "?");

/** Why a file could not be read or written, on one line and without its path. */
export function fileFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return oneLine(message.replace(/(\(os error \d+\)): .*/s, "$1"));
}
