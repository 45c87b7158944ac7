/**
 * Checks of the types of options and arguments, for callers without a type checker.
 *
 * @module
 */
import { closestString } from "./closest_string.ts";
import { describeValue, hasAll } from "./describe_value.ts";
import { Tensor } from "./tensor.ts";

/** What an option must be. */
export interface OptionCheck {
  /** In words, such as `a number`. */
  readonly expected: string;
  /** Whether a value is of this kind; ranges are checked elsewhere. */
  readonly accepts: (value: unknown) => boolean;
  /** What may have been meant by a value that is not. */
  readonly hint?: ((value: unknown) => string | undefined) | undefined;
  /** Whether it may be left out. */
  readonly optional?: boolean;
}

/** The same, which may be left out. */
export const optional = (check: OptionCheck): OptionCheck => ({ ...check, optional: true });

/** A number. */
export const NUMBER: OptionCheck = {
  expected: "a number",
  accepts: (value) => typeof value === "number",
};

/** True or false. */
export const FLAG: OptionCheck = {
  expected: "true or false",
  accepts: (value) => typeof value === "boolean",
};

/** A text. */
export const TEXT: OptionCheck = {
  expected: "a text",
  accepts: (value) => typeof value === "string",
};

/** A function; `of` describes it. */
export const functionOf = (of: string, hint?: OptionCheck["hint"]): OptionCheck => ({
  expected: `a function ${of}`,
  accepts: (value) => typeof value === "function",
  hint,
});

/** An object with these properties; `of` describes it. */
export const objectWith = (
  of: string,
  names: readonly string[],
  hint?: OptionCheck["hint"],
): OptionCheck => ({
  expected: of,
  accepts: (value) => typeof value === "object" && hasAll(value, ...names),
  hint,
});

/** A signal that stops what is under way. */
export const SIGNAL: OptionCheck = objectWith(
  "an AbortSignal",
  ["aborted"],
  (value) => hasAll(value, "signal") ? "give its signal" : undefined,
);

/** A list of texts. */
export const TEXTS: OptionCheck = {
  expected: "a list of texts",
  accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === "string"),
};

/** A layer, or a net of layers. */
export const LAYER: OptionCheck = {
  expected: "a layer or a net, such as sequential(...)",
  accepts: (value) => typeof value === "function" && hasAll(value, "init"),
  hint: (value) =>
    Array.isArray(value)
      ? "sequential(...layers) makes one of a list"
      : typeof value === "function"
      ? "nn.stateless makes a layer of a function; layers such as nn.dense(10) are called"
      : undefined,
};

/** Parameters of a net. */
export const PARAMS: OptionCheck = {
  expected: "parameters, as net.init(key, x) returns them",
  accepts: (value) => typeof value === "object" && value !== null && !hasAll(value, "then"),
};

/** A tensor. */
export const TENSOR: OptionCheck = {
  expected: "a tensor",
  accepts: (value) => value instanceof Tensor,
  hint: (value) => ArrayBuffer.isView(value) ? "tensor(data, shape) makes one" : undefined,
};

/** A runtime. */
export const RUNTIME: OptionCheck = {
  expected: "a runtime, as await open() returns it",
  accepts: (value) => hasAll(value, "jit", "read"),
};

/** Throws TypeError, in the name of the calling function, unless a value is of a kind. */
export function checkKind(
  caller: string,
  name: string,
  value: unknown,
  { expected, accepts, hint, optional }: OptionCheck,
  more = "",
): void {
  if (value === undefined ? optional : accepts(value)) return;
  const meant = value === undefined ? undefined : hint?.(value);
  throw new TypeError(
    `${caller}: expected ${name} to be ${expected}, found ${
      value === undefined ? "none" : describeValue(value)
    }${meant ? `; ${meant}` : more}`,
  );
}

/** The option that another name may have been meant for. */
function misspelled(options: object, name: string, known: readonly string[]): string {
  const others = Object.keys(options).filter((given) => !known.includes(given));
  const near = closestString(name, others);
  return near === undefined ? "" : `; did you mean it by ${near}?`;
}

/**
 * Throws TypeError, in the name of the calling function, unless options are an object and each is of its kind.
 * Options without a check are not looked at.
 */
export function checkOptions(
  caller: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
): void {
  const known = Object.keys(checks);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(
      `${caller}: expected options { ${known.slice(0, 3).join(", ")}, … }, found ${
        describeValue(options)
      }`,
    );
  }
  for (const [name, check] of Object.entries(checks)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    checkKind(caller, name, value, check, misspelled(options, name, known));
  }
}
