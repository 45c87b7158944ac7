/**
 * Machine code: what the assembler writes is what the processor runs, with the arguments that are bound.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Assembler, REGISTER } from "../../../src/device/cpu/native/assembler.ts";
import {
  addressOf,
  bind,
  makeExecutable,
  runsMachineCode,
} from "../../../src/device/cpu/native/executable_memory.ts";
import { openDevice } from "../../../src/device/open.ts";
import { matmul } from "../../../src/ops/mod.ts";
import { key, normal } from "../../../src/random.ts";
import { open } from "../../../src/runtime/mod.ts";
import type { Tensor } from "../../../src/tensor.ts";

const { rax, rcx, rdx, rsi, rdi, r9, r12, r13 } = REGISTER;
const ignore = !runsMachineCode();

Deno.test({
  name: "bind() calls code with two long arguments",
  ignore,
  fn() {
    const a = new Assembler(), words = new BigUint64Array(2), big = 2 ** 52 + 2 ** 31 + 5;
    a.op("store", rsi, { base: rdi, offset: 8 }).op("clear", rax, rax, 32).return();
    const call = bind(makeExecutable(a.code()), addressOf(new Uint8Array(words.buffer)), big);
    call();
    assertEquals([...words], [0n, BigInt(big)]);
  },
});

Deno.test({
  name: "loops, labels, and every kind of address",
  ignore,
  fn() {
    const a = new Assembler(), words = new Int32Array(64), loop = a.label(), end = a.label();
    words.set([7, 5, -3], 32);
    a.push(r12, r13).op("load", r12, rdi).op("load", r13, rdi).plus(r13, 128);
    // Σ words[32…34] by an index, then its triple by a loop.
    a.op("load", rax, { base: r13 }, 32).set(rcx, 1);
    a.op("signExtend", rdx, { base: r13, index: rcx, scale: 4 }).op("add", rax, rdx);
    a.op("signExtend", r9, { base: r12, index: rcx, scale: 8, offset: 128 }).op("add", rax, r9);
    a.op("clear", rdx, rdx, 32).set(rcx, 3);
    a.bind(loop).op("test", rcx, rcx, 32).jump(end, "equal");
    a.op("add", rdx, rax).plus(rcx, -1).jump(loop).bind(end);
    a.op("store", rdx, { base: r12 }, 32).op("multiply", rax, rax);
    a.op("store", rax, { base: r12, offset: 4 }, 32);
    a.op("clear", rax, rax, 32).pop(r12, r13).return();
    bind(makeExecutable(a.code()), addressOf(new Uint8Array(words.buffer)), 0)();
    assertEquals([...words.subarray(0, 2)], [27, 81]);
  },
});

Deno.test("open({ native: false }) keeps to WebAssembly", async () => {
  const device = await openDevice({ device: "cpu", threads: 1, native: false });
  assertEquals(device.description, "WebAssembly relaxed SIMD, 1 thread");
  await device.close();
});

/** The mappings of this process's memory; Deno itself reads them with all permissions only. */
function mappings(): string {
  const { code, stdout } = new Deno.Command("cat", { args: [`/proc/${Deno.pid}/maps`] })
    .outputSync();
  assertEquals(code, 0);
  return new TextDecoder().decode(stdout);
}

/** The mappings of executable memory below 2³¹, where only native code is. */
const lowCode = (): string[] =>
  mappings().split("\n").filter((line) =>
    /^[0-7]?[0-9a-f]{1,7}-\S+ r-xp 0+ 00:00 0\s*$/.test(line)
  );

Deno.test({
  name: "devices that are closed leave no native code behind",
  ignore,
  async fn() {
    const use = async () => {
      const run = await open({ device: "cpu", threads: 3 });
      // Enough work for workers to be started.
      const x = normal(key(0), [300, 300]), product = run.jit((x: Tensor) => matmul(x, x));
      const [first] = await run.read(product(x));
      await run[Symbol.asyncDispose]();
      return first;
    };
    const expected = await use(), before = lowCode().length;
    assert(before > 0);
    for (let i = 0; i < 20; i++) assertEquals(await use(), expected);
    assertEquals(lowCode().length, before);
  },
});

Deno.test("a profiled device that is closed while it measures its peak says so", async () => {
  const run = await open({ device: "cpu", threads: 2, profile: true });
  const peak = assertRejects(() => run.peak(), Error, "expected an open device");
  await run[Symbol.asyncDispose]();
  await peak;
});
