/**
 * Emits the program of a block of rows: some threads compute a row, step by step; what a step stores the
 * later ones read where it is.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import { allStores, type KernelUse, type Step } from "../../../plan/plan.ts";
import type { DType } from "../../../host_data.ts";
import { MAX_ROUNDS, perWorkgroup, splitWorkgroups } from "../kernels/entry_points.ts";
import { WEBGPU_KERNELS } from "../kernels/mod.ts";
import { helpersIn } from "../wgsl/helpers.ts";
import { type Declaration, workgroupArray } from "../wgsl/module.ts";
import { symbol } from "../wgsl/symbols.ts";
import { typeOf, type Width } from "../wgsl/types.ts";
import { Emitter } from "./emitter.ts";
import type { Program, Variable } from "./program.ts";
import { type RowBlock, rowWidth } from "./row_blocks.ts";
import { storeLayout } from "./store.ts";
import { isVectorizable } from "./vectorize.ts";
import { readVariables } from "./write_program.ts";

/** How threads share rows. */
export interface RowThreads {
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Threads of a row: a power of two. */
  readonly lanes: number;
}

/** Rows from which on each has one thread of a software adapter, and threads of a workgroup then. */
const MANY_ROWS = 64, FEW_THREADS = 8, SOME_THREADS = 32, SOME_ROWS = 1024;
/** The most threads of a row, and those of a workgroup on GPUs. */
const MOST_LANES = { software: 64, hardware: 256 }, THREADS = 256;

/** Elements or vectors of a row that a step computes or reduces. */
const itemsOf = (step: Step, rows: number): number => rowWidth(step, rows) / widthOf(step, rows);

/** How many elements of a row a step takes at once. */
function widthOf(step: Step, rows: number): Width {
  if (rowWidth(step, rows) % 4 !== 0) return 1;
  const [argument] = step.kernel?.args ?? [];
  return (argument ? isVectorizable(argument.expr) : storeLayout(step).width === 4) ? 4 : 1;
}

/** How threads share the rows of a block: each lane has an item of every reduction. */
export function shareRows({ steps, rows }: RowBlock, software: boolean): RowThreads {
  const rounds = steps.reduce((sum, step) => sum + itemsOf(step, rows), 0);
  if (software && rows >= MANY_ROWS && rounds <= MAX_ROUNDS) {
    return { threads: rows < SOME_ROWS ? FEW_THREADS : SOME_THREADS, lanes: 1 };
  }
  const most = MOST_LANES[software ? "software" : "hardware"];
  const items = Math.min(...steps.filter((s) => s.kernel).map((s) => itemsOf(s, rows)), most);
  const lanes = 2 ** Math.floor(Math.log2(items));
  return { threads: software ? lanes : THREADS, lanes };
}

/** Emits the program of a block of rows. */
export function writeRowProgram(block: RowBlock, software: boolean): Program {
  const { steps, rows } = block, { threads, lanes } = shareRows(block, software);
  const emitter = new Emitter(), targets: Variable[] = [], arrays = new Map<DType, Declaration>();
  const each = threads / lanes, split = splitWorkgroups(Math.ceil(rows / each));
  const shape: Shape = { rows, lanes, guarded: split.columns * split.rows * each !== rows };
  const lines = steps.flatMap((step, k) => {
    const stores = bindTargets(step, targets, rows);
    const text = step.kernel
      ? reduction(step, step.kernel, stores, emitter, shape, arrays, threads)
      : elementwise(step, stores, emitter, shape);
    stores.forEach(({ slot, name, width }) => emitter.readOwn(slot, symbol(name), width));
    const wait = lanes > 1 && k < steps.length - 1;
    return [...text, ...(wait ? ["  storageBarrier();", "  workgroupBarrier();"] : [])];
  });
  const group = split.rows === 1 ? "group.x" : `(group.x + group.y * ${split.columns}u)`;
  const body = [
    `  let row = ${group} * ${each}u + thread${lanes > 1 ? ` / ${lanes}u` : ""};`,
    ...(lanes > 1 ? [`  let lane = thread % ${lanes}u;`] : []),
    ...lines,
  ].join("\n");
  const declarations = [...arrays.values()];
  return {
    label: [...new Set(steps.map(({ label }) => label))].join(" + "),
    variables: [...readVariables(emitter), ...targets],
    declarations: [...helpersIn([body]), ...declarations],
    entry: perWorkgroup(threads, body),
    workgroups: [split.columns, split.rows, 1],
  };
}

/** How a block's rows are laid out. */
interface Shape {
  readonly rows: number;
  readonly lanes: number;
  /** Whether there are more threads than rows need. */
  readonly guarded: boolean;
}

/** A slot that a step stores, and the variable that it is bound to. */
interface Target {
  readonly slot: number;
  readonly name: string;
  readonly width: Width;
}

/** Binds the slots that a step stores. */
function bindTargets(step: Step, variables: Variable[], rows: number): Target[] {
  const width: Width = step.kernel ? 1 : widthOf(step, rows);
  return allStores(step).map(({ slot, store: { dtype } }): Target => {
    const name = `row_target${variables.length}`;
    variables.push({
      name,
      space: "storage, read_write",
      type: `array<${typeOf(dtype, width)}>`,
      binding: { slot, access: "write" },
    });
    return { slot, name, width };
  });
}

/** The most items of a thread's row that are unrolled. */
const UNROLLED = 16;

/** What a lane does for its items of a row; `i` is the flat index of an item, `k` that in its row. */
function forItems(
  items: number,
  { lanes }: Shape,
  lines: (isFirst: boolean | undefined) => readonly string[],
): string[] {
  const at = (k: string) => `      let i = row * ${items}u + ${k};`;
  if (lanes === 1 && items <= UNROLLED) {
    return Array.from(
      { length: items },
      (_, k) => ["    {", at(`${k}u`), ...lines(k === 0), "    }"],
    ).flat();
  }
  return [
    `    for (var k = ${lanes > 1 ? "lane" : "0u"}; k < ${items}u; k += ${lanes}u) {`,
    at("k"),
    ...lines(undefined),
    "    }",
  ];
}

/** Lines for a thread that has a row, or only for the first of them. */
function withinRow({ rows, lanes, guarded }: Shape, lines: readonly string[], once = false) {
  const mine = [
    ...(guarded ? [`row < ${rows}u`] : []),
    ...(once && lanes > 1 ? ["lane == 0u"] : []),
  ];
  return [`  ${mine.length ? `if (${mine.join(" && ")}) ` : ""}{`, ...lines, "  }"];
}

/** The lines that evaluate a step's stores at `i` and store them. */
function storeLines(step: Step, targets: readonly Target[], emitter: Emitter, width: Width) {
  const all = allStores(step).map(({ store }) => store);
  const { lines, values } = emitter.bodies(all, "i", width, "result");
  return [
    lines,
    ...targets.map(({ name }, k) => `    ${symbol(name)}[i] = ${values[k]};`),
  ];
}

function elementwise(
  step: Step,
  targets: readonly Target[],
  emitter: Emitter,
  shape: Shape,
): string[] {
  const width = widthOf(step, shape.rows), items = itemsOf(step, shape.rows);
  const lines = storeLines(step, targets, emitter, width);
  return items === 1
    ? withinRow(shape, ["    let i = row;", ...lines], true)
    : withinRow(shape, forItems(items, shape, () => lines));
}

/** Combines the elements of a row, and stores what follows from the result. */
function reduction(
  step: Step,
  { op, args }: KernelUse,
  targets: readonly Target[],
  emitter: Emitter,
  shape: Shape,
  arrays: Map<DType, Declaration>,
  threads: number,
): string[] {
  const { expr, spec: { dtype, shape: [, n] } } = args[0]!, { rows, lanes } = shape;
  const width = widthOf(step, rows), items = n! / width, type = typeOf(dtype, width);
  const combine = (a: string, b: string, w: Width) =>
    WEBGPU_KERNELS[op.name as KernelName].combine!(a, b, dtype, w);
  const { lines, value } = emitter.body(expr, "i", width);
  const add = (isFirst: boolean | undefined) => {
    const more = `total = ${combine("total", value, width)};`;
    if (isFirst !== undefined) {
      return [lines, isFirst ? `      total = ${value};` : `      ${more}`];
    }
    return [lines, `      if (k < ${lanes}u) { total = ${value}; } else { ${more} }`];
  };
  const total = [
    `  var total = ${type}();`,
    ...withinRow(shape, forItems(items, shape, add)),
  ];
  const whole = width === 1
    ? "total"
    : combine(combine("total.x", "total.y", 1), combine("total.z", "total.w", 1), 1);
  const sums = symbol(`row_${dtype}`);
  if (lanes > 1) arrays.set(dtype, workgroupArray(`row_${dtype}`, dtype, threads));
  const tree = lanes === 1 ? [`  let result = ${whole};`] : [
    `  ${sums}[thread] = ${whole};`,
    "  workgroupBarrier();",
    ...halves(lanes).flatMap((half) => [
      `  if (lane < ${half}u) { ${sums}[thread] = ${
        combine(`${sums}[thread]`, `${sums}[thread + ${half}u]`, 1)
      }; }`,
      "  workgroupBarrier();",
    ]),
    `  let result = ${sums}[thread];`,
  ];
  const own = ["    let i = row;", ...storeLines(step, targets, emitter, 1)];
  return ["  {", ...total, ...tree, ...withinRow(shape, own, true), "  }"];
}

/** lanes / 2, lanes / 4, …, 1. */
const halves = (lanes: number): number[] =>
  Array.from({ length: Math.log2(lanes) }, (_, k) => lanes >> (k + 1));
