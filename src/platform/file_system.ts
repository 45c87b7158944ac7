/**
 * What the library needs of a platform's files.
 *
 * @module
 */

/** What is known about a file or folder. */
export interface FileKind {
  /** Whether it is a file, where a symbolic link is followed. */
  readonly isFile: boolean;
  /** Whether it is a folder. */
  readonly isDirectory: boolean;
}

/** What is known of what a path names. */
export interface FileFacts extends FileKind {
  /** The bytes of a file. */
  readonly size: number;
}

/** An entry of a folder. */
export interface FolderEntry extends FileKind {
  /** Its name, without the folder. */
  readonly name: string;
}

/** The functions on files that the library uses. Errors have Node's `code`, such as `ENOENT`. */
export interface FileSystem {
  /** Whether a file may be read or written without asking the user. */
  mayAccess(access: "read" | "write", path: string | URL): boolean;
  /** The content of a file. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The first bytes of a file, as many as there are up to a number. */
  readStart(path: string, bytes: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes a new file, which must not exist, and syncs it to disk. */
  create(path: string, content: Uint8Array): Promise<void>;
  /** Syncs a folder to disk, so that the names in it are durable. */
  syncFolder(path: string): Promise<void>;
  /** The entries of a folder, in no order. Those of symbolic links are neither file nor folder. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** What is at a path. */
  stat(path: string): Promise<FileFacts>;
  /** Makes a folder and those above it, where they do not exist. */
  makeFolder(path: string): Promise<void>;
  /** Renames a file, which replaces another one. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file. */
  remove(path: string): Promise<void>;
}

/** The folder of a path, with its slash; `.` for a bare name. */
export const folderOf = (path: string): string => path.replace(/[^/\\]*$/, "") || ".";

/** Node's code of an error of the file system, such as `ENOENT`; undefined for other errors. */
export function fileErrorCode(error: unknown): string | undefined {
  const { code } = error instanceof Error ? error as { readonly code?: unknown } : {};
  return typeof code === "string" ? code : undefined;
}
