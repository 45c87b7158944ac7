/**
 * Faults of the CPU device's machine code, elementary functions, convolutions, memory and threads.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const CORNERS = "tests/device/cpu/native_corners.test.ts";
const EXPRESSIONS = "tests/device/cpu/native_expressions.test.ts";
const MATH = "tests/device/cpu/vector_math.test.ts", CONV = "tests/device/cpu/conv.test.ts";
const TILING = "tests/device/cpu/tiling.test.ts", FORMS = "tests/device/cpu/conv_forms.test.ts";
const SORT = "tests/device/cpu/sort.test.ts";

/** Faults of machine code, elementary functions and threads. */
export const CODE: readonly Fault[] = [
  ...faultsIn("src/device/cpu/native/lane_ops.ts", [CORNERS, EXPRESSIONS], [
    ['"i32x4.shr_s": 4,', '"i32x4.shr_s": 2,', "negative integers are shifted as unsigned ones"],
    [
      '"f32x4.pmax": { map: 1, prefix: 0, opcode: 0x5f, order: "reverse" }',
      '"f32x4.pmax": { map: 1, prefix: 0, opcode: 0x5f, order: "any" }',
      "a native maximum loses NaN",
    ],
    [
      '"i32x4.le_u": ["unsigned", 2],',
      '"i32x4.le_u": ["unsigned", 1],',
      "≤ of unsigned integers is <",
    ],
    ["(subtracts ? 4 : 0)", "(subtracts ? 2 : 0)", "subtracting products is another instruction"],
  ]),
  ...faultsIn("src/device/cpu/native/expression_code.ts", [CORNERS, EXPRESSIONS], [
    ["this.#lastUse.set(value, Infinity);", "", "a register is reused before its value is stored"],
    ["Math.imul(lane, value.step)", "0", "an index vector has one value in all lanes"],
    [
      'if (value.segment === "vector") a.op("add", rax, rdx, 32);',
      "",
      "indices begin anew at every vector",
    ],
    [
      'a.op("compare", rdx, word(EXPRESSION.count), 32).jump(next, "aboveOrEqual");',
      "a.jump(next);",
      "the elements beyond whole vectors are left out",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/sort.ts", [SORT], [
    [
      "const isEven = Math.ceil(Math.log2(n)) % 2 === 0;",
      "const isEven = Math.floor(Math.log2(n)) % 2 === 0;",
      "the sorted indices end in the other buffer",
    ],
    [
      'if (dtype === "u32") f.i32(-0x80000000).op("i32.xor");',
      "",
      "large unsigned integers are sorted as negative",
    ],
    [
      '      pushKey(b);\n      pushKey(a);\n      f.op("i32.lt_s")',
      '      pushKey(b);\n      pushKey(a);\n      f.op("i32.le_s")',
      "equal elements change places",
    ],
  ]),
  ...faultsIn("src/device/cpu/vector_math.ts", [MATH], [
    ["4.1668388993e-2", "4.1768388993e-2", "a coefficient of exp is off"],
    [
      'v.op("v128.and", tiny, float(-23))',
      'v.op("v128.and", tiny, float(-22))',
      "logarithms of denormal numbers are off",
    ],
    ["3.3333331174e-1", "3.3343331174e-1", "a coefficient of log is off"],
    [
      "joined(v, x, size, 0.625, near, far)",
      "joined(v, x, size, 1.625, near, far)",
      "tanh's series is used too far out",
    ],
    [
      'v.op("v128.or", x, SIGN), -104)',
      'v.op("v128.or", x, SIGN), -80)',
      "sigmoid is not 0 far out",
    ],
    [
      "if (b % 2 === 0) return size;",
      "if (b % 2 !== 0) return size;",
      "odd powers of negative numbers are positive",
    ],
    ["-3.7612447e-1", "-3.7622447e-1", "a coefficient of erf is off"],
  ]),
  ...faultsIn("src/device/cpu/arena.ts", ["tests/device/cpu/arena.test.ts"], [
    ["if (joinsAfter) range.bytes += after.bytes;", "", "freed memory beside free memory is lost"],
    ["joins ? last.address : this.#end;", "this.#end;", "free memory at the end is not used"],
    [
      "Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);\n\n",
      "Math.floor(bytes / ALIGNMENT) * ALIGNMENT);\n\n",
      "buffers overlap by less than a line",
    ],
    ["    this.#used--;\n", "", "freed buffers are counted as used"],
  ]),
  ...faultsIn("src/device/cpu/threads/sharing_policy.ts", [
    "tests/device/cpu/sharing_policy.test.ts",
  ], [
    ["if (this.#debt <= MAX_DEBT) return;", "return;", "threads are used although they cost time"],
    [
      "Math.min(MAX_DOUBLINGS, this.#losses++)",
      "Math.min(MAX_DOUBLINGS, this.#losses)",
      "pauses never grow",
    ],
  ]),
  ...faultsIn("src/device/cpu/threads/tiles.ts", [TILING], [
    ["Math.min(first + each, tiles[k + 2]!)", "first + each", "the last tile goes past the end"],
    [
      "local + tiles[k + 1]! - tile * tiles[k + 2]!",
      "local + tiles[k + 1]!",
      "values of all tiles but the first are misplaced",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/conv/direct.ts", [CONV, FORMS], [
    ["if (remainder) next(remainder);", "", "the last rows of a large kernel are left out"],
    [
      "f.advance(pointer, source.group).advance(to, 4 * g.groupOut)",
      "f.advance(to, 4 * g.groupOut)",
      "every group reads the first one's channels",
    ],
    ["if (hasZeros) clear();", "", "results that no pixel reaches are not 0"],
    ["(union.y.padding - y.padding) * row", "0 * row", "phases of other paddings read other rows"],
    [
      'i32(y.out).op("i32.gt_u").when(() => f.advance(count, -1));',
      'i32(y.out).op("i32.gt_u").when(() => {});',
      "the last band of a phase has a row too many",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/conv/weights.ts", [CONV, FORMS], [
    [
      "(g.y.kernel - 1) * y + (g.x.kernel - 1) * x",
      "(g.y.kernel - 1) * y",
      "transposed kernels are mirrored along one axis",
    ],
  ]),
];
