/**
 * The cache of the fastest tiles on an adapter, in memory and, where permitted, in a file.
 *
 * @module
 */
import { folderOf } from "../../../platform/file_system.ts";
import { findFiles } from "../../../platform/files.ts";
import { type Tile, TILES } from "../kernels/gemm/tile.ts";

/** Incremented when kernels change such that another tile may be the fastest. */
const KERNEL_VERSION = 1;

/** The content of the file: names of tiles by tuning key and by product. */
type TileFile = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * What the fastest tile depends on besides the product: the adapter with its driver, the engine, the
 * kernels.
 */
export const tuningKey = (
  { vendor, architecture, device, description }: GPUAdapterInfo,
): string =>
  [vendor, architecture, device, description, navigator.userAgent, `kernels ${KERNEL_VERSION}`]
    .join("; ");

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the file; empty if it cannot be read or is not valid. */
async function readTileFile(file: string): Promise<TileFile> {
  const files = findFiles();
  if (!files?.mayAccess("read", file)) return {};
  try {
    const found: unknown = JSON.parse(new TextDecoder().decode(await files.read(file)));
    const sound = isRecord(found) &&
      Object.values(found).every((all) =>
        isRecord(all) && Object.values(all).every((name) => typeof name === "string")
      );
    return sound ? found as TileFile : {};
  } catch {
    return {};
  }
}

/** The fastest tiles by product. */
export class TileCache {
  readonly #names: Map<string, string>;
  readonly #tuningKey: string;
  readonly #file: string | undefined;

  private constructor(tuningKey: string, file: string | undefined, names: TileFile[string]) {
    this.#tuningKey = tuningKey;
    this.#file = file;
    this.#names = new Map(Object.entries(names));
  }

  /**
   * The cache with a file's tiles for a {@linkcode tuningKey}; empty without a file, or if the file is not
   * valid.
   */
  static async open(tuningKey: string, file?: string): Promise<TileCache> {
    const content = file === undefined ? {} : await readTileFile(file);
    return new TileCache(tuningKey, file, content[tuningKey] ?? {});
  }

  /** The name of the tile chosen for a product, if any. */
  get(product: string): Tile | undefined {
    const name = this.#names.get(product);
    return TILES.find((tile) => tile.name === name);
  }

  /** Sets the tile of a product. */
  set(product: string, { name }: Tile) {
    this.#names.set(product, name);
  }

  /** Writes the file, keeping its content for other keys; whether it could be written. */
  async save(): Promise<boolean> {
    const file = this.#file, files = findFiles();
    if (file === undefined || !files?.mayAccess("write", file)) return false;
    const content = await readTileFile(file), own = content[this.#tuningKey];
    const all: TileFile = {
      ...content,
      [this.#tuningKey]: { ...own, ...Object.fromEntries(this.#names) },
    };
    const temporary = `${file}.${crypto.randomUUID()}`;
    try {
      await files.makeFolder(folderOf(file));
      await files.create(temporary, new TextEncoder().encode(`${JSON.stringify(all, null, 2)}\n`));
      await files.rename(temporary, file);
      return true;
    } catch {
      await files.remove(temporary).catch(() => {});
      return false;
    }
  }
}
