/**
 * Faults of the CPU device: kernels in WebAssembly, machine code, threads.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";
import { CODE } from "./cpu_code.ts";

const ROWS = "tests/device/cpu/matmul_rows.test.ts", MATMUL = "tests/device/cpu/matmul.test.ts";
const CORNERS = "tests/device/cpu/native_corners.test.ts";
const PRODUCT = "tests/device/cpu/product.test.ts", REDUCE = "tests/device/cpu/reduce.test.ts";
const POOL = "tests/device/cpu/pool.test.ts", GATHER = "tests/device/cpu/gather.test.ts";

/** Faults of products of matrices. */
const PRODUCTS: readonly Fault[] = [
  ...faultsIn("src/device/cpu/kernels/matmul/units.ts", [ROWS, MATMUL], [
    [
      ".tee(first).times(-1).plus(m).set(rows)",
      ".tee(first).times(-1).plus(m - Number(m === 67)).set(rows)",
      "one row of a product is lost at 67 rows",
    ],
    [
      "if (k % depth) multiplyBlock(k % depth, whole > 0);",
      "if (k % depth) multiplyBlock(k % depth, false);",
      "the last block of steps forgets those before",
    ],
    ["f.count(block, whole - 1,", "f.count(block, whole - 2,", "a block of steps is left out"],
    [
      "const rowBlocks = Math.ceil(m / blocks.rows)",
      "const rowBlocks = Math.max(1, Math.floor(m / blocks.rows))",
      "the last, smaller block of rows is left out",
    ],
    [
      'if (epilogue === "rows" && !isWhole) return;',
      'if (epilogue === "rows") return;',
      "ops behind a product are left out",
      { tests: [MATMUL] },
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/matmul/blocks.ts", [ROWS, MATMUL], [
    [
      "n > 1 && n * k > m * k + result",
      "n * k > m * k + result",
      "a product with a vector is swapped too",
      {
        equivalent: "which operand is packed is a matter of speed; results are the same",
      },
    ],
    [
      'const packing = inPlace ? "none" : rows < m ? "before" : "unit";',
      'const packing = "none";',
      "operands that are not adjacent are read as if they were",
      { tests: [MATMUL] },
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/product/tile.ts", [PRODUCT, ROWS, MATMUL], [
    [
      "addSteps(UNROLL);\n      addSteps(1);",
      "addSteps(UNROLL);",
      "steps beyond a multiple of four are left out",
    ],
    [
      "if (accumulates) loadLanes(f, out, offset, lanes);",
      "if (false as boolean) loadLanes(f, out, offset, lanes);",
      "sums of earlier steps are dropped",
    ],
    [
      "loadLane(2, offset + 8)",
      "loadLane(2, offset + 4)",
      "the third column of a narrow product is the second",
    ],
    [
      "for (let i = 0; i < lanes; i++) f.get(pointer, vector)",
      "for (let i = 0; i < 4; i++) f.get(pointer, vector)",
      "a narrow product writes behind its row",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/product/portable.ts", [ROWS, PRODUCT], [
    [
      "if (columns % target.panel) multiplyPanel(columns % target.panel);",
      "if (columns % target.panel > 1) multiplyPanel(columns % target.panel);",
      "a last panel of one column is left out",
    ],
    ["f.plus(most - 1).i32(most)", "f.i32(most)", "rows beyond full tiles are left out"],
    [
      'f.get(remaining, size).op("i32.sub").set(remaining);',
      "",
      "tiles of rows are split unevenly and overlap",
    ],
  ]),
  ...faultsIn("src/device/cpu/native/product_tile.ts", [ROWS, PRODUCT], [
    [
      "if (row > 0 && row % 4 === 0) a.op",
      "if (row > 4 && row % 4 === 0) a.op",
      "rows from the fifth on are written over the first",
    ],
    [
      'for (let i = 0; i < rows; i += 4) a.op("add", pointers[i >> 2]!, HELD.leftStep);',
      'for (let i = 0; i < rows - 1; i += 4) a.op("add", pointers[i >> 2]!, HELD.leftStep);',
      "the last group of a single row repeats its first step",
    ],
    [
      "masked && vector === vectors - 1",
      "masked && vector === vectors",
      "native code writes behind the last column",
    ],
    [
      'a.compareWith(word("accumulates"), 0).jump(load, "notEqual");',
      'a.compareWith(word("accumulates"), 0).jump(load, "equal");',
      "native sums begin with what was in memory",
    ],
  ]),
];

/** Faults of reductions, pooling and indices. */
const OTHERS: readonly Fault[] = [
  ...faultsIn("src/device/cpu/kernels/reduce/rows.ts", [REDUCE], [
    [
      "lane < first ? 0 : 0xffffffff",
      "lane <= first ? 0 : 0xffffffff",
      "sums of rows lose an element of the last four",
    ],
    [
      'if (combine.counts) f.vector(...lanesFrom(4 - n % 4)).op("v128.and");',
      "",
      "sums of rows count elements twice",
    ],
    [
      'const left = () => f.get(row).plus(1).times(n).get(from).op("i32.sub");',
      "const left = () => f.i32(PART);",
      "the last part of a long row sums the next one's",
    ],
    [
      "f.while(pointer, tail, 4, () => {",
      "f.while(pointer, tail, 8, () => {",
      "every second of a part's last elements is left out",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/reduce/columns.ts", [REDUCE], [
    [
      "const parts = Math.ceil(n / rows), isComputed",
      "const parts = Math.max(1, Math.floor(n / rows)), isComputed",
      "the last part of columns is left out",
    ],
    [
      "for (let lane = 0; lane < 3; lane++)",
      "for (let lane = 0; lane < 2; lane++)",
      "one of three last columns is not written",
    ],
    [
      ".i32(0).set(fresh);\n      });",
      ";\n      });",
      "columns keep the last rows that were computed alone",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/reduce/arg_max.ts", [REDUCE], [
    ["if (n % AT_ONCE > 0)", "if (n % AT_ONCE > 1)", "a single last element is never the maximum"],
    [
      'f.op("i32.eqz").get(at, index).op("i32.lt_u", "i32.and").set(other);',
      'f.op("i32.eqz").get(at, index).op("i32.gt_u", "i32.and").set(other);',
      "of equal maxima the last counts",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/reduce/folds.ts", [REDUCE], [
    [
      "reverse ? { first: (n - 1) * inner, step: -inner }",
      "reverse ? { first: n * inner - 1, step: -inner }",
      "a cumulative sum from the end begins in the last column",
    ],
    [
      "f.count(k, n - 1, () => {",
      "f.count(k, n - 2, () => {",
      "the last row of a cumulative sum is left out",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/pool/windows.ts", [POOL], [
    [
      "from < to ? [from, Math.min(to, out)]",
      "from < to ? [from - Number(from > 0), Math.min(to, out)]",
      "a window at the edge is treated as inside",
    ],
    [
      'bound(f, length, size + paddingAfter, "i32.lt_s");',
      'bound(f, length, size, "i32.lt_s");',
      "padding behind the image is not counted in averages",
    ],
    [
      "f.advance(source, g.x.stride * pixel).advance(result, pixel);",
      "f.advance(source, pixel).advance(result, pixel);",
      "windows inside the image have stride 1",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/pool/search.ts", [POOL], [
    [
      "for (const b of best) f.floats(-Infinity).set(b);",
      "for (const b of best) f.floats(0).set(b);",
      "a maximum of negative pixels is 0",
    ],
    ['if (exact) f.get(each, each).op("f32x4.ne", "v128.or");', "", "a maximum passes over NaN", {
      tests: [CORNERS, POOL],
    }],
  ]),
  ...faultsIn("src/device/cpu/kernels/pool/scatter.ts", [POOL], [
    [
      'f.get(left[v]!, hit).op("v128.andnot").set(left[v]!);',
      "",
      "all equal maxima of a window get the gradient",
    ],
    [
      '.op("i32.sub").get(length).op("i32.lt_u").when(() => add(offset));',
      '.op("i32.sub").get(length).op("i32.le_u").when(() => add(offset));',
      "threads add to the first row of the next band",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/pool/average.ts", [POOL], [
    [
      "const adds = !isDisjoint(g);",
      "const adds = false;",
      "gradients of overlapping windows are not added up",
    ],
  ]),
  ...faultsIn("src/device/cpu/kernels/gather.ts", [GATHER], [
    [
      'f.get(row).i32(n).op("i32.lt_u")',
      'f.get(row).i32(n).op("i32.le_u")',
      "an index one too large reads behind the rows",
    ],
    [
      'f.get(f.base(x.slot!), row).times(4 * m).op("i32.add").set(from);',
      'f.get(f.base(x.slot!), row).times(4 * n).op("i32.add").set(from);',
      "rows are as far apart as there are rows",
    ],
  ]),
];

/** Faults of `src/device/cpu`. */
export const CPU: readonly Fault[] = [...PRODUCTS, ...OTHERS, ...CODE];
