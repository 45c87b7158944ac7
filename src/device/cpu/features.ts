/**
 * What this engine's WebAssembly can do.
 *
 * @module
 */
import { Func } from "./wasm/function.ts";
import { ModuleBuilder } from "./wasm/module.ts";

/** What generated code may use. */
export interface Features {
  /** Whether there is a multiply-add in one instruction. */
  readonly madd: boolean;
  /** Whether memory can be shared with worker threads. */
  readonly shared: boolean;
  /**
   * Whether the engine makes one instruction of the same instruction on two neighboring vectors, so that
   * code is best written in such pairs. V8 does with `--experimental-wasm-revectorize`; a program cannot
   * find out, so whoever opens the device has to say.
   */
  readonly wide: boolean | undefined;
  /** Whether convolutions are Winograd's: where that is faster, never, or always by one algorithm. */
  readonly winograd: "auto" | "off" | "F2" | "F4";
}

/** Finds out what this engine can do. */
export function featuresHere(): Features {
  const module = new ModuleBuilder();
  const func = new Func([], ["v128"]);
  func.floats(1).floats(1).floats(1).op("f32x4.relaxed_madd");
  module.add(func);
  return {
    madd: WebAssembly.validate(module.bytes({ maximum: 1, shared: false })),
    shared: typeof SharedArrayBuffer === "function" && typeof Worker === "function",
    wide: false,
    winograd: "auto",
  };
}

/** Multiplies two vectors on the stack and adds the third. */
export function multiplyAdd(
  f: Func,
  { madd }: Features,
  a: () => void,
  b: () => void,
  c: () => void,
) {
  if (madd) {
    a();
    b();
    c();
    f.op("f32x4.relaxed_madd");
  } else {
    c();
    a();
    b();
    f.op("f32x4.mul", "f32x4.add");
  }
}
