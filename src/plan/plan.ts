/**
 * Plans: the device-independent program of a graph, as steps over slots. Plain, printable data; no op is
 * known by name.
 *
 * @module
 */
import type { Region } from "../ops/concat.ts";
import { sizeOf } from "../shape.ts";
import type { Spec } from "../spec.ts";
import type { Attrs, KernelOp } from "../tensor.ts";
import { type Expr, loadedSlots } from "./expr.ts";

/** The split of a kernel's result [outer, count, inner] into pieces [outer, inner]. */
export interface Pieces {
  readonly count: number;
  readonly inner: number;
}

/** The kernel of a step, and the expressions that it reads as arguments. */
export interface KernelUse {
  readonly op: KernelOp;
  readonly attrs: Attrs;
  readonly args: readonly { readonly expr: Expr; readonly spec: Spec }[];
  readonly spec: Spec;
  /**
   * If given, the kernel's result is [outer, count, inner], and the step stores an expression of its pieces
   * at every index of [outer, inner].
   */
  readonly pieces?: Pieces;
}

/** An expression, and the slot in which it is stored at every index. */
export interface Store {
  readonly store: Expr;
  readonly slot: number;
}

/** One step: an optional kernel, and what is stored. */
export interface Step extends Store {
  /** The names of the fused ops, for errors and `explain`. */
  readonly label: string;
  readonly kernel?: KernelUse;
  readonly spec: Spec;
  /** If given, the step stores only this region of its slot. */
  readonly region?: Region;
  /** Further stores, in slots of the same size. */
  readonly also?: readonly Store[];
}

/** The origin of a slot's memory. */
export type SlotKind = "input" | "constant" | "output" | "temporary";

/** A value in memory, written and read by steps. */
export interface Slot extends Spec {
  readonly kind: SlotKind;
  /** The position among inputs, constants or outputs. */
  readonly index: number;
}

/** A list of steps over slots, in execution order. */
export interface Plan {
  readonly slots: readonly Slot[];
  readonly steps: readonly Step[];
}

/** How a kernel reads an argument: any expression, a view of a slot, or a slot directly. */
export type Access = "any" | "view" | "direct";

/** The requirements of a device. */
export interface Policy {
  readonly access: (op: KernelOp, argument: number) => Access;
  /** The most slots that one step may read. */
  readonly maxLoads: number;
  /** The most buffers that a step may bind; if left out, steps are not fused and each stores one slot. */
  readonly maxBuffers?: number;
}

/** All that a step stores. */
export const allStores = (step: Step): readonly Store[] => [step, ...(step.also ?? [])];

const READ_SLOTS = new WeakMap<Step, readonly number[]>();

const findReadSlots = (step: Step): number[] =>
  loadedSlots([
    ...(step.kernel?.args.map((a) => a.expr) ?? []),
    ...allStores(step).map(({ store }) => store),
  ]);

/** The slots that a step reads; cached, since every pass asks for them. */
export function readSlots(step: Step): readonly number[] {
  let slots = READ_SLOTS.get(step);
  if (!slots) READ_SLOTS.set(step, slots = findReadSlots(step));
  return slots;
}

/** The bytes of each temporary slot; 0 for other slots. */
export const temporaryBytes = ({ slots }: Plan): number[] =>
  slots.map(({ kind, shape }) => kind === "temporary" ? 4 * sizeOf(shape) : 0);
