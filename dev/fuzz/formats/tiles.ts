/**
 * The cache of the fastest tiles: a damaged file is one that is not there.
 *
 * @module
 */
import { TileCache } from "../../../src/device/webgpu/tune/tile_cache.ts";
import { TILES } from "../../../src/device/webgpu/kernels/gemm/tile.ts";
import { expect, type Format } from "../format.ts";
import { jsonBytes, WHOLE_JSON } from "./whole_json.ts";

const KEY = "a; b; kernels 1", PRODUCT = "nn 128 128 128";

/** Tiles. */
export const TILE_CACHE: Format = {
  name: "tiles",
  json: WHOLE_JSON,
  seeds: () =>
    Promise.resolve([
      jsonBytes({ [KEY]: { [PRODUCT]: TILES[0]!.name }, other: { x: TILES[1]!.name } }),
    ]),
  async read(bytes, folder) {
    const path = `${folder}/tiles.json`;
    await Deno.writeFile(path, bytes);
    const cache = await TileCache.open(KEY, path);
    for (const product of [PRODUCT, "constructor", "__proto__"]) {
      const tile = cache.get(product);
      expect(tile === undefined || TILES.includes(tile), `tile ${JSON.stringify(tile)}`);
    }
  },
};
