/**
 * Where a run's data came from, as its manifest says it.
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
    /** The data set that was wanted, and why it could not be had; absent where these images were. */
    readonly instead?: Missing;
  };

/** A data set that could not be had, and why. */
export interface Missing {
  readonly of: FiledName;
  readonly because: string;
}

/** The folder that a manifest's `data` names, where one was given and is still there. */
export async function recordedFolder(data: unknown): Promise<string | undefined> {
  const { kind, path } = (data as { readonly origin?: Partial<Record<string, unknown>> })?.origin ??
    {};
  if (kind !== "folder" || typeof path !== "string") return undefined;
  return (await Deno.stat(path).catch(() => undefined))?.isDirectory ? path : undefined;
}
