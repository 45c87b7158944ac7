/**
 * Common subexpression elimination: equal parts of expressions become one object, so that each is computed
 * once.
 *
 * @module
 */
import { showAttrs } from "../signature.ts";
import type { MapOp } from "../tensor.ts";
import type { Expr } from "./expr.ts";

/**
 * A function that copies expressions such that equal parts are one object, and that replaces loads of the
 * slots in `inside` by what is stored there.
 */
export function shareSubexpressions(
  inside: ReadonlyMap<number, Expr> = new Map(),
): (e: Expr) => Expr {
  const known = new Map<Expr, Expr>(), numbers = new Map<Expr, number>();
  const equal = new Map<string, Expr>(), ops = new Map<MapOp, number>();
  const internOp = (op: MapOp): number => {
    let number = ops.get(op);
    if (number === undefined) ops.set(op, number = ops.size);
    return number;
  };
  const one = (e: Expr, key: string): Expr => {
    const found = equal.get(key) ?? e;
    equal.set(key, found);
    if (!numbers.has(found)) numbers.set(found, numbers.size);
    return found;
  };
  const make = (e: Expr): Expr => {
    switch (e.kind) {
      case "result":
        return one(e, `result ${e.piece ?? ""}`);
      case "constant": {
        const value = Object.is(e.value, -0) ? "-0" : e.value;
        return one(e, `constant ${value} ${e.dtype} ${e.size}`);
      }
      case "load": {
        const within = inside.get(e.slot);
        return within ? merged(within) : one(e, `load ${e.slot}`);
      }
      case "view": {
        const source = merged(e.source);
        return one({ ...e, source }, `view ${numbers.get(source)} ${JSON.stringify(e.view)}`);
      }
      case "map": {
        const args = e.args.map(merged), of = args.map((a) => numbers.get(a)).join();
        const key = `${internOp(e.op)} ${showAttrs(e.attrs)} ${e.dtype} ${e.size} ${of}`;
        return one({ ...e, args }, key);
      }
    }
  };
  const merged = (e: Expr): Expr => {
    let to = known.get(e);
    if (!to) known.set(e, to = make(e));
    return to;
  };
  return merged;
}
