/**
 * Tensors: immutable, lazy nodes of a graph. Building one infers its shape; `grad` differentiates the
 * graph, `jit` traces it with placeholders, a device computes it.
 *
 * @module
 */
import { counted, grouped } from "./counted.ts";
import { LEAF, type Leaf, type Tree } from "./tree.ts";
import {
  checkDType,
  type Data,
  type DType,
  type HostData,
  showValue,
  toElements,
} from "./host_data.ts";
import { checkShape, type Shape, showShape, sizeOf, type View } from "./shape.ts";
import type { Shown } from "./show/elements.ts";
import { formatHtml } from "./show/html.ts";
import { DISPLAY, INSPECT, NODE_INSPECT } from "./show/symbols.ts";
import { formatText } from "./show/text.ts";
import { type ArgSpec, asArgs, showSpec, type Spec } from "./spec.ts";
import type { Known } from "./tuple.ts";

/** Counts how often a runtime has computed lazy tensors. */
let epoch = 0;

/** Starts the next {@linkcode Tensor.epoch}. For runtimes only. */
export const nextEpoch = (): number => ++epoch;

/** An op's constants: plain data, so that a graph can be printed and compared. */
export type Attrs = Readonly<
  Record<string, number | string | boolean | readonly number[] | readonly string[]>
>;

/** The vector-Jacobian product: cotangents of the arguments from that of the result. */
export type Vjp = (
  cotangent: Tensor,
  args: Known<Tensor>,
  y: Tensor,
  attrs: Attrs,
) => readonly (Tensor | null)[];

/** The properties of every op. */
export interface OpBase {
  /** The op's name in errors and plans. */
  readonly name: string;
  /** Infers the result's spec from the arguments'; throws if they do not fit together. */
  readonly infer: (args: Known<ArgSpec>, attrs: Attrs) => Spec;
  /** Absent if the op is not differentiable in any argument. */
  readonly vjp?: Vjp;
}

/** An elementwise op over equal shapes: one scalar instruction, which every device lowers. */
export interface MapOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "map";
  /** The float64 reference, made once per tensor; `i` is the element's flat index. */
  readonly reference: (
    attrs: Attrs,
    dtype: DType,
  ) => (a: number, b: number, c: number, i: number) => number;
  /** The cost of an element, in additions; 1 if left out. */
  readonly cost?: number;
  /** For an op without arguments: the number that every element of the result is. */
  readonly value?: (attrs: Attrs) => number;
  /** The arguments in each of which, with the others fixed, the op is linear. */
  readonly linear?: readonly number[];
  /** Whether the op is linear in all arguments together, as a sum is. */
  readonly additive?: true;
  /** Whether an element depends on its index, not on the arguments' elements alone. */
  readonly indexed?: true;
  /** The identity element: with it as one argument, the result is the other argument. */
  readonly identity?: number;
  /**
   * The arguments that NaN can come from: where the result is NaN, one of them is. Left out, the op can
   * produce NaN itself.
   */
  readonly nanFrom?: readonly number[];
}

/**
 * An op that only reads its first argument in another order; further arguments are used by its gradient
 * alone.
 */
export interface ViewOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "view";
  /** How it reads its argument. */
  readonly view: (x: ArgSpec, attrs: Attrs) => View;
  /** Whether it was made by `custom`; its name then need not be unique. */
  readonly custom?: true;
}

/** An op that needs a kernel of its own on every device. */
export interface KernelOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "kernel";
  /** The float64 reference: elements of the arguments to elements of the result. */
  readonly reference: (
    args: Known<Float64Array>,
    specs: Known<ArgSpec>,
    y: ArgSpec,
    attrs: Attrs,
  ) => Float64Array;
  /** Floating-point operations of one call, for `explain` and benchmarks. */
  readonly flops: (specs: Known<ArgSpec>, y: ArgSpec, attrs: Attrs) => number;
}

/**
 * An op that concatenates its arguments, which are aliases of its own, along `attrs.axis`. Each is computed
 * and stored in its region, so that the cost is linear in the elements.
 */
export interface ConcatOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "concat";
}

/** A tensor that is given rather than computed: host data, a device's buffer, or a placeholder. */
export interface LeafOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "leaf";
}

/** What a tensor does to its arguments. */
export type Op = MapOp | ViewOp | KernelOp | ConcatOp | LeafOp;

/** A runtime's record of where a tensor's elements are; those of several runtimes form a list. */
export interface Storage {
  /** That of another runtime. */
  next: Storage | undefined;
}

/** The first storage of a tensor; undefined if no runtime stores its elements. For runtimes only. */
export let storageOf: (x: Tensor) => Storage | undefined;

/** Replaces the {@linkcode storageOf} a tensor. For runtimes only. */
export let setStorage: (x: Tensor, storage: Storage | undefined) => void;

const NO_ARGUMENTS: readonly Tensor[] = [], NO_ATTRS: Attrs = {};

/**
 * An immutable, lazy array of up to 2³² - 1 elements. `console.log` shows its type and shape, and its
 * elements if it was made from host data; `await run.show(x)` gives a lazy one with its elements. JavaScript
 * has no operators on tensors: `x + 1` throws, and `ops.add(x, 1)` is the sum.
 *
 * @example
 * ```ts
 * import { ops, tensor } from "@goodinit/goodinit";
 *
 * const x = tensor([[1, 2], [3, 4.5]]);
 * console.assert(Deno.inspect(x) === "f32[2, 2]\n[[1.  2. ]\n [3.  4.5]]");
 * const y = ops.exp(x);
 * console.assert(Deno.inspect(y) === "f32[2, 2] (lazy, exp of f32[2, 2]: await run.show(x) computes it)");
 * ```
 */
export class Tensor implements Spec, Leaf {
  /** Marks a leaf of trees. */
  readonly [LEAF] = true as const;
  /** What computes it. */
  readonly op: Op;
  /** What it is computed from. */
  readonly args: readonly Tensor[];
  /** The op's constants. */
  readonly attrs: Attrs;
  /** The sizes of the axes. */
  readonly shape: Shape;
  /** The type of the elements. */
  readonly dtype: DType;
  /** The elements, if this tensor was made from host data. */
  readonly data?: Data;
  /** The value of the global epoch when this tensor was made. */
  readonly epoch: number = epoch;
  #storage: Storage | undefined = undefined;

  static {
    storageOf = (x) => x.#storage;
    setStorage = (x, storage) => x.#storage = storage;
  }

  /** For ops: the result of applying one. Everyone else uses {@linkcode tensor} and functions. */
  constructor(op: Op, args: readonly Tensor[], attrs: Attrs, spec: Spec, data?: Data) {
    this.op = op;
    this.args = args;
    this.attrs = attrs;
    this.shape = spec.shape;
    this.dtype = spec.dtype;
    if (data) this.data = data;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Its text, as the console shows it; for texts such as `` `${x}` ``. */
  toString(): string {
    return formatText(shown(this));
  }

  /** For JavaScript: a text is made of the tensor, but arithmetic throws TypeError, as it cannot be overloaded. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    const functions = hint === "number"
      ? "x - y is ops.sub(x, y), * is ops.mul, / is ops.div, < is ops.less, > is ops.greater"
      : "x + y is ops.add(x, y), == is ops.equal, and its text is `${x}`";
    throw new TypeError(
      `tensor: expected a function of ops, as JavaScript has no operators for tensors, found ${
        showSpec(this)
      } in an expression; ${functions}`,
    );
  }

  /** For `JSON.stringify`: throws TypeError, since a tensor's elements may not be known. */
  toJSON(): never {
    throw new TypeError(
      `tensor: expected numbers for JSON, found ${
        showSpec(this)
      }; await run.read(x) gives its elements`,
    );
  }

  /** Its text for `console.log` and `Deno.inspect`. */
  [INSPECT](_inspect: unknown, { indentationLvl = 0 }: { indentationLvl?: number } = {}): string {
    return formatText(shown(this), indentationLvl);
  }

  /** The same for `console.log` and `util.inspect` of Node and Bun. */
  [NODE_INSPECT](
    _depth: unknown,
    { indentationLvl = 0 }: { indentationLvl?: number } = {},
  ): string {
    return formatText(shown(this), indentationLvl);
  }

  /** Its representations for a Jupyter notebook, by media type. */
  [DISPLAY](): Record<string, string> {
    const parts = shown(this);
    return { "text/plain": formatText(parts), "text/html": formatHtml(parts) };
  }
}

/** A tree of tensors: parameters, states, batches. */
export type Params = Tree<Tensor>;

/** Applies an op lazily: infers the result's spec (which throws on wrong arguments) and makes its node. */
export const apply = (op: Op, args: readonly Tensor[], attrs: Attrs = {}): Tensor =>
  new Tensor(op, args, attrs, op.infer(asArgs(args), attrs));

const leafOp = (name: string): LeafOp => ({
  kind: "leaf",
  name,
  infer: () => {
    throw new Error(`${name}: a leaf is not applied`);
  },
});

const DATA = leafOp("data"), PLACEHOLDER = leafOp("placeholder"), STORED = leafOp("stored");

/**
 * A tensor from host data: a number, nested arrays of them, or a typed array of any kind. A `Float32Array`,
 * `Int32Array` or `Uint32Array` is kept, not copied, if its buffer is neither shared nor resizable: do not
 * write to it afterwards. Everything else is copied.
 *
 * Typed arrays of floats become f32, of signed integers i32, of unsigned ones u32; everything else becomes
 * f32, unless `dtype` is given. Numbers round to the nearest f32; one that the type cannot represent (1.5
 * or 2³¹ in i32, -1 in u32, 10³⁹ in f32) is an error.
 *
 * @param values Numbers, in arrays nested to any depth or in a typed array.
 * @param shape The shape; if left out, that of the nesting.
 * @param dtype The type of the elements.
 * @throws RangeError if the shape does not hold exactly the elements given, if nested arrays are ragged or
 * empty, or if the type cannot represent an element.
 * @throws TypeError on anything but numbers: strings, booleans, gaps, buffers without a type.
 *
 * @example
 * ```ts
 * import { tensor } from "@goodinit/goodinit";
 *
 * const matrix = tensor([[1, 2, 3], [4, 5, 6]]);
 * console.assert(matrix.shape.join() === "2,3" && matrix.dtype === "f32");
 * const labels = tensor(Int32Array.of(3, 1), [2, 1]);
 * console.assert(labels.rank === 2 && labels.dtype === "i32");
 * const bytes = tensor(Uint8Array.of(0, 128, 255), [3], "f32");
 * console.assert(bytes.data?.join() === "0,128,255");
 * ```
 */
export function tensor(values: HostData, shape?: Shape, dtype?: DType): Tensor {
  const { data, shape: natural } = toElements("tensor", values, dtype);
  return owning(data, shape ?? natural);
}

/**
 * As {@linkcode tensor}, for an array that is never written to again and so need not be copied. For the
 * library's own arrays.
 */
export function owning(data: Data, shape: Shape = [data.length]): Tensor {
  const of = checkShape("tensor", shape);
  if (sizeOf(of) !== data.length) {
    throw new RangeError(
      `tensor: expected ${counted(sizeOf(of), "element")} for shape ${showShape(of)}, found ${
        grouped(data.length)
      }`,
    );
  }
  const dtype = data instanceof Float32Array ? "f32" : data instanceof Int32Array ? "i32" : "u32";
  return new Tensor(DATA, [], {}, { shape: of, dtype }, data);
}

/**
 * A placeholder: a tensor of which only shape and type are known, and whose elements come later.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [8, 32, 32, 3], dtype: "f32" });
 * const layer = nn.conv(16, 5), params = layer.init(key(0), images);
 * console.assert(layer(params, images).shape.join() === "8,28,28,16");
 * ```
 */
export function placeholder(spec: Spec): Tensor {
  const { shape, dtype } = (spec ?? {}) as Partial<Spec>;
  if (shape === undefined || dtype === undefined) {
    throw new TypeError(`placeholder: expected { shape, dtype }, found ${showValue(spec)}`);
  }
  checkDType("placeholder", dtype);
  return new Tensor(PLACEHOLDER, [], {}, { shape: checkShape("placeholder", shape), dtype });
}

/** A tensor whose elements are stored on a runtime's device. For runtimes only. */
export const stored = (spec: Spec): Tensor => new Tensor(STORED, NO_ARGUMENTS, NO_ATTRS, spec);

/** A tensor computed as another one, from other arguments; its epoch is infinite. For runtimes only. */
export const cloneWithArgs = (x: Tensor, args: readonly Tensor[]): Tensor =>
  Object.assign(new Tensor(x.op, args, x.attrs, x), { epoch: Infinity });

/**
 * Replaces the arguments of a tensor whose elements a runtime stores by others that give the same value;
 * left out, makes it a {@linkcode stored} tensor. For runtimes only.
 */
export function rewire(x: Tensor, args?: readonly Tensor[]) {
  Object.assign(x, args ? { args } : { op: STORED, args: [] });
}

/** Whether a tensor is a {@linkcode placeholder}. */
export const isPlaceholder = (x: Tensor): boolean => x.op === PLACEHOLDER;

/** Whether a tensor is {@linkcode stored} on a device. */
export const isStored = (x: Tensor): boolean => x.op === STORED;

/** Why a tensor's elements are not in host memory. */
function absence(x: Tensor): string {
  if (isPlaceholder(x)) return "a placeholder: its elements come later";
  if (isStored(x)) return "on a device: await run.show(x) shows it";
  if (x.op.kind === "map" && x.op.value) return `all ${x.op.value(x.attrs)}`;
  const of = x.args.length > 0 ? ` of ${x.args.map(showSpec).join(", ")}` : "";
  return `lazy, ${x.op.name}${of}: await run.show(x) computes it`;
}

/** A tensor as plain data, for printing. */
const shown = (x: Tensor): Shown => ({
  spec: showSpec(x),
  shape: x.shape,
  elements: x.data ?? absence(x),
});
