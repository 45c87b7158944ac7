/**
 * The arena: blocks never overlap, holes join, and what does not fit is an error.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { Arena, type Block } from "../../../src/device/cpu/arena.ts";
import { hash } from "../../devices.ts";

Deno.test("take() returns blocks that do not overlap, and give() merges free blocks", () => {
  const arena = new Arena(false, 100), held = new Set<Block>();
  for (let i = 0; i < 2000; i++) {
    const [first] = held;
    if (first && hash(i, 0) % 2) {
      held.delete(first);
      arena.free(first);
    } else held.add(arena.allocate(hash(i, 1) % 5000, "a test"));
    const blocks = [...held].sort((a, b) => a.address - b.address);
    blocks.slice(1).forEach((block, k) => {
      const end = blocks[k]!.address + blocks[k]!.bytes;
      if (end > block.address) throw new Error(`${end} overlaps ${block.address} at step ${i}`);
    });
  }
  for (const block of held) arena.free(block);
  const { buffers, bytes } = arena.state();
  assertEquals(buffers, 0);
  // All of it is one hole again: a block as large as everything before needs no growth.
  assertEquals(arena.allocate(bytes, "all").address, 128);
  assertEquals(arena.state().bytes, bytes);
});

Deno.test("take() rejects more than the address space, and changes nothing", () => {
  const arena = new Arena(false, 0), before = arena.state();
  const most = arena.maximum * 65536;
  assertThrows(
    () => arena.allocate(most, "a test"),
    RangeError,
    `cpu: expected at most ${most} bytes in all, found ${most} with ${most} for a test; ` +
      "use a smaller batch",
  );
  assertEquals(arena.state(), before);
});

Deno.test("blocks that lie together are adjacent, and freed each for itself", () => {
  const arena = new Arena(false, 0), before = arena.state().buffers;
  const blocks = arena.allocateTogether([4, 64, 65], "together");
  assertEquals(blocks.map(({ bytes }) => bytes), [64, 64, 128]);
  blocks.slice(1).forEach(({ address }, i) => {
    assertEquals(address, blocks[i]!.address + blocks[i]!.bytes);
  });
  assertEquals(arena.state().buffers, before + 3);
  arena.free(blocks[1]!);
  assertEquals(arena.allocate(64, "in the gap").address, blocks[1]!.address);
  for (const block of blocks) arena.free(block);
  assertEquals(arena.state().buffers, before);
  assertEquals(arena.allocate(256, "all of it").address, blocks[0]!.address);
});
