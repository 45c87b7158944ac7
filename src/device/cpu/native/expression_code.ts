/**
 * The native code of recorded expressions: loops over rows and their vectors.
 *
 * @module
 */
import { type Address, Assembler, REGISTER, type Register } from "./assembler.ts";
import {
  EXPRESSION,
  MOST_POINTERS,
  MOST_SAME,
  pointerOffset,
  sameOffset,
} from "./expression_block.ts";
import { writeSpread } from "./lane_ops.ts";
import { type Segment, type Trace, type TracedValue, Untraceable } from "./trace.ts";
import { ValueWriter } from "./value_writer.ts";
import type { VectorSet } from "./vectors.ts";
import type { Local } from "../wasm/function.ts";

const { rax, rbx, rcx, rdx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 } = REGISTER;

/** The registers that a function has to leave as they were. */
const SAVED = [rbx, rbp, r12, r13, r14, r15];

/** The registers of pointers; the base of the memory is in the last one at first. */
const POINTERS: readonly Register[] = [r8, r9, r10, r11, r12, r13, r14, r15, rbp, rsi];

/** Bytes of a cache line. */
const LINE = 64;

const word = (offset: number): Address => ({ base: rdi, offset });

/** A pointer or an index of the caller, and by how much it grows from row to row. */
export interface TracedPointer {
  readonly local: Local;
  readonly rowStep: number;
}

/** What a call needs. */
export interface ExpressionCode {
  readonly code: Uint8Array<ArrayBuffer>;
  /** Pointers and indices, and vectors of which all lanes are equal, in the order of arguments. */
  readonly pointers: readonly Local[];
  readonly same: readonly Local[];
}

/** Writes the code of one expression. */
class ExpressionWriter {
  readonly #a = new Assembler();
  readonly #set: VectorSet;
  readonly #trace: Trace;
  /** The values that are needed, in order. */
  readonly #needed: readonly number[];
  /** The last use of each value in its own segment, and whether the other one needs it too. */
  readonly #lastUse = new Map<number, number>();
  readonly #crossing = new Set<number>();
  readonly #places = new Map<number, Address>();
  readonly #constants: number[] = [];
  readonly #same: Local[] = [];
  readonly #registers = new Map<Local, Register>();
  readonly #indices: Local[] = [];
  #stack = 0;

  constructor(set: VectorSet, trace: Trace) {
    this.#set = set;
    this.#trace = trace;
    this.#needed = this.#findNeeded();
    for (const number of this.#needed) this.#place(number);
    for (const { at } of trace.stores) this.#point(at);
  }

  /** The values that stores need; notes their last uses. */
  #findNeeded(): number[] {
    const { values, stores } = this.#trace, needed = new Set<number>();
    for (const { value } of stores) {
      needed.add(value);
      this.#lastUse.set(value, Infinity);
      if (values[value]!.segment === "row") this.#crossing.add(value);
    }
    for (let user = values.length - 1; user >= 0; user--) {
      const value = values[user]!;
      if (!needed.has(user) || value.kind !== "op") continue;
      for (const arg of value.args) {
        needed.add(arg);
        const { segment } = values[arg]!;
        if (segment !== value.segment) this.#crossing.add(arg);
        else if (!this.#lastUse.has(arg)) this.#lastUse.set(arg, user);
      }
    }
    return [...needed].sort((a, b) => a - b);
  }

  /** Gives a value its place in memory, if it has one. */
  #place(number: number) {
    const value = this.#trace.values[number]!, bytes = 4 * this.#set.lanes;
    if (value.kind === "constant") {
      const index = this.#constants.push(number) - 1;
      this.#places.set(number, { base: rbx, offset: index * bytes });
    } else if (value.kind === "same" || this.#crossing.has(number)) {
      if (value.kind === "same") this.#same.push(value.local);
      this.#places.set(number, { base: rsp, offset: this.#stack });
      this.#stack += bytes;
    }
    if (value.kind === "load") this.#point(value.at);
    if (value.kind === "index" && !this.#indices.includes(value.at)) this.#indices.push(value.at);
  }

  #point(local: Local) {
    if (this.#registers.has(local)) return;
    const register = POINTERS[this.#registers.size];
    if (register === undefined) throw new Untraceable();
    this.#registers.set(local, register);
  }

  /** The code. */
  write(steps: ReadonlyMap<Local, number>): ExpressionCode {
    const a = this.#a, set = this.#set, constants = a.label(), mask = a.label();
    const row = a.label(), vector = a.label(), tail = a.label(), next = a.label(), end = a.label();
    const pointers = [...this.#registers.keys(), ...this.#indices],
      words = new Map<Local, number>();
    pointers.forEach((local, number) => words.set(local, pointerOffset(number)));
    if (pointers.length > MOST_POINTERS || this.#same.length > MOST_SAME) throw new Untraceable();
    this.#begin(words, constants, mask);
    a.bind(row);
    this.#writeSegment("row", words, false);
    a.op("clear", rdx, rdx, 32).bind(vector);
    a.op("compare", rdx, word(EXPRESSION.whole), 32).jump(tail, "aboveOrEqual");
    this.#writeSegment("vector", words, false);
    a.plus(rdx, set.lanes).jump(vector).bind(tail);
    a.op("compare", rdx, word(EXPRESSION.count), 32).jump(next, "aboveOrEqual");
    this.#writeSegment("vector", words, true);
    a.bind(next).plus(word(EXPRESSION.rows), -1, 32).jump(end, "equal");
    for (const [local, offset] of words) {
      const step = steps.get(local) ?? 0, register = this.#registers.get(local);
      if (step !== 0) a.plus(register ?? word(offset), step, register === undefined ? 32 : 64);
    }
    a.jump(row).bind(end).op("load", rsp, word(EXPRESSION.stack));
    a.emit(0xc5, 0xf8, 0x77); // vzeroupper
    a.op("clear", rax, rax, 32).pop(...SAVED).return().align(LINE).bind(constants);
    this.#writeConstants();
    a.bind(mask).words(...set.table);
    return { code: a.code(), pointers, same: this.#same };
  }

  /** Sets registers, the mask of the last vector, and the vectors of equal lanes. */
  #begin(
    words: ReadonlyMap<Local, number>,
    constants: ReturnType<Assembler["label"]>,
    mask: typeof constants,
  ) {
    const a = this.#a, set = this.#set;
    a.push(...SAVED).addressOf(rbx, constants);
    for (const [local, register] of this.#registers) {
      // What is added to the base goes last into its register.
      a.op("load", rax, word(words.get(local)!), 32).op("add", rax, rsi).op("load", register, rax);
    }
    a.op("load", rax, rsp).op("store", rax, word(EXPRESSION.stack)).and(rax, LINE - 1);
    a.op("subtract", rsp, rax).plus(rsp, -Math.ceil(this.#stack / LINE) * LINE);
    const temporary = set.unmasked - 1;
    this.#same.forEach((local, number) => {
      const place = this.#needed.find((n) => {
        const value = this.#trace.values[n]!;
        return value.kind === "same" && value.local === local;
      })!;
      set.broadcast(a, temporary, word(sameOffset(number)));
      set.store(a, temporary, this.#places.get(place)!, false);
    });
    a.op("load", rax, word(EXPRESSION.count), 32).and(rax, -set.lanes);
    a.op("store", rax, word(EXPRESSION.whole), 32);
    a.op("load", rcx, word(EXPRESSION.count), 32).and(rcx, set.lanes - 1);
    set.setMask(a, mask);
  }

  #writeSegment(segment: Segment, words: ReadonlyMap<Local, number>, masked: boolean) {
    const a = this.#a, set = this.#set, inMemory = new Map(this.#places), { values } = this.#trace;
    if (segment === "row") {
      for (const number of this.#crossing) {
        const { kind } = values[number]!;
        if (kind !== "constant" && kind !== "same") inMemory.delete(number);
      }
    }
    const writer = new ValueWriter(a, set, inMemory, this.#lastUse);
    for (const number of this.#needed) {
      const value = values[number]!;
      if (value.segment !== segment || inMemory.has(number)) continue;
      this.#writeValue(writer, number, value, words, masked);
      const kept = segment === "row" && this.#crossing.has(number) && this.#places.get(number);
      if (kept) set.store(a, writer.register(number), kept, false);
    }
    if (segment === "row") return;
    for (const { at, offset, value } of this.#trace.stores) {
      set.store(a, writer.register(value), this.#address(at, offset, "vector"), masked);
    }
  }

  #writeValue(
    writer: ValueWriter,
    number: number,
    value: TracedValue,
    words: ReadonlyMap<Local, number>,
    masked: boolean,
  ) {
    const a = this.#a, set = this.#set;
    if (value.kind === "op") writer.write(number, value);
    else if (value.kind === "load") {
      const from = this.#address(value.at, value.offset, value.segment);
      if (value.spread) set.broadcast(a, writer.take(number), from);
      else set.load(a, writer.take(number), from, masked);
    } else if (value.kind === "index") {
      a.op("load", rax, word(words.get(value.at)!), 32);
      if (value.segment === "vector") a.op("add", rax, rdx, 32);
      writeSpread(a, set, writer.take(number), rax);
    }
  }

  #address(at: Local, offset: number, segment: Segment): Address {
    const base = this.#registers.get(at)!;
    return segment === "row" ? { base, offset } : { base, index: rdx, scale: 4, offset };
  }

  #writeConstants() {
    for (const number of this.#constants) {
      const value = this.#trace.values[number] as TracedValue & { kind: "constant" };
      for (let lane = 0; lane < this.#set.lanes; lane++) {
        this.#a.words(value.first + Math.imul(lane, value.step));
      }
    }
  }
}

/**
 * The code of a function (block, base), by the calling convention of System V: stores what is recorded for
 * each row and its elements, and returns 0. It begins at a multiple of a cache line.
 *
 * @param steps By how much pointers and indices of the caller grow from row to row; 0 if left out.
 */
export const expressionCode = (
  set: VectorSet,
  trace: Trace,
  steps: ReadonlyMap<Local, number>,
): ExpressionCode => new ExpressionWriter(set, trace).write(steps);
