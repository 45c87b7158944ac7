/**
 * Entry points of kernels: how work is divided among threads and workgroups.
 *
 * @module
 */
import type { EntryPoint } from "../wgsl/module.ts";
import type { Dispatch } from "./kernel.ts";

/**
 * The most loop iterations in one thread, over all its loops. llvmpipe silently ends every loop of a shader
 * after 65,535 iterations in total, so long loops are divided among threads.
 */
export const MAX_ROUNDS = 1 << 15;

/** The default number of threads of a workgroup. */
export const THREADS = 256;

/** The most workgroups along one dimension of a dispatch. */
const MAX_GROUPS = 65535;

/** Splits a number of workgroups into columns and rows of a dispatch that has at least as many. */
export function splitWorkgroups(
  groups: number,
): { readonly columns: number; readonly rows: number } {
  const rows = Math.ceil(groups / MAX_GROUPS);
  return { columns: Math.ceil(groups / rows), rows };
}

/** A kernel with one thread per output element, or per group of four. */
export function perElement(
  count: number,
  lines: string,
): Pick<Dispatch, "entry" | "workgroups"> {
  const { columns, rows } = splitWorkgroups(Math.ceil(count / THREADS));
  const index = rows === 1 ? "id.x" : `id.x + id.y * ${columns * THREADS}u`;
  const exact = rows * columns * THREADS === count;
  return {
    workgroups: [columns, rows, 1],
    entry: {
      workgroupSize: THREADS,
      builtins: [["global_invocation_id", "id"]],
      body: `  let i = ${index};\n${exact ? lines : `  if (i < ${count}u) {\n${lines}\n  }`}`,
    },
  };
}

/** An entry point whose body reads the workgroup's id, `group`, and the thread's index in it, `thread`. */
export const perWorkgroup = (threads: number, body: string): EntryPoint => ({
  workgroupSize: threads,
  builtins: [["workgroup_id", "group"], ["local_invocation_index", "thread"]],
  body,
});

/** Distributes `count` items over the threads of a workgroup, unrolled: `lines` once per round. */
export const unrolled = (
  count: number,
  threads: number,
  lines: (index: string) => string,
): string =>
  Array.from({ length: Math.ceil(count / threads) }, (_, k) => {
    const whole = (k + 1) * threads <= count ? "" : `if (thread < ${count - k * threads}u) `;
    return `  ${whole}{\n    ${lines(`thread + ${k * threads}u`)}\n  }`;
  }).join("\n");
