/**
 * Finds steps that one shader can compute row by row: reductions of rows, and elementwise steps
 * over them, where what a step reads of what the others store is of the same row. A softmax, or a layer norm
 * with its gradient, is then one dispatch, and its rows stay in the cache from one step to the next.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import { allStores, type Plan, readSlots, type Step } from "../../../plan/plan.ts";
import { readsWithinRows } from "../../../plan/row_alignment.ts";
import { sizeOf } from "../../../shape.ts";
import { WEBGPU_KERNELS } from "../kernels/mod.ts";
import { MAX_ROUNDS } from "../kernels/entry_points.ts";
import { storeLayout } from "./store.ts";

/** Steps over the same rows, which run where the first of them is in the plan. */
export interface RowBlock {
  readonly steps: readonly Step[];
  readonly rows: number;
}

/** What adapters allow and what pays on them. */
export interface RowLimits {
  /** Storage buffers of a shader. */
  readonly buffers: number;
  /** With fewer rows than this, rows may only have so many elements. */
  readonly fewRows: number;
  readonly fewElements: number;
  /** The most elements of all steps of a row. */
  readonly elements: number;
}

/**
 * The limits of an adapter. Few long rows would leave a GPU's threads idle; a software adapter's are few,
 * but end their loops after some iterations.
 */
export const rowLimits = (software: boolean, buffers: number): RowLimits => ({
  buffers,
  fewRows: software ? 8 : 64,
  fewElements: 4096,
  elements: software ? 32 * MAX_ROUNDS : 1 << 18,
});

/** The elements of a row that a step computes or reduces, given the number of rows; 0 if it cannot. */
export function rowWidth({ kernel, spec, region, ...step }: Step, rows: number): number {
  const size = sizeOf(spec.shape);
  if (region) return 0;
  if (!kernel) {
    const isPlain = !storeLayout({ spec, ...step }).pieces;
    return isPlain && size % rows === 0 ? size / rows : 0;
  }
  const [argument] = kernel.args, isFold = WEBGPU_KERNELS[kernel.op.name as KernelName].combine;
  if (!isFold || kernel.pieces || size !== rows || sizeOf(kernel.spec.shape) !== rows) return 0;
  const [outer, n, inner] = argument!.spec.shape;
  return outer === rows && inner === 1 ? n! : 0;
}

/** All that a step reads. */
const expressions = (step: Step) => [
  ...step.kernel?.args.map(({ expr }) => expr) ?? [],
  ...allStores(step).map(({ store }) => store),
];

/** The most steps of a block, which bounds its shader. */
const MOST_STEPS = 16;

/** Steps over the same rows, which may grow. */
class GrowingBlock {
  readonly #sizes: readonly number[];
  readonly #limits: RowLimits;
  readonly #rows: number;
  readonly steps: Step[] = [];
  readonly #stored = new Set<number>();
  readonly #read = new Set<number>();
  #elements = 0;

  constructor({ slots }: Plan, limits: RowLimits, rows: number) {
    this.#sizes = slots.map(({ shape }) => sizeOf(shape));
    this.#limits = limits;
    this.#rows = rows;
  }

  /** Adds a step; false if it cannot be. */
  add(step: Step): boolean {
    const rows = this.#rows, limits = this.#limits, width = rowWidth(step, rows);
    const elements = this.#elements + width, reads = readSlots(step);
    if (width === 0 || elements > limits.elements || this.steps.length >= MOST_STEPS) return false;
    if (rows < limits.fewRows && width > limits.fewElements) return false;
    const isRelated = step.kernel ||
      reads.some((slot) =>
        this.#stored.has(slot) || this.#read.has(slot) && this.#sizes[slot]! % rows === 0
      );
    if (this.steps.length > 0 && !isRelated) return false;
    const own = (slot: number) => this.#stored.has(slot) ? this.#sizes[slot] : undefined;
    if (!expressions(step).every((e) => readsWithinRows(e, rows, own))) return false;
    const stores = allStores(step).map(({ slot }) => slot);
    // What is read may be bound twice, as elements and as vectors.
    const read = new Set([...this.#read, ...reads].filter((slot) => !this.#stored.has(slot)));
    if (2 * read.size + this.#stored.size + stores.length > limits.buffers) return false;
    for (const slot of stores) this.#stored.add(slot);
    for (const slot of reads) this.#read.add(slot);
    this.#elements = elements;
    this.steps.push(step);
    return true;
  }
}

/** The rows of a reduction; 0 for other steps. */
const reducedRows = ({ kernel }: Step): number => {
  const rows = kernel?.args[0]?.spec.shape[0] ?? 0;
  return kernel && WEBGPU_KERNELS[kernel.op.name as KernelName].combine ? rows : 0;
};

/** The most steps between two of a block, which run after it. */
const MOST_SKIPPED = 4;

/** The blocks of rows of a plan. */
export function findRowBlocks(plan: Plan, limits: RowLimits): readonly RowBlock[] {
  const { steps } = plan, found: RowBlock[] = [], taken = new Set<Step>();
  steps.forEach((step, first) => {
    // A block starts with a reduction, or with an elementwise step before one.
    const next = steps[first + 1];
    const rows = reducedRows(step) || (next && !step.kernel ? reducedRows(next) : 0);
    if (rows === 0 || taken.has(step)) return;
    const block = new GrowingBlock(plan, limits, rows), after = new Set<number>();
    let skipped = 0;
    for (const each of steps.slice(first)) {
      const isFree = !taken.has(each) && !readSlots(each).some((slot) => after.has(slot));
      if (isFree && block.add(each)) skipped = 0;
      else if (block.steps.length === 0 || ++skipped > MOST_SKIPPED) break;
      else for (const { slot } of allStores(each)) after.add(slot);
    }
    if (block.steps.length < 2) return;
    found.push({ steps: block.steps, rows });
    for (const each of block.steps) taken.add(each);
  });
  return found;
}
