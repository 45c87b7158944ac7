/**
 * The handles and constants of MPI libraries, which differ between families of binary interfaces.
 *
 * Sources: Open MPI 4.1, `ompi/include/mpi.h.in` and `mpif-values.py` (handles are addresses, found by their
 * Fortran numbers); MPICH 4.0, `src/include/mpi.h.in`, whose numbers Intel MPI and MVAPICH share; MPI 5.0,
 * appendix A (the standard binary interface).
 *
 * @module
 */

/** Element types of collectives. */
export type ElementType = "f32" | "f64" | "i32" | "bytes";

/** Reductions of collectives. */
export type Reduction = "sum" | "max" | "min";

/** The handles of a library, as numbers that fit a register. */
export interface Handles {
  readonly world: bigint;
  readonly types: Readonly<Record<ElementType, bigint>>;
  readonly reductions: Readonly<Record<Reduction, bigint>>;
  /** The buffer argument by which a collective works in place. */
  readonly inPlace: bigint;
  /** The argument by which a test or a wait reports no status. */
  readonly noStatus: bigint;
}

/** Families of binary interfaces. */
export type Family = "openmpi" | "mpich" | "standard";

const MPICH: Handles = {
  world: 0x44000000n,
  types: { f32: 0x4c00040an, f64: 0x4c00080bn, i32: 0x4c000405n, bytes: 0x4c00010dn },
  reductions: { sum: 0x58000003n, max: 0x58000001n, min: 0x58000002n },
  inPlace: 0xffff_ffff_ffff_ffffn,
  noStatus: 1n,
};

const STANDARD: Handles = {
  world: 257n,
  types: { f32: 528n, f64: 532n, i32: 521n, bytes: 583n },
  reductions: { sum: 33n, max: 35n, min: 34n },
  inPlace: 1n,
  noStatus: 0n,
};

/** Fortran's numbers of Open MPI's handles. */
const FORTRAN = {
  world: 0,
  types: { f32: 14, f64: 15, i32: 10, bytes: 1 },
  reductions: { sum: 3, max: 1, min: 2 },
} as const;

/** Open MPI's functions from Fortran's numbers to handles. */
export interface FromFortran {
  readonly comm: (number: number) => bigint;
  readonly type: (number: number) => bigint;
  readonly op: (number: number) => bigint;
}

const mapValues = <K extends string>(
  numbers: Readonly<Record<K, number>>,
  f: (number: number) => bigint,
): Record<K, bigint> =>
  Object.fromEntries(
    Object.entries<number>(numbers).map(([name, number]) => [name, f(number)]),
  ) as Record<K, bigint>;

/** The family of a library, from the text of `MPI_Get_library_version`; undefined for an unknown one. */
export function familyOf(version: string, isStandard: boolean): Family | undefined {
  if (isStandard) return "standard";
  if (/Open MPI/i.test(version)) return "openmpi";
  return /MPICH|Intel\(R\) MPI|MVAPICH|CRAY MPI/i.test(version) ? "mpich" : undefined;
}

/** The handles of a family. */
export function handlesOf(family: Family, from: FromFortran | undefined): Handles {
  if (family === "mpich") return MPICH;
  if (family === "standard") return STANDARD;
  if (!from) throw new Error("distributed: expected Open MPI with MPI_Type_f2c, found none");
  return {
    world: from.comm(FORTRAN.world),
    types: mapValues(FORTRAN.types, from.type),
    reductions: mapValues(FORTRAN.reductions, from.op),
    inPlace: 1n,
    noStatus: 0n,
  };
}
