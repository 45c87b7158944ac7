/**
 * The native code of all transforms: a function that runs the one that its arguments name.
 *
 * @module
 */
import { Assembler, REGISTER } from "./assembler.ts";
import { ConstantTable } from "./linear_code.ts";
import type { NativeTransform } from "./transform.ts";
import { transformOffset } from "./transform_arguments.ts";
import { writeTransform } from "./transform_code.ts";
import type { VectorSet } from "./vectors.ts";

const { rax, rbx, rcx, rdx, rbp, rdi, r12, r13, r14, r15 } = REGISTER;

/** The registers that a function has to leave as they were. */
const SAVED = [rbx, rbp, r12, r13, r14, r15];

/** Bytes of a cache line. */
const LINE = 64;

/**
 * The code of a function (block, base), by the calling convention of System V: transforms blocks as the
 * argument block at `block` describes, in the memory that starts at `base`, and returns 0. It begins at a
 * multiple of a cache line.
 */
export function transformsCode(
  set: VectorSet,
  transforms: readonly NativeTransform[],
): Uint8Array<ArrayBuffer> {
  const a = new Assembler(), mask = a.label(), table = a.label(), values = a.label();
  const constants = new ConstantTable(set, rbx);
  a.push(...SAVED).addressOf(rbx, values).addressOf(rdx, table);
  a.op("load", rax, { base: rdi, offset: transformOffset("number") }, 32);
  a.op("signExtend", rcx, { base: rdx, index: rax, scale: 4 }).op("add", rcx, rdx).call(rcx);
  a.emit(0xc5, 0xf8, 0x77); // vzeroupper
  a.op("clear", rax, rax, 32).pop(...SAVED).return();
  const starts = transforms.map((transform) => {
    const start = a.here;
    writeTransform(a, set, transform, constants, mask);
    return start;
  });
  a.bind(mask).words(...set.table).bind(table);
  const at = a.here;
  a.words(...starts.map((start) => start - at)).align(LINE).bind(values);
  constants.write(a);
  return a.code();
}
