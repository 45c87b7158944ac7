/**
 * Detects which WebAssembly features the engine supports.
 *
 * @module
 */
import { detectNative, type NativeSet } from "./native/detect.ts";
import { whyNoWorkers } from "./threads/workers.ts";
import { Func } from "./wasm/function.ts";
import { ModuleBuilder } from "./wasm/module.ts";

/** The features that generated code may use. */
export interface Features {
  /** Whether relaxed multiply-add is supported. */
  readonly madd: boolean;
  /** Whether memory can be shared with worker threads. */
  readonly shared: boolean;
  /**
   * Whether the engine fuses the same instruction on two adjacent vectors into a 256-bit one, so that code
   * should be written in such pairs. V8 does with `--experimental-wasm-revectorize`; a program cannot
   * detect it, so the caller has to set it.
   */
  readonly wide: boolean | undefined;
  /** The instructions of native products, which need multiply-add and shared memory; undefined for none. */
  readonly native: NativeSet | undefined;
  /** Whether convolutions use Winograd's algorithms: where faster, never, or always one of them. */
  readonly winograd: "auto" | "off" | "F2" | "F4";
}

/** Detects this engine's features. */
export function detectFeatures(): Features {
  const module = new ModuleBuilder();
  const func = new Func([], ["v128"]);
  func.floats(1).floats(1).floats(1).op("f32x4.relaxed_madd");
  module.add(func);
  return {
    madd: WebAssembly.validate(module.bytes({ maximum: 1, shared: false })),
    shared: whyNoWorkers() === undefined,
    wide: false,
    native: detectNative(),
    winograd: "auto",
  };
}

/** Emits a · b + c on vectors. */
export function multiplyAdd(
  f: Func,
  { madd }: Pick<Features, "madd">,
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
