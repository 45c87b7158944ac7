/**
 * The builder of one WebAssembly function.
 *
 * @module
 */
import type { Tuple } from "../../../tuple.ts";
import { concatBytes, floatBits } from "../../../host_data.ts";
import { pushSigned, pushUnsigned, wordBytes } from "./encoding.ts";
import {
  ACCESSES,
  type AccessName,
  type LaneName,
  LANES,
  PLAIN,
  type PlainName,
  TYPES,
  type ValueType,
} from "./opcodes.ts";

/** The index of a parameter or local. */
export type Local = number;

/** Builds a function; its methods append instructions, which take operands from the stack. */
export class Func {
  /** Its index in the module; -1 until it is added. */
  index = -1;
  readonly #locals: ValueType[] = [];
  readonly #prologue: number[] = [];
  readonly #code: number[] = [];
  readonly #bases = new Map<number, Local>();
  readonly #constants = new Map<string, Local>();

  /**
   * @param hoists Whether constant vectors are set once at entry, which pays where they are used in loops:
   * the engine makes a constant anew at each use.
   */
  constructor(
    readonly params: readonly ValueType[],
    readonly results: readonly ValueType[] = [],
    readonly hoists = false,
  ) {}

  /** Declares a local. */
  local(type: ValueType): Local {
    return this.params.length + this.#locals.push(type) - 1;
  }

  /** The first `count` parameters. */
  inputs<N extends number>(count: N): Tuple<Local, N> {
    return [...this.params.keys()].slice(0, count) as Tuple<Local, N>;
  }

  /** Declares locals of one type. */
  locals<N extends number>(type: ValueType, count: N): Tuple<Local, N> {
    return Array.from({ length: count }, () => this.local(type)) as Tuple<Local, N>;
  }

  /** A local with the address of a slot, loaded once at entry from the address table, the first parameter. */
  base(slot: number): Local {
    let local = this.#bases.get(slot);
    if (local === undefined) {
      local = this.local("i32");
      this.#bases.set(slot, local);
      this.#prologue.push(0x20, 0, ...ACCESSES["i32.load"], 2);
      pushUnsigned(this.#prologue, 4 * slot);
      this.#prologue.push(0x21);
      pushUnsigned(this.#prologue, local);
    }
    return local;
  }

  /** Appends an instruction with one immediate. */
  #numbered(opcode: number, value: number): this {
    this.#code.push(opcode);
    pushUnsigned(this.#code, value);
    return this;
  }

  /** Pushes locals. */
  get(...locals: readonly Local[]): this {
    for (const local of locals) this.#numbered(0x20, local);
    return this;
  }

  /** Pushes the global that a native module imports. */
  global(): this {
    return this.#numbered(0x23, 0);
  }

  /** Pops into a local. */
  set(local: Local): this {
    return this.#numbered(0x21, local);
  }

  /** Copies the top of the stack into a local. */
  tee(local: Local): this {
    return this.#numbered(0x22, local);
  }

  /** Instructions without immediates. */
  op(...names: readonly PlainName[]): this {
    for (const name of names) this.#code.push(...PLAIN[name]);
    return this;
  }

  /** Pushes a constant i32. */
  i32(value: number): this {
    this.#code.push(0x41);
    pushSigned(this.#code, value);
    return this;
  }

  /** Pushes a constant f64. */
  f64(value: number): this {
    this.#code.push(0x44, ...new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }

  /** Pushes a constant vector of four 32-bit words. */
  vector(...words: readonly [number, number, number, number]): this {
    if (this.hoists) return this.get(this.#constant(words));
    this.#code.push(0xfd, 12, ...wordBytes(words));
    return this;
  }

  /** A local with a constant vector, set once at entry. */
  #constant(words: readonly [number, number, number, number]): Local {
    const key = words.join();
    let local = this.#constants.get(key);
    if (local === undefined) {
      local = this.local("v128");
      this.#constants.set(key, local);
      this.#prologue.push(0xfd, 12, ...wordBytes(words), 0x21);
      pushUnsigned(this.#prologue, local);
    }
    return local;
  }

  /**
   * Sets the vectors that `body` declares to zero after it. In a loop they would else be taken for values
   * that the next iteration may read, which keeps the engine from fusing pairs of instructions.
   */
  temporaries(body: () => void): this {
    const from = this.#locals.length;
    body();
    const constants = new Set(this.#constants.values());
    for (let at = from, end = this.#locals.length; at < end; at++) {
      const local = this.params.length + at;
      if (this.#locals[at] === "v128" && !constants.has(local)) this.integers(0).set(local);
    }
    return this;
  }

  /** Pushes a constant vector of one f32 in all lanes. */
  floats(value: number): this {
    const bits = floatBits(value);
    return this.vector(bits, bits, bits, bits);
  }

  /** Pushes a constant vector of one integer in all lanes. */
  integers(value: number): this {
    return this.vector(value >>> 0, value >>> 0, value >>> 0, value >>> 0);
  }

  /** Adds a constant to the i32 on the stack. */
  plus(value: number): this {
    return value === 0 ? this : this.i32(value).op("i32.add");
  }

  /** Multiplies the i32 on the stack by a constant. */
  times(value: number): this {
    return value === 1 ? this : this.i32(value).op("i32.mul");
  }

  /** Adds a constant to an i32 local. */
  advance(local: Local, by: number): this {
    return by === 0 ? this : this.get(local).plus(by).set(local);
  }

  /** Pushes the smaller of two numbers, unsigned; the code of each is emitted twice. */
  smaller(a: () => void, b: () => void): this {
    a();
    b();
    a();
    b();
    return this.op("i32.lt_u", "select");
  }

  /** Limits a local to a constant, unsigned. */
  atMost(local: Local, limit: number): this {
    return this.smaller(() => this.get(local), () => this.i32(limit)).set(local);
  }

  /** A load or store; `offset` is added to the address on the stack. */
  access(name: AccessName, offset = 0): this {
    this.#code.push(...ACCESSES[name]);
    return this.#numbered(2, offset);
  }

  /** An instruction on one lane. */
  lane(name: LaneName, lane: number): this {
    this.#code.push(...LANES[name], lane);
    return this;
  }

  /** Stores the first two 32-bit lanes of the vector on the stack. */
  storeHalf(offset = 0): this {
    this.#code.push(0xfd, 0x5b);
    this.#numbered(2, offset).#code.push(0);
    return this;
  }

  /** Stores one 32-bit lane of the vector on the stack. */
  storeLane(lane: number, offset = 0): this {
    this.#code.push(0xfd, 0x5a);
    this.#numbered(2, offset).#code.push(lane);
    return this;
  }

  /** Replaces one 32-bit lane of the vector on the stack by an element in memory. */
  loadLane(lane: number, offset = 0): this {
    this.#code.push(0xfd, 0x56);
    this.#numbered(2, offset).#code.push(lane);
    return this;
  }

  /** Pushes one lane of a vector local in all lanes. */
  spread(local: Local, lane: number): this {
    const bytes = Array.from({ length: 16 }, (_, i) => lane * 4 + i % 4);
    this.get(local, local).#code.push(0xfd, 13, ...bytes);
    return this;
  }

  /**
   * Picks four 32-bit lanes of the two vectors on the stack: 0 to 3 are those of the first, 4 to 7 those of
   * the second.
   */
  shuffle(...lanes: readonly [number, number, number, number]): this {
    const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
    this.#code.push(0xfd, 13, ...bytes);
    return this;
  }

  /** Calls a function of the same module. */
  call(callee: Func): this {
    if (callee.index < 0) throw new Error("cpu: expected a function of the module, found another");
    return this.#numbered(0x10, callee.index);
  }

  /** A structured instruction with a body. */
  #nested(opcode: number, body: () => void): this {
    this.#code.push(opcode, 0x40);
    body();
    this.#code.push(0x0b);
    return this;
  }

  /** A block; `exit(depth)` branches to its end. */
  block(body: () => void): this {
    return this.#nested(0x02, body);
  }

  /** A loop; `exit(depth)` branches to its start. */
  loop(body: () => void): this {
    return this.#nested(0x03, body);
  }

  /** Runs `body` if the i32 on the stack is not 0. */
  when(body: () => void): this {
    return this.#nested(0x04, body);
  }

  /** Branches to a block's end or a loop's start, counted from the innermost. */
  exit(depth: number): this {
    return this.#numbered(0x0c, depth);
  }

  /** Branches as {@linkcode exit} does if the i32 on the stack is not 0. */
  exitIf(depth: number): this {
    return this.#numbered(0x0d, depth);
  }

  /** Runs `body` while `i < end`, unsigned, adding `step` to `i` each time. */
  while(i: Local, end: Local, step: number, body: () => void): this {
    return this.block(() =>
      this.loop(() => {
        this.get(i, end).op("i32.ge_u").exitIf(1);
        body();
        this.advance(i, step).exit(0);
      })
    );
  }

  /** Runs `body` for `i` from 0 to below a constant, in steps of `step`. */
  count(i: Local, end: number, body: () => void, step = 1): this {
    if (end <= 0) return this;
    this.i32(0).set(i);
    if (end <= step) {
      body();
      return this;
    }
    return this.loop(() => {
      body();
      this.get(i).plus(step).tee(i).i32(end).op("i32.lt_u").exitIf(0);
    });
  }

  /** Runs `body` until the pointer that it advances equals `end`; at least once. */
  until(pointer: Local, end: Local, body: () => void): this {
    return this.loop(() => {
      body();
      this.get(pointer, end).op("i32.ne").exitIf(0);
    });
  }

  /** The encoded body. */
  get body(): Uint8Array {
    const locals: number[] = [];
    pushUnsigned(locals, this.#locals.length);
    for (const type of this.#locals) locals.push(1, TYPES[type]);
    return concatBytes([locals, this.#prologue, this.#code, [0x0b]]);
  }
}
