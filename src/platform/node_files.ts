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
  stat(path: string): Promise<Kind>;
  mkdir(path: string, options: { readonly recursive: true }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

const kindOf = (kind: Kind) => ({ isFile: kind.isFile(), isDirectory: kind.isDirectory() });

/** A plain array of a file's bytes, of memory that no other array shares, as small buffers of Node do. */
const plain = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes);

/** Node's file system; undefined in a browser. */
export function nodeFiles(): FileSystem | undefined {
  const fs = builtin<NodeFiles>("node:fs/promises");
  if (!fs) return undefined;
  const within = async (
    path: string,
    flags: string,
    use: (file: OpenFile) => Promise<void>,
  ): Promise<void> => {
    const file = await fs.open(path, flags);
    try {
      await use(file);
    } finally {
      await file.close();
    }
  };
  return {
    mayAccess: () => true,
    read: async (path) => plain(await fs.readFile(path)),
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
    stat: async (path) => kindOf(await fs.stat(path)),
    makeFolder: async (path) => {
      await fs.mkdir(path, { recursive: true });
    },
    rename: (from, to) => fs.rename(from, to),
    remove: (path) => fs.unlink(path),
  };
}
