/**
 * The pool of a GPU's buffers and textures.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemoryError } from "../../../../src/device/memory_error.ts";
import { BufferPool } from "../../../../src/device/webgpu/run/buffer_pool.ts";
import { withWebGpu } from "../../../devices.ts";

/** The number of a pool's buffers, and their bytes. */
const countOf = (pool: BufferPool): readonly [number, number] => {
  const { buffers, bytes } = pool.memory();
  return [buffers, bytes];
};

const withPool = (name: string, test: (pool: BufferPool, limit: number) => void) =>
  withWebGpu(name, async () => {
    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    test(new BufferPool(device), Math.min(maxBufferSize, maxStorageBufferBindingSize));
    device.destroy();
  });

withPool("BufferPool.giveImage() destroys a texture with its last use", (pool) => {
  const size = [4, 3, 2] as const;
  const first = pool.takeImage(size), second = pool.takeImage(size);
  assert(first === second);
  assertEquals(countOf(pool), [1, 4 * 3 * 2 * 16]);
  pool.giveImage(size);
  assertEquals(pool.memory().buffers, 1);
  pool.giveImage(size);
  assertEquals(countOf(pool), [0, 0]);
  assert(pool.takeImage(size) !== first);
});

withPool("BufferPool.give() keeps as many bytes as a loop may need again, and no more", (pool) => {
  const MIB = 1 << 20,
    taken = Array.from({ length: 40 }, (_, i) => pool.take((4 + i) * MIB, "a test"));
  taken.forEach((buffer) => pool.give(buffer));
  const { bytes } = pool.memory();
  assert(bytes <= 128 * MIB && bytes > 64 * MIB, `${bytes}`);
  // In proportion to what is in use.
  const used = Array.from({ length: 4 }, () => pool.take(100 * MIB, "a test"));
  const more = Array.from({ length: 40 }, () => pool.take(10 * MIB, "a test"));
  more.forEach((buffer) => pool.give(buffer));
  assert(pool.memory().bytes >= 800 * MIB, `${pool.memory().bytes}`);
  used.forEach((buffer) => pool.give(buffer));
  assert(pool.memory().bytes <= 128 * MIB, `${pool.memory().bytes}`);
});

withPool(
  "BufferPool.take() refuses what the adapter does not allow, and counts nothing of it",
  (pool, limit) => {
    assertThrows(() => pool.take(limit + 1, "a test"), MemoryError, "for a test");
    assertThrows(() => pool.check(limit + 1, "a test"), MemoryError, "for a test");
    assertEquals(countOf(pool), [0, 0]);
  },
);

withPool("BufferPool.count() counts what others made", (pool) => {
  pool.count(1, 500);
  assertEquals(countOf(pool), [1, 500]);
  pool.count(-1, -500);
  assertEquals(countOf(pool), [0, 0]);
});
