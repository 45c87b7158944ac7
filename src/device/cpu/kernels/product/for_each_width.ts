/**
 * Code for groups of columns, of which the last one may be narrower.
 *
 * @module
 */
import type { Func, Local } from "../../wasm/function.ts";

/** Runs `body` with the number of columns of a group: `columns`, or what is left of them in the last one. */
export function forEachWidth(
  f: Func,
  group: Local,
  n: number,
  columns: number,
  body: (columns: number) => void,
) {
  const full = Math.floor(n / columns), remainder = n % columns;
  if (full === 0 || remainder === 0) return void body(full === 0 ? remainder : columns);
  f.block(() => {
    f.get(group).i32(full).op("i32.eq").when(() => {
      body(remainder);
      f.exit(1);
    });
    body(columns);
  });
}
