/**
 * Files in Node and Bun.
 *
 * @module
 */
import { builtin } from "./builtin.ts";
import type { FileSystem } from "./file_system.ts";

/** What `isFile` and `isDirectory` are in Node. */
interface Kind {
  isFile(): boolean;
  isDirectory(): boolean;
}

interface OpenFile {
  read(into: Uint8Array, offset: number): Promise<{ readonly bytesRead: number }>;
  writeFile(content: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The functions of `node:fs/promises` that are used. */
interface NodeFiles {
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  open(path: string, flags: string): Promise<OpenFile>;
  readdir(
    path: string,
    options: { readonly withFileTypes: true },
  ): Promise<readonly (Kind & { readonly name: string })[]>;
  stat(path: string): Promise<Kind & { readonly size: number }>;
  mkdir(path: string, options: { readonly recursive: true }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

const kindOf = (kind: Kind) => ({ isFile: kind.isFile(), isDirectory: kind.isDirectory() });

/** A plain array of a file's bytes, of memory that no other array shares, as small buffers of Node do. */
const plain = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes);

async function readStart(file: OpenFile, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const start = new Uint8Array(bytes);
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await file.read(start, at);
    if (bytesRead === 0) return start.slice(0, at);
    at += bytesRead;
  }
  return start;
}

/** Node's file system; undefined in a browser. */
export function nodeFiles(): FileSystem | undefined {
  const fs = builtin<NodeFiles>("node:fs/promises");
  if (!fs) return undefined;
  const within = async <T>(
    path: string,
    flags: string,
    use: (file: OpenFile) => Promise<T>,
  ): Promise<T> => {
    const file = await fs.open(path, flags);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  };
  return {
    mayAccess: () => true,
    read: async (path) => plain(await fs.readFile(path)),
    readStart: (path, bytes) => within(path, "r", (file) => readStart(file, bytes)),
    create: (path, content) =>
      within(path, "wx", async (file) => {
        await file.writeFile(content);
        await file.sync();
      }),
    syncFolder: (path) => within(path, "r", (folder) => folder.sync()),
    list: async (folder) =>
      (await fs.readdir(folder, { withFileTypes: true })).map((entry) => ({
        name: entry.name,
        ...kindOf(entry),
      })),
    stat: async (path) => {
      const found = await fs.stat(path);
      return { ...kindOf(found), size: found.size };
    },
    makeFolder: async (path) => {
      await fs.mkdir(path, { recursive: true });
    },
    rename: (from, to) => fs.rename(from, to),
    remove: (path) => fs.unlink(path),
  };
}
