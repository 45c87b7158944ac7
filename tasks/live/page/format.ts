/**
 * Formatting of times and states.
 *
 * @module
 */

/** `0:45`, `12:30`, `3:05:12`. */
export function clock(seconds: number): string {
  const all = Math.max(0, Math.round(seconds)), two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(all / 3600), minutes = Math.floor(all / 60) % 60;
  return (hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(all % 60)}`;
}

/** The style of a status. */
export const statusTone = (status: string): "busy" | "good" | "bad" | "idle" =>
  status === "running" || status === "preparing"
    ? "busy"
    : status === "finished" || status === "done"
    ? "good"
    : status === "pending" || status === "stopped"
    ? "idle"
    : "bad";
