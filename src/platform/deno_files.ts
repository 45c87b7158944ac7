/**
 * Files through Deno's own functions, whose errors are Deno's.
 *
 * @module
 */
import type { FileSystem } from "./file_system.ts";

async function readStart(path: string, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const start = new Uint8Array(bytes);
  for (let at = 0; at < bytes;) {
    const read = await file.read(start.subarray(at));
    if (read === null) return start.slice(0, at);
    at += read;
  }
  return start;
}

async function create(path: string, content: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let at = 0; at < content.length;) at += await file.write(content.subarray(at));
  await file.sync();
}

async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path);
  await folder.sync();
}

/** Deno's file system; undefined elsewhere. */
export function denoFiles(): FileSystem | undefined {
  if (typeof Deno === "undefined") return undefined;
  return {
    mayAccess: (name, path) => Deno.permissions.querySync({ name, path }).state === "granted",
    read: (path) => Deno.readFile(path),
    readStart,
    create,
    syncFolder,
    list: (folder) => Array.fromAsync(Deno.readDir(folder)),
    stat: (path) => Deno.stat(path),
    makeFolder: (path) => Deno.mkdir(path, { recursive: true }),
    rename: (from, to) => Deno.rename(from, to),
    remove: (path) => Deno.remove(path),
  };
}
