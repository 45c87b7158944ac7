/**
 * Reads data from Python pickles (https://docs.python.org/3/library/pickletools.html): strings, numbers,
 * lists, dictionaries and NumPy arrays. A pickle is a program for a stack machine; only opcodes that build
 * such data are implemented, so that reading one executes no code.
 *
 * @module
 */
import { oneLine } from "../../one_line.ts";

/** A NumPy array. */
export class PickledArray {
  /** The element type, such as `u1`. */
  type = "";
  shape: readonly number[] = [];
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array();
}

/** The data of a pickle; dictionary keys are strings. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array<ArrayBuffer>
  | PickledArray
  | Pickled[]
  | Map<string, Pickled>;

/** A global name that a pickle refers to. */
class Name {
  constructor(readonly text: string) {}
}
/** A NumPy element type. */ class ElementType {
  constructor(readonly code: string) {}
}

/** An item of the stack; a mark is the start of a list. */
type Item = Pickled | Name | ElementType | typeof MARK;
const MARK = Symbol("mark");

/** Whether bytes start with the header of pickle protocol 2 to 5. */
export const isPickle = ([first, version]: Uint8Array): boolean =>
  first === 0x80 && version !== undefined && version >= 2 && version <= 5;

const decodeLatin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

/** A string's characters as bytes: Python 3 pickles Python 2's byte strings this way. */
const encodeLatin1 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const fail = (message: string): never => {
  throw new Error(message);
};

/** How long a text is, or its bytes. */
const lengthOf = (item: Item | undefined): number =>
  typeof item === "string" || item instanceof Uint8Array ? item.length : 0;

/** A string, which Python 2 pickles as bytes. */
const toText = (item: Item | undefined): string =>
  item instanceof Uint8Array
    ? decodeLatin1(item)
    : typeof item === "string"
    ? item
    : fail("a name is not a string");

/** The bytes that a pickle copies: each of its own once, however often it names them. */
type Copy = (bytes: number) => void;

/** Calls a global function, if it is one of the three that build data. */
function callGlobal(maker: Item, args: Item, copy: Copy): Item {
  const list = args instanceof Array ? args : [];
  switch (maker instanceof Name ? maker.text : "") {
    case "numpy.core.multiarray _reconstruct":
    case "numpy._core.multiarray _reconstruct":
      return new PickledArray();
    case "numpy dtype":
      return new ElementType(toText(list[0]));
    case "_codecs encode":
      copy(lengthOf(list[0]));
      return encodeLatin1(toText(list[0]));
  }
  return fail(
    `it calls ${maker instanceof Name ? oneLine(maker.text, 120) : "an object"}, which is not data`,
  );
}

/** Sets an array's state: version, shape, type, whether it is column-major, bytes. */
function buildArray(target: Item, state: Item): void {
  if (target instanceof ElementType) return;
  if (!(target instanceof PickledArray) || !(state instanceof Array)) {
    return fail("it builds an object that is not an array");
  }
  const [, shape, type, columns, bytes] = state as unknown as Item[];
  if (columns === true) fail("an array is stored column-major");
  if (!(type instanceof ElementType) || !(bytes instanceof Uint8Array)) {
    fail("an array has no bytes");
  }
  if (!Array.isArray(shape)) return fail("an array has no shape");
  target.shape = shape.map((size) =>
    typeof size === "number" ? size : fail("an array has no shape")
  );
  target.type = (type as ElementType).code;
  target.bytes = bytes as Uint8Array<ArrayBuffer>;
}

/** Bytes of names that a small pickle may repeat. */
const NAMES = 2 ** 16;

/** Runs the opcodes of a pickle. */
class StackMachine {
  readonly #stack: Item[] = [];
  readonly #memo = new Map<number, Item>();
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;
  #copied = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next unsigned integer, of 1 to 8 bytes. */
  #size(bytes: 1 | 2 | 4 | 8): number {
    const at = this.#at;
    this.#at += bytes;
    switch (bytes) {
      case 1:
        return this.#view.getUint8(at);
      case 2:
        return this.#view.getUint16(at, true);
      case 4:
        return this.#view.getUint32(at, true);
      case 8:
        return Number(this.#view.getBigUint64(at, true));
    }
  }

  /** Counts bytes that are copied from what was read: a pickle may name the same ones many times. */
  #copy: Copy = (bytes) => {
    this.#copied += bytes;
    if (this.#copied > this.#bytes.length + NAMES) fail("it copies its data again and again");
  };

  #take(length: number): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(this.#at, this.#at += length);
    return taken.length === length ? taken : fail("it is truncated");
  }

  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) fail("it is truncated");
    const line = decodeLatin1(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return line;
  }

  #pop(): Item {
    return this.#stack.length > 0 ? this.#stack.pop()! : fail("its stack is empty");
  }

  /** Pops the items above the last mark, and the mark. */
  #popMarked(): Item[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) fail("a mark is missing");
    const items = this.#stack.splice(mark);
    return items.slice(1);
  }

  #text = (size: 1 | 4) => new TextDecoder().decode(this.#take(this.#size(size)));

  #recall(at: number): Item {
    return this.#memo.has(at) ? this.#memo.get(at)! : fail(`its memo has no entry ${at}`);
  }

  #extend(items: Item[]): void {
    const list = this.#stack.at(-1);
    if (!(list instanceof Array)) return fail("it appends to an object that is not a list");
    for (const item of items) list.push(item as Pickled);
  }

  #set(items: Item[]): void {
    const map = this.#stack.at(-1);
    if (!(map instanceof Map)) return fail("it sets items of an object that is not a dictionary");
    for (let i = 0; i + 1 < items.length; i += 2) {
      this.#copy(lengthOf(items[i]));
      map.set(toText(items[i]), items[i + 1] as Pickled);
    }
  }

  /** Executes an opcode and returns the item that it pushes; undefined if it pushes none. */
  #step(code: number): Item | undefined {
    const tuple = (count: number) => this.#stack.splice(-count) as Pickled[];
    switch (code) {
      case 0x80: // PROTO
        return void this.#size(1);
      case 0x95: // FRAME
        return void this.#size(8);
      case 0x28: // MARK
        return MARK;
      case 0x7d: // EMPTY_DICT
        return new Map();
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return [];
      case 0x85: // TUPLE1, TUPLE2, TUPLE3
      case 0x86:
      case 0x87:
        return tuple(code - 0x84);
      case 0x74: // TUPLE
        return this.#popMarked() as Pickled[];
      case 0x71: // BINPUT
        return void this.#memo.set(this.#size(1), this.#stack.at(-1)!);
      case 0x72: // LONG_BINPUT
        return void this.#memo.set(this.#size(4), this.#stack.at(-1)!);
      case 0x94: // MEMOIZE
        return void this.#memo.set(this.#memo.size, this.#stack.at(-1)!);
      case 0x68: // BINGET
        return this.#recall(this.#size(1));
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#size(4));
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE, NEWFALSE
      case 0x89:
        return code === 0x88;
      case 0x4b: // BININT1
        return this.#size(1);
      case 0x4d: // BININT2
        return this.#size(2);
      case 0x4a: // BININT
        return this.#size(4) | 0;
      case 0x47: // BINFLOAT
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8);
      case 0x55: // SHORT_BINSTRING, SHORT_BINBYTES
      case 0x43:
        return this.#take(this.#size(1));
      case 0x54: // BINSTRING, BINBYTES
      case 0x42:
        return this.#take(this.#size(4));
      case 0x8e: // BINBYTES8
        return this.#take(this.#size(8));
      case 0x8c: // SHORT_BINUNICODE
        return this.#text(1);
      case 0x58: // BINUNICODE
        return this.#text(4);
      case 0x63: // GLOBAL
        return new Name(`${this.#line()} ${this.#line()}`);
      case 0x93: { // STACK_GLOBAL
        const name = this.#pop(), module = this.#pop();
        this.#copy(lengthOf(name) + lengthOf(module));
        return new Name(`${toText(module)} ${toText(name)}`);
      }
      case 0x52: { // REDUCE
        const args = this.#pop();
        return callGlobal(this.#pop(), args, this.#copy);
      }
      case 0x62: { // BUILD
        const state = this.#pop();
        return void buildArray(this.#stack.at(-1)!, state);
      }
      case 0x61: // APPEND
        return void this.#extend([this.#pop()]);
      case 0x65: // APPENDS
        return void this.#extend(this.#popMarked());
      case 0x73: { // SETITEM
        const value = this.#pop(), key = this.#pop();
        return void this.#set([key, value]);
      }
      case 0x75: // SETITEMS
        return void this.#set(this.#popMarked());
    }
    return fail(`it has the opcode 0x${code.toString(16)}, which is not supported`);
  }

  run(): Pickled {
    for (;;) {
      const code = this.#size(1);
      if (code === 0x2e) return this.#pop() as Pickled; // STOP
      const item = this.#step(code);
      if (item !== undefined) this.#stack.push(item);
    }
  }
}

/** Reads a pickle. Throws an Error if it is damaged, or does anything other than build data. */
export function parsePickle(bytes: Uint8Array<ArrayBuffer>): Pickled {
  try {
    return new StackMachine(bytes).run();
  } catch (error) {
    // Reading past the end.
    if (error instanceof RangeError) fail("it is truncated");
    throw error;
  }
}
