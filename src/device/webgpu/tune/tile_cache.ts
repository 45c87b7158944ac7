/**
 * The tiles that were found to be the fastest on an adapter, in memory and, where that is allowed, in a
 * file.
 *
 * @module
 */
import { type Tile, TILES } from "../kernels/gemm/tile.ts";

/** Goes up when kernels change such that another tile may be the fastest. */
const KERNEL_VERSION = 1;

/** Names of tiles by adapter and by product. */
type Kept = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a choice depends on besides the product: the adapter with its driver, the engine, the kernels. */
export const tuningKey = (
  { vendor, architecture, device, description }: GPUAdapterInfo,
): string =>
  [vendor, architecture, device, description, navigator.userAgent, `kernels ${KERNEL_VERSION}`]
    .join("; ");

/** Whether a file may be read or written; without asking, since `Deno.permissions` has an answer. */
const allowed = async (name: "read" | "write", path: string): Promise<boolean> =>
  globalThis.Deno !== undefined &&
  (await Deno.permissions.query({ name, path })).state === "granted";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a file holds; nothing if there is none that can be read, or it holds something else. */
async function keptIn(file: string): Promise<Kept> {
  if (!await allowed("read", file)) return {};
  try {
    const found: unknown = JSON.parse(await Deno.readTextFile(file));
    const sound = isRecord(found) &&
      Object.values(found).every((all) =>
        isRecord(all) && Object.values(all).every((name) => typeof name === "string")
      );
    return sound ? found as Kept : {};
  } catch {
    return {};
  }
}

/** The fastest tiles by product. */
export class TileCache {
  readonly #names: Map<string, string>;
  readonly #tuningKey: string;
  readonly #file: string | undefined;

  private constructor(tuningKey: string, file: string | undefined, names: Kept[string]) {
    this.#tuningKey = tuningKey;
    this.#file = file;
    this.#names = new Map(Object.entries(names));
  }

  /**
   * The tiles that a file holds for a {@linkcode tuningKey}; none without a file, and none from one
   * that cannot be understood.
   */
  static async open(tuningKey: string, file?: string): Promise<TileCache> {
    const kept = file === undefined ? {} : await keptIn(file);
    return new TileCache(tuningKey, file, kept[tuningKey] ?? {});
  }

  /** The tile of a product, if one was chosen. */
  get(product: string): Tile | undefined {
    const name = this.#names.get(product);
    return TILES.find((tile) => tile.name === name);
  }

  /** Chooses a tile. */
  set(product: string, { name }: Tile) {
    this.#names.set(product, name);
  }

  /** Writes the file, with what it holds for other keys; whether that was possible. */
  async save(): Promise<boolean> {
    const file = this.#file;
    if (file === undefined || !await allowed("write", file)) return false;
    const kept = await keptIn(file), own = kept[this.#tuningKey];
    const all: Kept = {
      ...kept,
      [this.#tuningKey]: { ...own, ...Object.fromEntries(this.#names) },
    };
    const temporary = `${file}.${crypto.randomUUID()}`;
    try {
      await Deno.mkdir(file.replace(/[^/\\]*$/, "") || ".", { recursive: true });
      await Deno.writeTextFile(temporary, `${JSON.stringify(all, null, 2)}\n`);
      await Deno.rename(temporary, file);
      return true;
    } catch {
      await Deno.remove(temporary).catch(() => {});
      return false;
    }
  }
}
