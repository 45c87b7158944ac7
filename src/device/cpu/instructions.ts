/**
 * Lowers scalar instructions to WebAssembly SIMD: on four elements, or one element in all lanes.
 *
 * @module
 */
import type { Instruction } from "../../ops/mod.ts";
import type { Attrs } from "../../tensor.ts";
import type { DType } from "../../host_data.ts";
import { PARITY, ROTATIONS } from "../../threefry.ts";
import type { Func, Local } from "./wasm/function.ts";
import type { PlainName } from "./wasm/opcodes.ts";
import { selectName } from "./vector_code.ts";
import type { MathName, VectorMath } from "./vector_math.ts";
import type { Known } from "../../tuple.ts";

/** The elements computed at once; a single one fills all lanes. */
export type Width = 1 | 4;

/** The context of lowering an instruction: the locals that hold its arguments, and types. */
export interface InstructionContext {
  readonly f: Func;
  readonly args: Known<Local>;
  readonly attrs: Attrs;
  /** The type of the result. */
  readonly dtype: DType;
  /** The type of the first argument. */
  readonly from: DType;
  readonly width: Width;
  /** The values of arguments that are constant. */
  readonly constants: Known<number | undefined>;
  /** Which arguments may be NaN. */
  readonly nan: readonly boolean[];
  /**
   * Pushes the flat index that all vectors of an iteration count from, and gives the distances from there
   * to the first element, and from each to the next.
   */
  readonly index: () => readonly [first: number, step: number];
  readonly math: VectorMath;
}

/** Emits an instruction, whose result is left on the stack. */
type EmitInstruction = (context: InstructionContext) => void;

/** An instruction chosen by the type of its first argument. */
const plain =
  (f32: readonly PlainName[], i32: readonly PlainName[], u32 = i32): EmitInstruction =>
  (
    { f, args, from },
  ) => {
    f.get(...args).op(...(from === "f32" ? f32 : from === "i32" ? i32 : u32));
  };

/** A comparison: 1 or 0. */
const comparison =
  (f32: PlainName, i32: PlainName, u32: PlainName): EmitInstruction => (context) => {
    plain([f32], [i32], [u32])(context);
    context.f.integers(1).op("v128.and");
  };

/**
 * A maximum or minimum. For floats, pmax and pmin return their first operand unless the comparison holds,
 * so that a NaN there is kept; a NaN in the other operand is then ORed in as all ones, which is a NaN too.
 */
const extreme =
  (f32: PlainName, i32: PlainName, u32: PlainName): EmitInstruction =>
  ({ f, args: [a, b], dtype, nan }) => {
    if (dtype !== "f32") f.get(a, b).op(dtype === "i32" ? i32 : u32);
    else if (!nan[1]) f.get(a, b).op(f32);
    else {
      f.get(b, a).op(f32);
      if (nan[0]) f.get(a, a).op("f32x4.ne", "v128.or");
    }
  };

/** Emits integer instructions that SIMD lacks, lane by lane. */
function laneByLane(
  { f, args, width }: InstructionContext,
  one: (take: (k: number) => void) => void,
) {
  const out = f.local("v128");
  f.integers(0).set(out);
  for (let lane = 0; lane < width; lane++) {
    f.get(out);
    one((k) => f.get(args[k]!).lane("i32x4.extract_lane", lane));
    f.lane("i32x4.replace_lane", lane).set(out);
  }
  if (width === 1) f.spread(out, 0);
  else f.get(out);
}

/** Integer division or its remainder: 0 for a divisor of 0, and never a trap. */
function integerDivision(context: InstructionContext, remainder: boolean) {
  const { f, dtype } = context, [a, b, y] = f.locals("i32", 3), sign = dtype === "i32" ? "s" : "u";
  laneByLane(context, (take) => {
    take(0);
    f.set(a);
    take(1);
    f.set(b).i32(0).set(y);
    f.block(() => {
      f.get(b).op("i32.eqz").exitIf(0);
      if (dtype === "i32") {
        // The smallest integer divided by -1 overflows to itself, with remainder 0.
        f.get(b).i32(-1).op("i32.eq").when(() => {
          if (!remainder) f.i32(0).get(a).op("i32.sub").set(y);
          f.exit(1);
        });
      }
      f.get(a, b).op(remainder ? `i32.rem_${sign}` : `i32.div_${sign}`).set(y);
    });
    f.get(y);
  });
}

/**
 * The remainder of a division of floats, exact in f64: x - q · d is exact while q < 2²⁹, so larger x are
 * first reduced by d times powers of 2²⁹.
 */
function floatRemainder({ f, args: [a, b], width }: InstructionContext) {
  const [x, d, by, q, sign] = f.locals("f64", 5), out = f.local("v128"), STEP = 2 ** 29;
  f.get(a).set(out);
  for (let lane = 0; lane < width; lane++) {
    f.get(a).lane("f32x4.extract_lane", lane).op("f64.promote_f32").tee(sign);
    f.op("f64.abs").set(x);
    f.get(b).lane("f32x4.extract_lane", lane).op("f64.promote_f32", "f64.abs").tee(d).set(by);
    f.f64(NaN).set(q).get(x).f64(Infinity).op("f64.lt").f64(0).get(d).op("f64.lt", "i32.and");
    f.when(() => {
      f.block(() =>
        f.loop(() => {
          f.get(by).f64(STEP).op("f64.mul").get(x).op("f64.ge").exitIf(1);
          f.get(by).f64(STEP).op("f64.mul").set(by).exit(0);
        })
      );
      f.block(() =>
        f.loop(() => {
          f.get(x, by).op("f64.div", "f64.trunc").set(q);
          f.get(x).get(x, q, by).op("f64.mul", "f64.sub").get(q).f64(0).op("f64.eq", "select");
          f.set(x).get(by, d).op("f64.eq").exitIf(1);
          f.get(by).f64(1 / STEP).op("f64.mul").set(by).exit(0);
        })
      );
      f.f64(0).set(q);
    });
    f.get(out, x).get(q).op("f64.add").get(sign).op("f64.copysign", "f32.demote_f64");
    f.lane("f32x4.replace_lane", lane).set(out);
  }
  if (width === 1) f.spread(out, 0);
  else f.get(out);
}

function threefry({ f, args: [k0, k1, counter], attrs }: InstructionContext) {
  const [k2, x0, x1] = f.locals("v128", 3), keys = [k0, k1, k2];
  f.get(k0, k1).op("v128.xor").integers(PARITY).op("v128.xor").set(k2);
  f.get(counter, k0).op("i32x4.add").set(x0);
  f.get(k1).integers(attrs.purpose as number).op("i32x4.add").set(x1);
  for (let group = 0; group < 5; group++) {
    for (let round = 0; round < 4; round++) {
      const by = ROTATIONS[(group % 2) * 4 + round]!;
      f.get(x0, x1).op("i32x4.add").set(x0);
      f.get(x1).i32(by).op("i32x4.shl").get(x1).i32(32 - by).op("i32x4.shr_u", "v128.or");
      f.get(x0).op("v128.xor").set(x1);
    }
    f.get(x0, keys[(group + 1) % 3]!).op("i32x4.add").set(x0);
    f.get(x1, keys[(group + 2) % 3]!).op("i32x4.add").integers(group + 1).op("i32x4.add").set(x1);
  }
  f.get(attrs.word === 0 ? x0 : x1);
}

/** Every scalar instruction that is no math function in WebAssembly. */
export const INSTRUCTIONS: Readonly<Record<Exclude<Instruction, MathName>, EmitInstruction>> = {
  iota: ({ f, index, dtype, width }) => {
    const [first, step] = index(), at = (lane: number) => first + lane * step;
    f.op("i32x4.splat");
    if (width === 4) f.vector(at(0), at(1), at(2), at(3)).op("i32x4.add");
    else if (first > 0) f.integers(first).op("i32x4.add");
    if (dtype === "f32") f.op("f32x4.convert_i32x4_u");
  },
  add: plain(["f32x4.add"], ["i32x4.add"]),
  sub: plain(["f32x4.sub"], ["i32x4.sub"]),
  mul: plain(["f32x4.mul"], ["i32x4.mul"]),
  div: (context) => {
    if (context.dtype === "f32") plain(["f32x4.div"], [])(context);
    else integerDivision(context, false);
  },
  remainder: (context) => {
    if (context.dtype === "f32") floatRemainder(context);
    else integerDivision(context, true);
  },
  neg: plain(["f32x4.neg"], ["i32x4.neg"]),
  sqrt: plain(["f32x4.sqrt"], []),
  abs: plain(["f32x4.abs"], ["i32x4.abs"], []),
  sign: ({ f, args: [a], dtype }) => {
    if (dtype === "u32") f.get(a).integers(1).op("i32x4.min_u");
    else if (dtype === "i32") {
      f.get(a).integers(1).op("i32x4.min_s").integers(-1).op("i32x4.max_s");
    } else {
      f.floats(1).get(a).floats(0).op("f32x4.gt", "v128.and");
      f.floats(-1).get(a).floats(0).op("f32x4.lt", "v128.and", "v128.or");
    }
  },
  floor: plain(["f32x4.floor"], []),
  maximum: extreme("f32x4.pmax", "i32x4.max_s", "i32x4.max_u"),
  minimum: extreme("f32x4.pmin", "i32x4.min_s", "i32x4.min_u"),
  equal: comparison("f32x4.eq", "i32x4.eq", "i32x4.eq"),
  less: comparison("f32x4.lt", "i32x4.lt_s", "i32x4.lt_u"),
  lessEqual: comparison("f32x4.le", "i32x4.le_s", "i32x4.le_u"),
  where: ({ f, args: [c, a, b], math }) => {
    f.get(b, a, c).integers(0).op("i32x4.eq", selectName(math.features));
  },
  cast: (context) => {
    const { f, args, from, dtype } = context;
    if (dtype === "f32") f.get(args[0]).op(`f32x4.convert_i32x4_${from === "i32" ? "s" : "u"}`);
    else if (from === "f32") {
      f.get(args[0]).op(`i32x4.trunc_sat_f32x4_${dtype === "i32" ? "s" : "u"}`);
    } else f.get(args[0]);
  },
  shiftRight: (context) => {
    const { f, args: [a], constants: [, by], dtype } = context;
    if (by !== undefined) {
      const bits = by >>> 0;
      if (bits > 31 && dtype === "u32") f.integers(0);
      else f.get(a).i32(Math.min(bits, 31)).op(dtype === "i32" ? "i32x4.shr_s" : "i32x4.shr_u");
    } else shiftEach(context);
  },
  threefry,
};

/** Shifts every lane by its own number of bits. */
function shiftEach(context: InstructionContext) {
  laneByLane(context, (take) => {
    const { f } = context, by = f.local("i32"), most = () => f.get(by).i32(31);
    take(1);
    f.set(by);
    take(0);
    if (context.dtype === "i32") {
      most();
      most().op("i32.lt_u", "select", "i32.shr_s");
    } else {
      f.get(by).op("i32.shr_u").i32(0);
      f.get(by).i32(32).op("i32.lt_u", "select");
    }
  });
}
