/**
 * The assembler: what it writes is what the engine runs.
 */
import { assertEquals } from "@std/assert";
import { Func } from "../../../src/device/cpu/wasm/function.ts";
import { ModuleBuilder } from "../../../src/device/cpu/wasm/module.ts";
import { pushSigned, unsignedLeb128 } from "../../../src/device/cpu/wasm/encoding.ts";
import { floatBits } from "../../../src/host_data.ts";
import { detectFeatures, multiplyAdd } from "../../../src/device/cpu/features.ts";
import type { Tuple } from "../../../src/tuple.ts";

const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });

/** Adds functions under their names, instantiates the module and gives what it exports. */
function assemble(functions: Readonly<Record<string, Func>>) {
  const module = new ModuleBuilder();
  for (const [name, func] of Object.entries(functions)) module.add(func, name);
  const bytes = module.bytes({ maximum: 2, shared: false });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return exports as unknown as Readonly<Record<string, (...args: number[]) => number>>;
}

const signedLeb128 = (value: number): number[] => {
  const bytes: number[] = [];
  pushSigned(bytes, value);
  return bytes;
};

Deno.test("unsignedLeb128() and pushSigned() are LEB128", () => {
  assertEquals(unsignedLeb128(0), [0]);
  assertEquals(unsignedLeb128(624485), [0xe5, 0x8e, 0x26]);
  assertEquals(unsignedLeb128(2 ** 32 - 1), [0xff, 0xff, 0xff, 0xff, 0x0f]);
  assertEquals(signedLeb128(-123456), [0xc0, 0xbb, 0x78]);
  assertEquals(signedLeb128(63), [63]);
  assertEquals(signedLeb128(64), [0xc0, 0]);
  assertEquals(signedLeb128(-64), [0x40]);
  assertEquals(floatBits(1), 0x3f800000);
});

Deno.test("count() and while() run their bodies as often as they say", () => {
  const counted = (end: number) => {
    const f = new Func([], ["i32"]), [i, total] = f.locals("i32", 2) as Tuple<number, 2>;
    return f.count(i, end, () => f.advance(total, 1)).get(total);
  };
  const bounded = new Func(["i32", "i32"], ["i32"]), total = bounded.local("i32");
  bounded.while(0, 1, 3, () => bounded.advance(total, 1)).get(total);
  const { none, one, seven, between } = assemble({
    none: counted(0),
    one: counted(1),
    seven: counted(7),
    between: bounded,
  });
  assertEquals([none!(), one!(), seven!()], [0, 1, 7]);
  assertEquals([between!(5, 5), between!(0, 1), between!(0, 7), between!(-3, 0)], [0, 1, 3, 0]);
});

Deno.test("base() reads a slot's address from the table once, at entry", () => {
  const f = new Func(["i32"], ["i32"]);
  f.get(f.base(2)).get(f.base(2)).op("i32.add").get(f.base(0)).op("i32.sub");
  new Int32Array(memory.buffer).set([5, 0, 40], 16);
  assertEquals(assemble({ f }).f!(64), 75);
});

Deno.test("call() runs another function of the module, and only one that is in it", () => {
  const callee = new Func(["i32"], ["i32"]), caller = new Func(["i32"], ["i32"]);
  callee.get(0).times(3);
  let message = "";
  try {
    caller.call(callee);
  } catch (error) {
    message = (error as Error).message;
  }
  assertEquals(message, "cpu: expected a function of the module, found another");
  const module = new ModuleBuilder();
  module.add(callee);
  module.add(caller, "caller");
  caller.get(0).plus(1).call(callee);
  const compiled = new WebAssembly.Module(module.bytes({ maximum: 2, shared: false }));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  assertEquals((exports.caller as (x: number) => number)(4), 15);
});

for (const madd of [detectFeatures().madd, false]) {
  Deno.test(`multiplyAdd() with ${madd ? "one instruction" : "two instructions"}`, () => {
    const f = new Func(["i32"]);
    f.get(0);
    const numbers = (k: number) => () => f.floats(k);
    multiplyAdd(
      f,
      { madd },
      numbers(3),
      numbers(5),
      numbers(7),
    );
    f.access("v128.store");
    assemble({ f }).f!(256);
    assertEquals([...new Float32Array(memory.buffer, 256, 4)], [22, 22, 22, 22]);
  });
}
