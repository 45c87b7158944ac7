/**
 * Lowers a materialized graph to steps: what each reads, computes and stores.
 *
 * @module
 */
import { concatRegions, type Region } from "../ops/concat.ts";
import { isFlat } from "../shape.ts";
import { asArg } from "../spec.ts";
import type { KernelOp, Tensor } from "../tensor.ts";
import type { Expr } from "./expr.ts";
import type { Materialization } from "./materialize.ts";
import type { KernelUse, Plan, Slot, SlotKind, Step } from "./plan.ts";
import type { SourceGraph } from "./source_graph.ts";

/** A plan, with the tensor that each step stores. */
export interface Lowered extends Plan {
  readonly roots: readonly Tensor[];
}

/** Writes a step for each stored value, in the order of the graph. */
export function lowerSteps(graph: SourceGraph, materialization: Materialization): Lowered {
  const { given, order } = graph, { roots, anchors } = materialization;
  const isStep = (x: Tensor) =>
    roots.has(x) && !given.has(x) && x.op.kind !== "leaf" && x.op.kind !== "concat";
  const stepped = order.filter(isStep), table = allocateSlots(graph, stepped);
  return {
    slots: table.slots,
    steps: stepped.map((root) => lowerStep(root, anchors.get(root), table)),
    roots: stepped,
  };
}

/** The slots of a plan, and the slots and regions of tensors. */
interface SlotTable {
  readonly slots: readonly Slot[];
  readonly slotOf: ReadonlyMap<Tensor, number>;
  /** The region of a part of a concatenation in the slot of the whole. */
  readonly regionOf: ReadonlyMap<Tensor, Region>;
}

/** Allocates slots for inputs, constants and outputs, for concatenations, and for what steps store. */
function allocateSlots(
  { inputs, given, constants, outputs, order }: SourceGraph,
  stepped: readonly Tensor[],
): SlotTable {
  const slots: Slot[] = [], slotOf = new Map<Tensor, number>();
  const regionOf = new Map<Tensor, Region>();
  const allocate = (x: Tensor, kind: SlotKind, index: number) => {
    slotOf.set(x, slots.length);
    slots.push({ kind, index, shape: x.shape, dtype: x.dtype });
  };
  const allocateTemporary = (x: Tensor) => {
    if (!slotOf.has(x)) allocate(x, "temporary", slots.length);
  };
  inputs.forEach((x, i) => allocate(x, "input", i));
  constants.forEach((x, i) => allocate(x, "constant", i));
  outputs.forEach((x, i) => allocate(x, "output", i));
  for (const x of order) {
    if (x.op.kind !== "concat" || given.has(x)) continue;
    allocateTemporary(x);
    concatRegions(x.args, x, x.attrs.axis as number).forEach((region, i) => {
      regionOf.set(x.args[i]!, region);
      slotOf.set(x.args[i]!, slotOf.get(x)!);
    });
  }
  stepped.forEach(allocateTemporary);
  return { slots, slotOf, regionOf };
}

/** Writes the step that stores a tensor, as an epilogue of `anchor` if that is given. */
function lowerStep(root: Tensor, anchor: Tensor | undefined, table: SlotTable): Step {
  const expressions = new Expressions(root, table.slotOf);
  const kernel = root.op.kind === "kernel" ? root : anchor;
  const use = kernel && lowerKernel(kernel, expressions);
  const prologue = expressions.takeNames();
  const store = expressions.of(root), region = table.regionOf.get(root);
  return {
    label: label(kernel, prologue, expressions.takeNames()),
    store,
    slot: table.slotOf.get(root)!,
    spec: { shape: root.shape, dtype: root.dtype },
    ...(use && { kernel: use }),
    ...(region && { region }),
  };
}

function lowerKernel(
  { op, attrs, args, shape, dtype }: Tensor,
  expressions: Expressions,
): KernelUse {
  return {
    op: op as KernelOp,
    attrs,
    args: args.map((x) => ({
      expr: expressions.of(x),
      spec: { shape: x.shape, dtype: x.dtype },
    })),
    spec: { shape, dtype },
  };
}

/** Writes what one step computes as expressions, with shared subexpressions. */
class Expressions {
  readonly #root: Tensor;
  readonly #slotOf: ReadonlyMap<Tensor, number>;
  readonly #known = new Map<Tensor, Expr>();
  readonly #names: string[] = [];

  constructor(root: Tensor, slotOf: ReadonlyMap<Tensor, number>) {
    this.#root = root;
    this.#slotOf = slotOf;
  }

  of(x: Tensor): Expr {
    let expr = this.#known.get(x);
    if (!expr) this.#known.set(x, expr = this.#write(x));
    return expr;
  }

  /** The names of the ops that were written since the last call. */
  takeNames(): string[] {
    return this.#names.splice(0);
  }

  /** The slot to load a tensor from; undefined for the step's own result. */
  #loadedFrom(x: Tensor): number | undefined {
    return x === this.#root ? undefined : this.#slotOf.get(x);
  }

  #write(viewed: Tensor): Expr {
    const x = this.#withoutFlatViews(viewed), { dtype, size, op, attrs, args } = x;
    const slot = this.#loadedFrom(x);
    if (slot !== undefined) return { kind: "load", slot, dtype, size };
    if (op.kind === "kernel") return { kind: "result", dtype, size };
    if (x !== viewed) return this.of(x);
    if (op.kind === "view") {
      this.#names.push(op.name);
      const view = op.view(asArg(args[0]!), attrs);
      return { kind: "view", view, source: this.of(args[0]!), dtype, size };
    }
    if (op.kind !== "map") throw new TypeError(`plan: expected a value, found ${op.name}`);
    if (op.value) return { kind: "constant", value: op.value(attrs), dtype, size };
    if (args.length > 0) this.#names.push(op.name);
    return { kind: "map", op, attrs, args: args.map((arg) => this.of(arg)), dtype, size };
  }

  /** The tensor under views that keep the flat order, up to one that is loaded. */
  #withoutFlatViews(x: Tensor): Tensor {
    while (x.op.kind === "view" && this.#loadedFrom(x) === undefined) {
      const source = x.args[0]!;
      if (!isFlat(x.op.view(asArg(source), x.attrs), source.size)) break;
      x = source;
    }
    return x;
  }
}

/** The most op names in a label. */
const MOST_NAMES = 128;

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(" ")
    : `${names.slice(0, MOST_NAMES / 8).join(" ")} and ${names.length - MOST_NAMES / 8} more`;

/** The label of a step: `[prologue] kernel epilogue`. */
function label(
  kernel: Tensor | undefined,
  prologue: readonly string[],
  epilogue: readonly string[],
): string {
  if (!kernel) return listed(epilogue) || "copy";
  const before = prologue.length > 0 ? [`[${listed(prologue)}]`] : [];
  return [...before, kernel.op.name, listed(epilogue)].join(" ").trim();
}
