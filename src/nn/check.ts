/**
 * Checks of layers' inputs and options, and the location of errors in a net.
 *
 * @module
 */
import { counted } from "../counted.ts";
import { addContext } from "../error_context.ts";
import { showValue } from "../host_data.ts";
import { checkLabels } from "../labels.ts";
import { showSpec, type Spec } from "../spec.ts";
import { type Params, Tensor } from "../tensor.ts";

/** Throws TypeError unless a layer is called with parameters and a tensor. */
export function checkCall(kind: string, params: unknown, x: unknown): asserts x is Tensor {
  if (x instanceof Tensor && typeof params === "object" && params !== null) return;
  const found = x instanceof Tensor
    ? `${showValue(params)} as params`
    : params instanceof Tensor && x === undefined
    ? "a tensor alone"
    : params === undefined
    ? "nothing; a layer without options is written without ()"
    : `${showValue(x)} as x`;
  throw new TypeError(
    `${kind}: expected a call with parameters and a tensor, (params, x), found ${found}`,
  );
}

/** Throws TypeError unless x is a tensor or a spec. */
export function checkSpec(kind: string, key: unknown, x: unknown): asserts x is Spec {
  const { shape, dtype } = (x ?? {}) as Partial<Spec>;
  if (key instanceof Tensor && Array.isArray(shape) && typeof dtype === "string") return;
  const found = key instanceof Tensor ? `${showValue(x)} as x` : `${showValue(key)} as key`;
  throw new TypeError(
    `${kind}: expected init(key, x) with a key and a tensor or its { shape, dtype }, found ${found}`,
  );
}

/** Throws TypeError unless every part is a layer. */
export function checkLayers(kind: string, parts: readonly unknown[]): void {
  parts.forEach((part, i) => {
    if (typeof part === "function" && "kind" in part && "init" in part) return;
    const found = `${showValue(part)} at ${i}`;
    const hint = typeof part === "function"
      ? `; call it for a layer: ${part.name || "f"}(…)`
      : Array.isArray(part)
      ? `; spread a list of layers: ${kind}(...layers)`
      : "";
    throw new TypeError(`${kind}: expected layers, found ${found}${hint}`);
  });
}

/** Throws RangeError unless x is f32 of a rank; `expected` names its axes, `hint` suggests a fix. */
export function checkInput(
  kind: string,
  x: Spec,
  rank: number,
  expected: string,
  hint = "",
): void {
  if (x.dtype === "f32" && x.shape.length === rank) return;
  throw new RangeError(`${kind}: expected ${expected}, found ${showSpec(x)}${hint && `; ${hint}`}`);
}

/** Throws RangeError unless `value` is an integer of at least `least`. */
export function checkLeast(kind: string, name: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`${kind}: expected ${name} of at least ${least}, found ${showValue(value)}`);
}

/** Throws RangeError unless `value` is in [0, 1). */
export function checkRate(kind: string, value: number): void {
  if (typeof value === "number" && value >= 0 && value < 1) return;
  throw new RangeError(`${kind}: expected a rate from 0 to below 1, found ${showValue(value)}`);
}

/**
 * Throws RangeError unless logits are f32[..., classes] and labels integers[...], from 0 to classes - 1 if
 * they are in host memory; with `soft`, labels may also be f32[..., classes].
 */
export function checkLogits(name: string, logits: Tensor, labels: Tensor, soft?: "soft"): void {
  const leading = logits.shape.slice(0, -1), isSoft = soft && labels.dtype === "f32";
  const expected = isSoft ? logits.shape : leading;
  const fits = logits.rank >= 1 && logits.dtype === "f32" &&
    (isSoft || labels.dtype !== "f32") && labels.shape.join() === expected.join();
  if (!fits) {
    throw new RangeError(
      `${name}: expected logits f32[..., classes] and labels i32[...]${
        soft ? " or f32[..., classes]" : ""
      } of the same leading axes, found ${showSpec(logits)} and ${showSpec(labels)}${
        labels.dtype !== "f32" && leading.length > labels.rank
          ? "; a net for images flattens or pools them before its last layer"
          : ""
      }`,
    );
  }
  if (labels.data && !isSoft) checkLabels(name, labels.data, logits.shape.at(-1)!);
}

/**
 * Throws RangeError unless parameters are a list with one entry per part.
 *
 * @param place The path in the net, as text; the top if left out.
 */
export function checkParts(
  kind: string,
  parts: number,
  params: unknown,
  place = "",
): asserts params is readonly Params[] {
  if (Array.isArray(params) && params.length === parts) return;
  const found = Array.isArray(params) ? params.length : typeof params;
  throw new RangeError(
    `${kind}: expected parameters of ${counted(parts, "layer")}${
      place && ` at ${place}`
    }, found ${found}`,
  );
}

/** A path of indices and names as text: `[2][0].gate`. */
export const showPath = (path: readonly (number | string)[]): string =>
  path.map((step) => typeof step === "number" ? `[${step}]` : `.${step}`).join("");

/** Prefixes the message of a shape error with the path in the net: `[2][0] conv: …`; other errors are kept. */
export function locate(error: unknown, path: readonly number[]): unknown {
  if (!(error instanceof RangeError || error instanceof TypeError)) return error;
  return addContext(error, showPath(path) + (error.message.startsWith("[") ? "" : " "));
}

/** Runs `f`, and prefixes the message of a shape error with the path in the net. */
export function withLocation<T>(path: readonly number[], f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw locate(error, path);
  }
}
