/**
 * Tests of kernels that are chosen by the kind of adapter: each runs as on software, as on software
 * whose textures do not read zeros outside, and as on hardware, whatever adapter there is. Every product
 * is then computed in one small tile, which the software driver compiles soonest; `gemm.test.ts` has all.
 *
 * @module
 */
import {
  type ChooseTile,
  PIECE_TILES,
  type Tile,
  TILES,
} from "../../../src/device/webgpu/kernels/gemm/tile.ts";
import { openWebGpu } from "../../../src/device/webgpu/mod.ts";
import { type Runtime, runtimeOn } from "../../../src/runtime/mod.ts";
import { noWebGpu } from "../../devices.ts";

/** A tile as shallow as can be, which is soonest compiled. */
export const shallow = (tile: Tile): Tile => ({ ...tile, depth: 4 });

const smallest: ChooseTile = (product) =>
  shallow((product.endsWith("pieces") ? PIECE_TILES : TILES).at(-1)!);

const ADAPTERS = {
  "as on a software adapter": { software: true },
  "as where textures have no zeros outside": { software: true, zerosOutside: false },
  "as on a hardware adapter": { software: false, chooseTile: smallest },
} as const;

const runtimes = new Map<string, Promise<Runtime>>();

Deno.test.afterAll(async () => {
  for (const opened of runtimes.values()) await (await opened)[Symbol.asyncDispose]();
});

/** Registers a test for each kind of adapter; they share one runtime a kind. */
export function forEachAdapter(name: string, test: (run: Runtime) => Promise<void>): void {
  for (const [kind, traits] of Object.entries(ADAPTERS)) {
    Deno.test({
      name: `${name}, ${kind}`,
      ignore: noWebGpu !== undefined,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        const opened = runtimes.get(kind) ?? openWebGpu(traits).then(runtimeOn);
        runtimes.set(kind, opened);
        await test(await opened);
      },
    });
  }
}
