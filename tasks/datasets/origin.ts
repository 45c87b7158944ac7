/**
 * Where a run's data came from, as its manifest records it.
 *
 * @module
 */
import type { FiledName } from "./registry.ts";

/** Where data came from. */
export type Origin =
  | { readonly kind: "folder" | "cache" | "download"; readonly path: string }
  | {
    readonly kind: "procedural";
    readonly seed: number;
    /** Whether the images show a shape each and nothing else. */
    readonly plain?: boolean;
    /** The data set that was asked for, and why it was not available; absent where these images were asked for. */
    readonly instead?: Missing;
  };

/** A data set that was not available, and why. */
export interface Missing {
  readonly of: FiledName;
  readonly because: string;
}

/** The folder, archive or table that a manifest's `data` names, where one was given and still exists. */
export async function recordedFolder(data: unknown): Promise<string | undefined> {
  const { kind, path } = (data as { readonly origin?: Partial<Record<string, unknown>> })?.origin ??
    {};
  if (kind !== "folder" || typeof path !== "string") return undefined;
  return await Deno.stat(path).catch(() => undefined) ? path : undefined;
}
