/**
 * How kernels share out their work among threads and workgroups.
 *
 * @module
 */
import type { EntryPoint } from "../wgsl/module.ts";
import type { Dispatch } from "./kernel.ts";

/**
 * The most rounds of loops in one thread, all together. llvmpipe ends every loop of a shader once they
 * have run 65,535 rounds between them, without a word; so long loops are shared out among threads.
 */
export const MAX_ROUNDS = 1 << 15;

/** Threads of a workgroup where a kernel has no reason for another number. */
export const THREADS = 256;

/** The most workgroups along one dimension of a dispatch. */
const MAX_GROUPS = 65535;

/** Any number of workgroups as a dispatch of at least as many, in columns and rows. */
export function spread(groups: number): { readonly columns: number; readonly rows: number } {
  const rows = Math.ceil(groups / MAX_GROUPS);
  return { columns: Math.ceil(groups / rows), rows };
}

/** A kernel that computes each output element, or group of four, in a thread of its own. */
export function perElement(
  count: number,
  lines: string,
): Pick<Dispatch, "entry" | "workgroups"> {
  const { columns, rows } = spread(Math.ceil(count / THREADS));
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

/** An entry point whose body knows its workgroup, `group`, and its thread's number there, `thread`. */
export const perWorkgroup = (threads: number, body: string): EntryPoint => ({
  workgroupSize: threads,
  builtins: [["workgroup_id", "group"], ["local_invocation_index", "thread"]],
  body,
});

/** Work on `count` things by the threads of a workgroup in turns, without a loop: `lines` for each turn. */
export const unrolled = (
  count: number,
  threads: number,
  lines: (index: string) => string,
): string =>
  Array.from({ length: Math.ceil(count / threads) }, (_, k) => {
    const whole = (k + 1) * threads <= count ? "" : `if (thread < ${count - k * threads}u) `;
    return `  ${whole}{\n    ${lines(`thread + ${k * threads}u`)}\n  }`;
  }).join("\n");
