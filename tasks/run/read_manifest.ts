/**
 * Reads the manifest of a run.
 *
 * @module
 */
import { readJson, readPartial } from "../schema/read_json.ts";
import { RUN_FILES } from "./files.ts";
import type { ReadText } from "../schema/read_file.ts";
import type { FoundManifest, Manifest } from "./manifest.ts";
import { MANIFEST } from "./manifest_schema.ts";

const pathIn = (folder: string): string => `${folder}/${RUN_FILES.manifest}`;

/** The version of the program that wrote a manifest, if it says so. */
const version = (manifest: unknown): unknown =>
  (manifest as { readonly program?: { readonly version?: unknown } | null }).program?.version;

/**
 * The manifest of the run in a folder, of which fields may be missing; undefined if there is none. Rejects with a
 * TaskError where a field is of another kind.
 */
export const readManifest = (
  folder: string,
  read?: ReadText,
): Promise<FoundManifest | undefined> =>
  readPartial(pathIn(folder), MANIFEST, { version, ...(read && { read }) }) as Promise<
    FoundManifest | undefined
  >;

/** The manifest of a run to go on with, as {@linkcode readManifest}, but whole. */
export const readWholeManifest = (folder: string): Promise<Manifest | undefined> =>
  readJson(pathIn(folder), MANIFEST, { version });
