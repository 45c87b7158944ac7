/**
 * The processes of an MPI job, and their collectives.
 *
 * @module
 */
import type { Distributed, Pending, Reducible } from "../types.ts";
import { type Launcher, setDefaults } from "../launcher.ts";
import type { ElementType, Handles, Reduction } from "./handles.ts";
import type { Functions, Library } from "./library.ts";
import { findMachines } from "./machines.ts";

/**
 * Settings of Open MPI unless the environment has others. By one TCP connection it sends large messages in
 * one direction at a time, and so sums at half of the network's rate; by two in both. Messages of up to the
 * eager limit go without being asked for, and so while both processes compute. Nonblocking sums in place
 * take Rabenseifner's algorithm instead of a tree, which sends everything twice by way of one process.
 */
const OPEN_MPI = {
  OMPI_MCA_coll_libnbc_iallreduce_algorithm: "3",
  OMPI_MCA_btl_tcp_links: "2",
  OMPI_MCA_btl_tcp_eager_limit: `${1 << 20}`,
  OMPI_MCA_btl_tcp_max_send_size: `${1 << 20}`,
};

/** Only the thread that initializes MPI calls it. */
const FUNNELED = 1;

/** The most elements of one call: counts are 32-bit. */
const MOST = 2 ** 30;

const BYTES: Readonly<Record<ElementType, number>> = { f32: 4, f64: 8, i32: 4, bytes: 1 };

/** The element type of an array; throws TypeError for one that collectives do not reduce. */
function elementType(data: Reducible): ElementType {
  if (data instanceof Float32Array) return "f32";
  if (data instanceof Float64Array) return "f64";
  if (data instanceof Int32Array) return "i32";
  const found = Object.prototype.toString.call(data).slice(8, -1);
  throw new TypeError(
    `allReduce: expected a Float32Array, Float64Array or Int32Array, found ${found}`,
  );
}

/** An integer that a function writes. */
function written(call: (into: Int32Array<ArrayBuffer>) => number): number {
  const into = new Int32Array(1);
  call(into);
  return into[0]!;
}

/** Throws unless the library's element types have the sizes of ours, as a library of another family has not. */
function checkTypes({ functions, version }: Library, handles: Handles): void {
  for (const [name, bytes] of Object.entries(BYTES)) {
    const type = handles.types[name as ElementType];
    const found = written((into) => functions.MPI_Type_size(type, into));
    if (found === bytes) continue;
    throw new Error(
      `distributed: expected ${version} to have elements of ${bytes} bytes for ${name}, found ${found}`,
    );
  }
}

/** Throws unless all processes are connected, as those of another library's launcher are not. */
function checkSize({ version }: Library, launcher: Launcher, size: number): void {
  const { name, size: expected = size } = launcher;
  if (size === expected) return;
  throw new Error(
    `distributed: expected the ${expected} processes that ${name} started, found ${size} as ${version} ` +
      "connects them; name the launcher's own library in GOODINIT_MPI",
  );
}

/** Views of an array's memory in pieces that one call may have. */
function* pieces(bytes: Uint8Array, each: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let from = 0; from < bytes.length; from += MOST * each) {
    yield bytes.subarray(from, from + MOST * each) as Uint8Array<ArrayBuffer>;
  }
}

/** A call that goes on. */
interface Started {
  /** Room for the library's request, which is an address or a number of 32 bits. */
  readonly request: BigUint64Array<ArrayBuffer>;
  /** What it works on, which must not be collected. */
  readonly piece: Uint8Array;
}

/** A sum of calls that were started. */
function pendingOf(
  { MPI_Test, MPI_Wait }: Functions,
  { noStatus }: Handles,
  started: Started[],
): Pending {
  const flag = new Int32Array(1);
  return {
    test() {
      for (; started.length > 0; started.shift()) {
        MPI_Test(started[0]!.request, flag, noStatus);
        if (flag[0] === 0) return false;
      }
      return true;
    },
    wait() {
      for (const { request } of started.splice(0)) MPI_Wait(request, noStatus);
    },
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Joins the job that the launcher started.
 *
 * @throws Error if the library does not connect the processes, as one of another launcher does.
 */
export function joinProcesses(library: Library, launcher: Launcher): Distributed {
  const { functions } = library;
  if (written((into) => functions.MPI_Initialized(into)) === 0) {
    if (library.family === "openmpi") setDefaults(OPEN_MPI);
    written((into) => functions.MPI_Init_thread(0n, 0n, FUNNELED, into));
  }
  const handles = library.handles(), { world } = handles;
  checkTypes(library, handles);
  const rank = written((into) => functions.MPI_Comm_rank(world, into));
  const size = written((into) => functions.MPI_Comm_size(world, into));
  checkSize(library, launcher, size);
  const machines = findMachines(functions, handles, { rank, size });
  let closed = false;
  const check = (what: string) => {
    if (closed) throw new Error(`${what}: expected an open job, found one that was closed`);
  };
  /** The arguments of the calls that reduce an array. */
  const calls = (data: Reducible, reduction: Reduction) => {
    check("allReduce");
    const name = elementType(data), each = BYTES[name];
    const type = handles.types[name], op = handles.reductions[reduction];
    if (op === undefined) {
      throw new TypeError(`allReduce: expected sum, max or min, found ${reduction}`);
    }
    return [...pieces(bytesOf(data), each)]
      .map((piece) => [piece, piece.length / each, type, op] as const);
  };
  return {
    rank,
    size,
    ...machines,
    description: `${library.version}, ${size} processes by ${launcher.name}`,
    allReduce(data: Reducible, reduction: Reduction = "sum") {
      for (const [piece, count, type, op] of calls(data, reduction)) {
        functions.MPI_Allreduce(handles.inPlace, piece, count, type, op, world);
      }
    },
    startAllReduce(data: Reducible, reduction: Reduction = "sum") {
      const started = calls(data, reduction).map(([piece, count, type, op]) => {
        const request = new BigUint64Array(1);
        functions.MPI_Iallreduce(handles.inPlace, piece, count, type, op, world, request);
        return { request, piece };
      });
      return pendingOf(functions, handles, started);
    },
    broadcast(data: ArrayBufferView, from = 0) {
      check("broadcast");
      if (!Number.isInteger(from) || from < 0 || from >= size) {
        throw new RangeError(`broadcast: expected a rank from 0 to ${size - 1}, found ${from}`);
      }
      for (const piece of pieces(bytesOf(data), 1)) {
        functions.MPI_Bcast(piece, piece.length, handles.types.bytes, from, world);
      }
    },
    barrier() {
      check("barrier");
      functions.MPI_Barrier(world);
    },
    abort(code = 1) {
      functions.MPI_Abort(world, code);
    },
    [Symbol.dispose]() {
      if (closed) return;
      closed = true;
      functions.MPI_Finalize();
    },
  };
}
