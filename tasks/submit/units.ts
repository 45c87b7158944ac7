/**
 * Times and sizes as schedulers write them.
 *
 * @module
 */
import { parseBytes } from "../cli/memory_limit.ts";
import { fail } from "../cli/option_table.ts";

/**
 * The seconds of a time as Slurm writes it: `90` minutes, `90:00`, `1:30:00`, `1-6`, `1-6:00`, `1-6:00:00`;
 * undefined for `infinite`, and for what is no time.
 */
export function parseSeconds(text: string): number | undefined {
  const [, days, rest] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const parts = rest.split(":").map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = days !== undefined || parts.length === 3
    ? parts
    : [0, ...parts];
  return Number(days ?? 0) * 86400 + hours * 3600 + minutes * 60 + seconds;
}

/** The seconds of `--time`. */
export function parseTime(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds) return seconds;
  return fail(`--time: expected a time such as 90 (minutes), 1:30:00 or 1-12:00:00, found ${text}`);
}

/** The MiB of `--mem`. */
export function parseMemory(text: string): number {
  const bytes = parseBytes(text);
  if (bytes !== undefined) return Math.ceil(bytes / 2 ** 20);
  return fail(`--mem: expected a size such as 4G or 4096M, found ${text}`);
}
