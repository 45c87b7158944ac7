/**
 * Plans: what a graph becomes before a device sees it. Plain data, printable; no op is known by name.
 *
 * @module
 */
import type { Region } from "../ops/concat.ts";
import { sizeOf } from "../shape.ts";
import type { Spec } from "../spec.ts";
import type { Attrs, KernelOp } from "../tensor.ts";
import { type Expr, loadedSlots } from "./expr.ts";

/** How a kernel's result [outer, count, inner] is made of pieces. */
export interface Pieces {
  readonly count: number;
  readonly inner: number;
}

/** A kernel of a step, and how it reads its arguments. */
export interface KernelUse {
  readonly op: KernelOp;
  readonly attrs: Attrs;
  readonly args: readonly { readonly expr: Expr; readonly spec: Spec }[];
  readonly spec: Spec;
  /**
   * Given, the kernel's result is [outer, count, inner], and the step stores something at every index of
   * [outer, inner], made of the pieces there.
   */
  readonly pieces?: Pieces;
}

/** What is stored at every index of a slot. */
export interface Store {
  readonly store: Expr;
  readonly slot: number;
}

/** One step: an optional kernel, and what is stored at every index of one slot. */
export interface Step extends Store {
  /** The ops that were fused into this step, for errors and `explain`. */
  readonly label: string;
  readonly kernel?: KernelUse;
  readonly spec: Spec;
  /** Given, the step stores a part of its slot: where its elements lie there. */
  readonly region?: Region;
  /** What the step stores besides, in slots of the same size. */
  readonly also?: readonly Store[];
}

/** Where a slot's memory comes from. */
export type SlotKind = "input" | "constant" | "output" | "temporary";

/** A value in memory between steps. */
export interface Slot extends Spec {
  readonly kind: SlotKind;
  /** The input, constant or output that it is, by position. */
  readonly index: number;
}

/** An order of steps over slots. */
export interface Plan {
  readonly slots: readonly Slot[];
  readonly steps: readonly Step[];
}

/** How a kernel reads an argument: anything inlined, a view of a slot, or a slot as it lies. */
export type Access = "any" | "view" | "direct";

/** What a device asks of the planner. */
export interface Policy {
  readonly access: (op: KernelOp, argument: number) => Access;
  /** The most slots that one step may read. */
  readonly maxLoads: number;
  /** The most buffers that a step of several stores may use; absent where each step stores one slot. */
  readonly maxBuffers?: number;
}

/** All that a step stores. */
export const allStores = (step: Step): readonly Store[] => [step, ...(step.also ?? [])];

/** The slots that a step reads. */
export const readSlots = (step: Step): number[] =>
  loadedSlots([
    ...(step.kernel?.args.map((a) => a.expr) ?? []),
    ...allStores(step).map(({ store }) => store),
  ]);

/** For each slot the bytes of memory that the plan itself needs for it: only temporary values take some. */
export const temporaryBytes = ({ slots }: Plan): number[] =>
  slots.map(({ kind, shape }) => kind === "temporary" ? 4 * sizeOf(shape) : 0);
