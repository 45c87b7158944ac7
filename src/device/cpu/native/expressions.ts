/**
 * Expressions in executable memory, each once per process.
 *
 * @module
 */
import { Assembler, REGISTER } from "./assembler.ts";
import { EXPRESSION } from "./expression_block.ts";
import { type ExpressionCode, expressionCode } from "./expression_code.ts";
import { makeExecutable } from "./executable_memory.ts";
import { type Trace, Untraceable } from "./trace.ts";
import type { VectorSet } from "./vectors.ts";
import type { Local } from "../wasm/function.ts";

/** Where the code of an expression is, and what its arguments are. */
export interface NativeExpression extends Omit<ExpressionCode, "code"> {
  readonly code: number;
}

/** The code of the routine that runs the expression whose address is an argument. */
export function jumpToExpression(): Uint8Array<ArrayBuffer> {
  const a = new Assembler(), { rax, rdi } = REGISTER;
  a.op("load", rax, { base: rdi, offset: EXPRESSION.code }, 32).jumpTo(rax);
  return a.code();
}

/** The most expressions that are kept, which are never freed. */
const MOST = 10000;

const written = new Map<string, number>();

/**
 * Writes the code of what is recorded; undefined where a set lacks an instruction, registers do not
 * suffice, or the system refuses.
 *
 * @param steps By how much pointers and indices of the caller grow from row to row; 0 if left out.
 */
export function loadExpression(
  set: VectorSet,
  trace: Trace,
  steps: ReadonlyMap<Local, number>,
): NativeExpression | undefined {
  try {
    const { code, ...rest } = expressionCode(set, trace, steps);
    const key = new TextDecoder("latin1").decode(code);
    const known = written.get(key);
    if (known === undefined && written.size >= MOST) return undefined;
    const address = known ?? makeExecutable(code);
    written.set(key, address);
    return { code: address, ...rest };
  } catch (error) {
    if (error instanceof Untraceable) return undefined;
    throw error;
  }
}
