/**
 * What a process that fuzzes is asked for, and says.
 *
 * @module
 */
import type { Find } from "./judge.ts";
import type { Counts, Span } from "./run.ts";

/** How the memory is looked at. */
export interface GuardRequest {
  /** The most MiB. */
  readonly memory: number;
  /** Milliseconds between looks. */
  readonly every: number;
}

/** What the process is asked for, as JSON, its only argument. */
export interface FuzzRequest extends Span, GuardRequest {}

/** What the process says, as lines of JSON: each file that it reads, what it finds, and its counts at the end. */
export type FuzzResponse =
  | { readonly kind: "file"; readonly file: number; readonly accepted: number }
  | { readonly kind: "find"; readonly find: Find }
  | { readonly kind: "memory" }
  | { readonly kind: "end"; readonly counts: Counts };

/** Says something at once, even where what follows does not end. */
export function say(response: FuzzResponse): void {
  const line = new TextEncoder().encode(`${JSON.stringify(response)}\n`);
  for (let at = 0; at < line.length;) at += Deno.stdout.writeSync(line.subarray(at));
}
