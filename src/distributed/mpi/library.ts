/**
 * Finds and opens an MPI library by Deno's foreign functions.
 *
 * @module
 */
import { type Family, familyOf, type FromFortran, type Handles, handlesOf } from "./handles.ts";

/** The functions that collectives call; handles are passed as numbers that fit a register. */
const FUNCTIONS = {
  MPI_Init_thread: { parameters: ["u64", "u64", "i32", "buffer"], result: "i32" },
  MPI_Initialized: { parameters: ["buffer"], result: "i32" },
  MPI_Finalize: { parameters: [], result: "i32" },
  MPI_Abort: { parameters: ["u64", "i32"], result: "i32" },
  MPI_Comm_rank: { parameters: ["u64", "buffer"], result: "i32" },
  MPI_Comm_size: { parameters: ["u64", "buffer"], result: "i32" },
  MPI_Type_size: { parameters: ["u64", "buffer"], result: "i32" },
  MPI_Get_library_version: { parameters: ["buffer", "buffer"], result: "i32" },
  MPI_Allreduce: {
    parameters: ["u64", "buffer", "i32", "u64", "u64", "u64"],
    result: "i32",
  },
  MPI_Iallreduce: {
    parameters: ["u64", "buffer", "i32", "u64", "u64", "u64", "buffer"],
    result: "i32",
  },
  MPI_Test: { parameters: ["buffer", "buffer", "u64"], result: "i32" },
  MPI_Wait: { parameters: ["buffer", "u64"], result: "i32" },
  MPI_Get_processor_name: { parameters: ["buffer", "buffer"], result: "i32" },
  MPI_Bcast: { parameters: ["buffer", "i32", "u64", "i32", "u64"], result: "i32" },
  MPI_Barrier: { parameters: ["u64"], result: "i32" },
} as const;

const FROM_FORTRAN = {
  MPI_Comm_f2c: { parameters: ["i32"], result: "u64" },
  MPI_Type_f2c: { parameters: ["i32"], result: "u64" },
  MPI_Op_f2c: { parameters: ["i32"], result: "u64" },
} as const;

/** The symbols of an open library. */
export type Functions = Deno.DynamicLibrary<typeof FUNCTIONS>["symbols"];

/** An open MPI library. */
export interface Library {
  readonly path: string;
  readonly family: Family;
  /** Its name and version. */
  readonly version: string;
  readonly functions: Functions;
  /** Its handles, which may be asked for once it is initialized. */
  readonly handles: () => Handles;
}

/** Names under which libraries are installed, by the family that a launcher needs, else all. */
const NAMES = {
  linux: [
    "libmpi_abi.so.0",
    "libmpi.so.40",
    "libmpi.so.80",
    "libmpich.so.12",
    "libmpi.so.12",
    "libmpi.so",
    "libmpich.so",
  ],
  darwin: ["libmpi_abi.0.dylib", "libmpi.40.dylib", "libmpi.12.dylib", "libmpi.dylib"],
} as const;

/** Folders in which package managers of macOS, where the loader does not look, install libraries. */
const FOLDERS = { linux: [""], darwin: ["", "/opt/homebrew/lib/", "/usr/local/lib/"] };

const INSTALL = "install Open MPI or MPICH (Debian: apt install openmpi-bin; macOS: brew install " +
  "open-mpi), or name the library's file in GOODINIT_MPI";

/** The names to try: that of the variable `GOODINIT_MPI` alone, or all that are usual. */
function candidates(named: string | undefined, prefer: Family | undefined): readonly string[] {
  if (named) return [named];
  const os = Deno.build.os === "darwin" ? "darwin" : "linux";
  const names = NAMES[os].filter((name: string) =>
    prefer === undefined || name.includes("abi") ||
    /mpich|\.12\b/.test(name) === (prefer === "mpich")
  );
  return FOLDERS[os].flatMap((folder) => names.map((name) => folder + name));
}

/** The name and version in a library's description, such as `Open MPI v4.1.4`. */
const nameOf = (bytes: Uint8Array<ArrayBuffer>, length: number): string =>
  new TextDecoder().decode(bytes.subarray(0, length)).split(/[\0\n,]/)[0]!.replace(/\s+/g, " ")
    .trim();

/** Open MPI's functions from Fortran's numbers to handles. */
function fromFortran(path: string): FromFortran {
  const { symbols } = Deno.dlopen(path, FROM_FORTRAN);
  return {
    comm: (number) => symbols.MPI_Comm_f2c(number),
    type: (number) => symbols.MPI_Type_f2c(number),
    op: (number) => symbols.MPI_Op_f2c(number),
  };
}

/** Opens the library of a path; throws if there is none. */
function openLibrary(path: string): Library {
  const { symbols: functions } = Deno.dlopen(path, FUNCTIONS);
  const text = new Uint8Array(8192), length = new Int32Array(1);
  functions.MPI_Get_library_version(text, length);
  const version = nameOf(text, length[0]!), family = familyOf(version, path.includes("mpi_abi"));
  if (!family) {
    throw new Error(
      `distributed: expected Open MPI, MPICH, a library with MPICH's binary interface or MPI 5's, ` +
        `found ${version || "one without a name"} (${path})`,
    );
  }
  const from = family === "openmpi" ? fromFortran(path) : undefined;
  return { path, family, version, functions, handles: () => handlesOf(family, from) };
}

/**
 * Opens the MPI library that is installed.
 *
 * @param prefer The family that the launcher belongs to, if that is known.
 * @throws Error if none is installed, with how to install one; Deno.errors.NotCapable without `--allow-ffi`.
 */
export function findLibrary(named: string | undefined, prefer?: Family): Library {
  const failures: string[] = [];
  for (const path of candidates(named, prefer)) {
    try {
      return openLibrary(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      if (error instanceof Error && error.message.startsWith("distributed:")) throw error;
      failures.push(path);
    }
  }
  throw new Error(
    `distributed: expected an MPI library, found none of ${failures.join(", ")}; ${INSTALL}`,
  );
}
