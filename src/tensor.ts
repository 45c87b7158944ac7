/**
 * The tensor: an immutable description of a value. Building one is shape inference; `grad` walks
 * it, `jit` walks it with holes in it, a device runs it.
 *
 * @module
 */
import { LEAF, type Leaf, type Tree } from "./tree.ts";
import { checkShape, type Shape, showShape, sizeOf, type View } from "./shape.ts";
import { htmlOf } from "./show/html.ts";
import { DISPLAY, INSPECT } from "./show/symbols.ts";
import { showTensor } from "./show/text.ts";
import type { Known } from "./tuple.ts";

let epoch = 0;

/** Begins another {@linkcode Tensor.epoch}. For runtimes only. */
export const nextEpoch = (): number => ++epoch;

/** The type of a tensor's elements: 32-bit float, signed or unsigned integer. */
export type DType = "f32" | "i32" | "u32";

/** What is known of a tensor before it is computed. */
export interface Spec {
  /** The sizes of the axes. */
  readonly shape: Shape;
  /** The type of the elements. */
  readonly dtype: DType;
}

/** Elements on the host. */
export type Data =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>;

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

/** The spec of an op's argument. */
export interface ArgSpec extends Spec {
  /** The sizes of the axes, of which there are as many as the op asks for. */
  readonly shape: Known<number>;
}

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
}

/** An op that only reads its first argument in another order; others are for its gradient alone. */
export interface ViewOp extends OpBase {
  /** Which kind of op it is. */
  readonly kind: "view";
  /** How it reads its argument. */
  readonly view: (x: ArgSpec, attrs: Attrs) => View;
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

/** A tensor that is given rather than computed: host data, a device's buffer, or a hole. */
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
    return showTensor(this, indentationLvl);
  }

  /** How a Jupyter notebook shows it. */
  [DISPLAY](): Record<string, string> {
    return { "text/plain": showTensor(this), "text/html": htmlOf(this) };
  }
}

/** A tree of tensors: parameters, states, batches. */
export type Params = Tree<Tensor>;

/** A spec as text: `f32[2, 3]`. */
export const showSpec = ({ shape, dtype }: Spec): string => `${dtype}${showShape(shape)}`;

/** Applies an op: infers the result's spec (which throws on wrong arguments) and describes it. */
export const apply = (op: Op, args: readonly Tensor[], attrs: Attrs = {}): Tensor =>
  new Tensor(op, args, attrs, op.infer(args as Known<Tensor & ArgSpec>, attrs));

const leafOp = (name: string): LeafOp => ({
  kind: "leaf",
  name,
  infer: () => {
    throw new Error(`${name}: a leaf is not applied`);
  },
});

const DATA = leafOp("data"), HOLE = leafOp("hole"), STORED = leafOp("stored");

/** Nested arrays of numbers. */
export type Nested = number | readonly Nested[];

function shapeOfNested(values: Nested): number[] {
  if (typeof values === "number") return [];
  if (values.length === 0) throw new RangeError("tensor: expected at least one element, found []");
  const inner = values.map(shapeOfNested);
  if (!inner.every((s) => s.join() === inner[0]!.join())) {
    throw new RangeError("tensor: expected nested arrays of equal lengths, found ragged ones");
  }
  return [values.length, ...inner[0]!];
}

/** The typed array that holds elements of a type. */
export const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;

const arrayOf = (dtype: DType, values: ArrayLike<number>): Data => ARRAYS[dtype].from(values);

const dtypeOf = (data: Data): DType =>
  data instanceof Float32Array ? "f32" : data instanceof Int32Array ? "i32" : "u32";

/**
 * A tensor from host data: nested arrays of numbers, or a typed array with a shape. A typed array is
 * kept, not copied: do not write to it afterwards.
 *
 * @param values Nested arrays (f32 unless `dtype` says otherwise) or a typed array (its own type).
 * @param shape The shape; left out, that of the nesting.
 * @throws RangeError if the shape does not hold exactly the elements given.
 *
 * @example
 * ```ts
 * import { tensor } from "@goodinit/goodinit";
 *
 * const matrix = tensor([[1, 2, 3], [4, 5, 6]]);
 * console.assert(matrix.shape.join() === "2,3" && matrix.dtype === "f32");
 * const labels = tensor(Int32Array.of(3, 1), [2, 1]);
 * console.assert(labels.rank === 2 && labels.dtype === "i32");
 * ```
 */
export function tensor(values: Nested | Data, shape?: Shape, dtype?: DType): Tensor {
  const typed = ArrayBuffer.isView(values);
  const flat = typed ? values : ([values] as unknown[]).flat(Infinity) as number[];
  const natural = typed ? [values.length] : shapeOfNested(values);
  const data = typed && (dtype === undefined || dtype === dtypeOf(values))
    ? values
    : arrayOf(dtype ?? "f32", flat);
  const of = checkShape("tensor", shape ?? natural);
  if (sizeOf(of) !== data.length) {
    throw new RangeError(
      `tensor: expected ${sizeOf(of)} elements for shape ${showShape(of)}, found ${data.length}`,
    );
  }
  return new Tensor(DATA, [], {}, { shape: of, dtype: dtypeOf(data) }, data);
}

/**
 * A place for a tensor that comes later, of which only shape and type are known.
 *
 * @example
 * ```ts
 * import { conv, hole, key } from "@goodinit/goodinit";
 *
 * const images = hole({ shape: [8, 32, 32, 3], dtype: "f32" });
 * const layer = conv(16, 5), params = layer.init(key(0), images);
 * console.assert(layer(params, images).shape.join() === "8,28,28,16");
 * ```
 */
export const hole = (spec: Spec): Tensor =>
  new Tensor(HOLE, [], {}, {
    shape: checkShape("hole", spec.shape),
    dtype: spec.dtype,
  });

/** A tensor whose elements a runtime keeps on its device. For runtimes only. */
export const stored = (spec: Spec): Tensor => new Tensor(STORED, [], {}, spec);

/** A tensor computed like another one, from other arguments; it counts as new for ever. For runtimes only. */
export const twinOf = (x: Tensor, args: readonly Tensor[]): Tensor =>
  Object.assign(new Tensor(x.op, args, x.attrs, x), { epoch: Infinity });

/**
 * Gives a tensor that a runtime keeps the elements of other arguments, from which the same comes; left out,
 * none: it is {@linkcode stored}. For runtimes only.
 */
export function settle(x: Tensor, args?: readonly Tensor[]) {
  Object.assign(x, args ? { args } : { op: STORED, args: [] });
}

/** Whether a tensor is an argument yet to be given. */
export const isHole = (x: Tensor): boolean => x.op === HOLE;

/** Whether a runtime keeps the tensor's elements. */
export const isStored = (x: Tensor): boolean => x.op === STORED;

/** What a tensor's elements are computed from: its arguments, but of a view's only the first. */
export const sourcesOf = ({ op, args }: Tensor): readonly Tensor[] =>
  op.kind === "view" ? args.slice(0, 1) : args;

/**
 * Every tensor that the given ones depend on, themselves included, arguments first.
 *
 * @param argsOf What a tensor depends on; all its arguments if left out.
 */
export function topological(
  roots: readonly Tensor[],
  stop: (x: Tensor) => boolean = () => false,
  argsOf: (x: Tensor) => readonly Tensor[] = (x) => x.args,
): Tensor[] {
  const done = new Set<Tensor>(), order: Tensor[] = [];
  const stack: [Tensor, number][] = [];
  for (const root of roots) {
    if (done.has(root)) continue;
    done.add(root);
    stack.push([root, 0]);
    while (stack.length) {
      const top = stack[stack.length - 1]!;
      const args = stop(top[0]) ? [] : argsOf(top[0]);
      if (top[1] < args.length) {
        const arg = args[top[1]++]!;
        if (!done.has(arg)) {
          done.add(arg);
          stack.push([arg, 0]);
        }
      } else {
        order.push(top[0]);
        stack.pop();
      }
    }
  }
  return order;
}
