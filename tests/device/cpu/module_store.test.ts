/**
 * Modules in shared memory: there as long as somebody uses them, and evicted from workers afterwards.
 */
import { assertEquals } from "@std/assert";
import { Arena } from "../../../src/device/cpu/arena.ts";
import {
  CONTROL_BYTES,
  controlWords,
  MAX_EVICTED,
  passName,
  WORD,
} from "../../../src/device/cpu/threads/control_block.ts";
import { ModuleStore } from "../../../src/device/cpu/threads/module_store.ts";
import { Func } from "../../../src/device/cpu/wasm/function.ts";
import { ModuleBuilder } from "../../../src/device/cpu/wasm/module.ts";

/** A module of one pass, which stores where its units begin at an address. */
function moduleBytes({ maximum }: Arena): Uint8Array<ArrayBuffer> {
  const f = new Func(["i32", "i32", "i32", "i32"]), module = new ModuleBuilder();
  f.get(0, 1).access("i32.store");
  module.add(f, passName(0));
  return module.bytes({ maximum, shared: false });
}

Deno.test("ModuleStore frees a module when its last user ends, and lists it for workers", () => {
  const arena = new Arena(false, CONTROL_BYTES), words = controlWords(arena.memory);
  const store = new ModuleStore(arena, words), bytes = moduleBytes(arena);
  const module = store.load(bytes, 1), word = 2048;
  module.passes[0]!(4 * word, 7, 8, 0);
  assertEquals(new Int32Array(arena.memory.buffer)[word], 7);
  store.publish(module);
  store.publish(module);
  assertEquals(arena.state().buffers, 1);
  assertEquals(arena.bytes(module.block!.address, bytes.length), bytes);
  module.users = 2;
  store.release(module, true);
  assertEquals([arena.state().buffers, words[WORD.evictions]], [1, 0]);
  store.release(module, true);
  assertEquals([arena.state().buffers, words[WORD.evictions]], [0, 1]);
  assertEquals(words[WORD.evicted], module.number);
});

Deno.test("ModuleStore remembers the ids of the last evictions, none where no worker has run", () => {
  const arena = new Arena(false, CONTROL_BYTES), words = controlWords(arena.memory);
  const store = new ModuleStore(arena, words), bytes = moduleBytes(arena);
  const evict = (hasWorkers: boolean) => {
    const module = store.load(bytes, 1);
    store.publish(module);
    module.users = 1;
    store.release(module, hasWorkers);
  };
  evict(false);
  assertEquals(words[WORD.evictions], 0);
  for (let i = 0; i < MAX_EVICTED + 2; i++) evict(true);
  assertEquals(words[WORD.evictions], MAX_EVICTED + 2);
  const kept = [...words.subarray(WORD.evicted, WORD.evicted + MAX_EVICTED)];
  assertEquals(kept.sort((a, b) => a - b), Array.from({ length: MAX_EVICTED }, (_, i) => i + 3));
});
