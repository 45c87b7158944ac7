/**
 * The tensor: an immutable description of a value. Building one is shape inference; `grad` walks
 * it, `jit` walks it with placeholders in it, a device runs it.
 *
 * @module
 */
import { LEAF, type Leaf, type Tree } from "./tree.ts";
import { type Data, type DType, elementsOf, type HostData } from "./host_data.ts";
import { checkShape, type Shape, showShape, sizeOf, type View } from "./shape.ts";
import type { Shown } from "./show/elements.ts";
import { formatHtml } from "./show/html.ts";
import { DISPLAY, INSPECT } from "./show/symbols.ts";
import { formatText } from "./show/text.ts";
import { type ArgSpec, asArgs, showSpec, type Spec } from "./spec.ts";
import type { Known } from "./tuple.ts";

/** How often lazy tensors have been computed. */
let epoch = 0;

/** Begins another {@linkcode Tensor.epoch}. For runtimes only. */
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

/** What all ops have. */
export interface OpBase {
  /** The op's name in errors and plans. */
  readonly name: string;
  /** The result's spec from the arguments'; throws if they do not fit. */
  readonly infer: (args: Known<ArgSpec>, attrs: Attrs) => Spec;
  /** Absent where the result does not depend smoothly on any argument. */
  readonly vjp?: Vjp;
}

/** An elementwise op over equal shapes: one scalar instruction, which every device lowers. */
export interface MapOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "map";
  /** The float64 meaning, made once a tensor; `i` is the flat index of the element. */
  readonly reference: (
    attrs: Attrs,
    dtype: DType,
  ) => (a: number, b: number, c: number, i: number) => number;
  /** What an element costs, in additions; 1 if left out. */
  readonly cost?: number;
  /** Given, the op has no arguments, and every element of the result is this number. */
  readonly value?: (attrs: Attrs) => number;
  /** Whether an element depends on where it lies, not on the arguments' elements alone. */
  readonly indexed?: true;
  /** The number that is without effect: with it as either argument, the result is the other one. */
  readonly identity?: number;
  /** The arguments of which one is NaN wherever the result is; left out, it may be NaN by itself. */
  readonly nanFrom?: readonly number[];
}

/** An op that only reads its first argument in another order; others are for its gradient alone. */
export interface ViewOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "view";
  /** How it reads its argument. */
  readonly view: (x: ArgSpec, attrs: Attrs) => View;
  /** Whether a program named it: then other ops may have the same name. */
  readonly custom?: true;
}

/** An op that needs a kernel of its own on every device. */
export interface KernelOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "kernel";
  /** The float64 meaning: elements of the arguments to elements of the result. */
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
 * An op that puts its arguments, aliases of its own, one after another along `attrs.axis`. Each is computed
 * and stored by itself, so that many cost no more than what they hold.
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

/**
 * An immutable, lazy array of up to 2³² - 1 elements. `console.log` shows its type and shape, and its
 * elements if it was made from host data.
 *
 * @example
 * ```ts
 * import { ops, tensor } from "@goodinit/goodinit";
 *
 * const x = tensor([[1, 2], [3, 4.5]]);
 * console.assert(Deno.inspect(x) === "f32[2, 2]\n[[1.  2. ]\n [3.  4.5]]");
 * const y = ops.exp(x);
 * console.assert(Deno.inspect(y) === "f32[2, 2] (lazy, exp of f32[2, 2]: run.read computes it)");
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
  /** How often lazy tensors had been computed when this one was made. */
  readonly epoch: number = epoch;

  /** For ops: describes the result of applying one; others make tensors by `tensor` and functions. */
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

  /** How `console.log` and `Deno.inspect` show it. */
  [INSPECT](_inspect: unknown, { indentationLvl = 0 }: { indentationLvl?: number } = {}): string {
    return formatText(shown(this), indentationLvl);
  }

  /** How a Jupyter notebook shows it. */
  [DISPLAY](): Record<string, string> {
    const parts = shown(this);
    return { "text/plain": formatText(parts), "text/html": formatHtml(parts) };
  }
}

/** A tree of tensors: parameters, states, batches. */
export type Params = Tree<Tensor>;

/** Applies an op: infers the result's spec (which throws on wrong arguments) and describes it. */
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
 * `Int32Array` or `Uint32Array` is kept, not copied, if its buffer is neither shared nor resizable: do
 * not write to it afterwards. Everything else is copied.
 *
 * Of typed arrays, floats become f32, signed integers i32 and unsigned ones u32; all else is f32; `dtype`
 * asks for another type. Every element means what it did on the host: numbers round to the nearest
 * f32, and what a type does not hold (1.5 or 2³¹ in i32, -1 in u32, 10³⁹ in f32) is refused.
 *
 * @param values Numbers, in arrays nested to any depth or in a typed array.
 * @param shape The shape; left out, that of the nesting.
 * @param dtype The type of the elements.
 * @throws RangeError if the shape does not hold exactly the elements given, if nested arrays are ragged or
 * empty, or if an element is none of the type.
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
  const { data, shape: natural } = elementsOf("tensor", values, dtype);
  return owning(data, shape ?? natural);
}

/** The same of elements that nobody writes to any more: they are not copied. For the library's own arrays. */
export function owning(data: Data, shape: Shape = [data.length]): Tensor {
  const of = checkShape("tensor", shape);
  if (sizeOf(of) !== data.length) {
    throw new RangeError(
      `tensor: expected ${sizeOf(of)} elements for shape ${showShape(of)}, found ${data.length}`,
    );
  }
  const dtype = data instanceof Float32Array ? "f32" : data instanceof Int32Array ? "i32" : "u32";
  return new Tensor(DATA, [], {}, { shape: of, dtype }, data);
}

/**
 * A place for a tensor that comes later, of which only shape and type are known.
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
export const placeholder = (spec: Spec): Tensor =>
  new Tensor(PLACEHOLDER, [], {}, {
    shape: checkShape("placeholder", spec.shape),
    dtype: spec.dtype,
  });

/** A tensor whose elements a runtime keeps on its device. For runtimes only. */
export const stored = (spec: Spec): Tensor => new Tensor(STORED, [], {}, spec);

/** A tensor computed like another one, from other arguments; it counts as new for ever. For runtimes only. */
export const cloneWithArgs = (x: Tensor, args: readonly Tensor[]): Tensor =>
  Object.assign(new Tensor(x.op, args, x.attrs, x), { epoch: Infinity });

/**
 * Gives a tensor that a runtime keeps the elements of other arguments, from which the same comes; left out,
 * none: it is {@linkcode stored}. For runtimes only.
 */
export function rewire(x: Tensor, args?: readonly Tensor[]) {
  Object.assign(x, args ? { args } : { op: STORED, args: [] });
}

/** Whether a tensor is an argument yet to be given. */
export const isPlaceholder = (x: Tensor): boolean => x.op === PLACEHOLDER;

/** Whether a runtime keeps the tensor's elements. */
export const isStored = (x: Tensor): boolean => x.op === STORED;

/** Why the host does not have a tensor's elements. */
function absence(x: Tensor): string {
  if (isPlaceholder(x)) return "a placeholder: its elements come later";
  if (isStored(x)) return "on a device: run.read gives its elements";
  if (x.op.kind === "map" && x.op.value) return `all ${x.op.value(x.attrs)}`;
  const of = x.args.length > 0 ? ` of ${x.args.map(showSpec).join(", ")}` : "";
  return `lazy, ${x.op.name}${of}: run.read computes it`;
}

/** A tensor as plain data, for showing. */
const shown = (x: Tensor): Shown => ({
  spec: showSpec(x),
  shape: x.shape,
  elements: x.data ?? absence(x),
});
