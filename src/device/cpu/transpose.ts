/**
 * Transposing a square of four vectors in registers.
 *
 * @module
 */
import type { Tuple } from "../../tuple.ts";
import type { Func, Local } from "./wasm/function.ts";

/** The columns of four rows. */
export function transpose(f: Func, [a, b, c, d]: Tuple<Local, 4>): Tuple<Local, 4> {
  const shuffled = (x: Local, y: Local, lanes: Tuple<number, 4>): Local => {
    const local = f.local("v128");
    f.get(x, y).shuffle(...lanes).set(local);
    return local;
  };
  const [ab, cd] = [shuffled(a, b, LOW), shuffled(c, d, LOW)];
  const [AB, CD] = [shuffled(a, b, HIGH), shuffled(c, d, HIGH)];
  return [
    shuffled(ab, cd, FIRST_HALVES),
    shuffled(ab, cd, SECOND_HALVES),
    shuffled(AB, CD, FIRST_HALVES),
    shuffled(AB, CD, SECOND_HALVES),
  ];
}

const LOW: Tuple<number, 4> = [0, 4, 1, 5], HIGH: Tuple<number, 4> = [2, 6, 3, 7];
const FIRST_HALVES: Tuple<number, 4> = [0, 1, 4, 5], SECOND_HALVES: Tuple<number, 4> = [2, 3, 6, 7];
