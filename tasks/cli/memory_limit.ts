/**
 * The most memory that a device may use, by the environment.
 *
 * @module
 */
import { TaskError } from "./task_error.ts";

/** Bytes by the letter behind a number. */
const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** The bytes of a size such as `4G`, `512M` or `1.5GiB`; undefined for what is no size. */
export function parseBytes(text: string): number | undefined {
  const [, number, unit = "M"] = /^(\d+(?:\.\d+)?)([KMGT])?i?B?$/i.exec(text) ?? [];
  const bytes = Number(number) * UNITS[unit.toUpperCase()]!;
  return bytes > 0 ? bytes : undefined;
}

/** The variable that sets the limit. */
const VARIABLE = "GOODINIT_MEMORY";

/**
 * The bytes that `GOODINIT_MEMORY` allows: Infinity for `any`, undefined where it is not set. Throws a
 * {@linkcode TaskError} on what is neither.
 */
export function memoryLimit(): number | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  const text = state === "granted" ? Deno.env.get(VARIABLE) : undefined;
  if (!text) return undefined;
  const bytes = text === "any" ? Infinity : parseBytes(text);
  if (bytes !== undefined) return bytes;
  throw new TaskError(
    `${VARIABLE}: expected a size such as 4G, or any for no limit, found ${text}`,
  );
}
