/**
 * Choosing tiles by trying them, and keeping what was found.
 */
import { assert, assertEquals } from "@std/assert";
import { TileCache } from "../../../../src/device/webgpu/tune/tile_cache.ts";
import { TILES } from "../../../../src/device/webgpu/kernels/gemm/tile.ts";
import { openWebGpu } from "../../../../src/device/webgpu/mod.ts";
import { matmul, maximum } from "../../../../src/ops/mod.ts";
import { open, runtimeOn } from "../../../../src/runtime/mod.ts";
import type { Tensor } from "../../../../src/tensor.ts";
import { filled, withWebGpu } from "../../../devices.ts";

const test = withWebGpu;

const withFile = async (test: (file: string) => Promise<void>) => {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/new/tiles.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

const f = (a: Tensor, b: Tensor) => maximum(matmul(a, b), 0);
const args = [filled([64, 64], 1), filled([64, 72], 2)] as const;

for (const timed of [true, false]) {
  const clock = timed ? "the GPU's" : "the host's";
  test(`tune() chooses the fastest tile by ${clock} clock, keeps it and changes no bits`, () =>
    withFile(async (tiles) => {
      const features = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "features")!;
      if (!timed) {
        const none = { ...features, get: () => new Set() };
        Object.defineProperty(GPUAdapter.prototype, "features", none);
      }
      try {
        await using run = runtimeOn(await openWebGpu({ software: false }, undefined, tiles));
        const [before] = await run.read([run.jit(f)(...args)]);
        const found = await run.tune(f, ...args);
        assertEquals(found.map(({ product }) => product), ["matmul 1×64×64 1×64×72"]);
        const { trials, gflops } = found[0]!, times = trials.map(({ ms }) => ms);
        assert(trials.length > 1 && gflops > 0 && times[0]! > 0);
        assertEquals(times, times.toSorted((a, b) => a - b));
        const [kept] = Object.values(JSON.parse(await Deno.readTextFile(tiles)));
        assertEquals(kept, { "matmul 1×64×64 1×64×72": trials[0]!.tile });
        const { bytes } = run.memory();
        assertEquals(await run.tune(f, ...args), []);
        assertEquals(await run.read([run.jit(f)(...args)]), [before]);
        assertEquals(run.memory().bytes, bytes);
        await using again = runtimeOn(await openWebGpu({ software: false }, undefined, tiles));
        assertEquals(await again.tune(f, ...args), []);
      } finally {
        Object.defineProperty(GPUAdapter.prototype, "features", features);
      }
    }));
}

Deno.test("tune() does nothing on devices without tiles", async () => {
  await using run = await open({ device: "reference" });
  assertEquals(await run.tune(f, ...args), []);
});

Deno.test("TileCache.save() preserves the file's content for other keys", () =>
  withFile(async (file) => {
    const [here, there] = [await TileCache.open("here", file), await TileCache.open("there", file)];
    here.set("product", TILES[0]!);
    there.set("product", TILES[1]!);
    assert(await here.save() && await there.save());
    assertEquals((await TileCache.open("here", file)).get("product"), TILES[0]);
    assertEquals((await TileCache.open("there", file)).get("product"), TILES[1]);
    assertEquals((await TileCache.open("elsewhere", file)).get("product"), undefined);
    const names = [];
    for await (const { name } of Deno.readDir(file.replace(/[^/]*$/, ""))) names.push(name);
    assertEquals(names, ["tiles.json"]);
  }));

Deno.test("TileCache.open() treats an invalid file as empty, and save() rewrites it", () =>
  withFile(async (file) => {
    await Deno.mkdir(file.replace(/[^/]*$/, ""));
    for (const text of ["", "{", "[1]", '{"here":{"product":3}}', '{"here":{"product":"1x1"}}']) {
      await Deno.writeTextFile(file, text);
      const cache = await TileCache.open("here", file);
      assertEquals(cache.get("product"), undefined, text);
      cache.set("product", TILES[2]!);
      assert(await cache.save());
      assertEquals((await TileCache.open("here", file)).get("product"), TILES[2]);
    }
  }));

Deno.test("A TileCache is kept in memory where files may not be read or written", () =>
  withFile(async (file) => {
    const module = new URL("../../../../src/device/webgpu/tune/tile_cache.ts", import.meta.url);
    const tile = new URL("../../../../src/device/webgpu/kernels/gemm/tile.ts", import.meta.url);
    const program = `${file}.ts`;
    await Deno.mkdir(file.replace(/[^/]*$/, ""));
    await Deno.writeTextFile(
      program,
      `import { TileCache } from "${module}";
import { TILES } from "${tile}";
import type { Tuned } from "../../../../src/device/device.ts";
import type { Tuple } from "../../../../src/tuple.ts";
const cache = await TileCache.open("here", ${JSON.stringify(file)});
cache.set("product", TILES[1]);
console.log(await cache.save(), cache.get("product")?.name);`,
    );
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", program],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(
      new TextDecoder().decode(stdout).trim(),
      `false ${TILES[1]!.name}`,
      new TextDecoder().decode(stderr),
    );
  }));
