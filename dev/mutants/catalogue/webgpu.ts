/**
 * Faults of the WebGPU device: kernels in WGSL and how they are run.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const NAIVE = "tests/device/webgpu/kernels/naive.test.ts";
const REDUCE = "tests/device/webgpu/kernels/reduce.test.ts";
const MATMUL = "tests/device/webgpu/kernels/matmul.test.ts";
const NARROW = "tests/device/webgpu/kernels/narrow_matmul.test.ts";
const GEMM = "tests/device/webgpu/kernels/gemm.test.ts";
const MATHS = "tests/device/webgpu/wgsl/math.test.ts";

/** Faults of `src/device/webgpu`. */
export const WEBGPU: readonly Fault[] = [
  ...faultsIn("src/device/webgpu/kernels/naive/reduce.ts", [NAIVE], [
    [
      "end: n,",
      "end: n - 1,",
      "reductions leave out their last element",
    ],
    [
      "Math.min(parts, threads)",
      "Math.min(parts, threads / 2)",
      "half of the parts' sums are left out",
    ],
    [
      '`!${isNaN1("best")} && (v > best || ${isNaN1("v")})`',
      "`v >= best`",
      "of equal maxima the last counts",
    ],
    ['${attrs.reverse ? `(${n - 1}u - k)` : "k"}', "k", "cumulative sums never run from the end"],
    [
      "for (var p = 0u; p < part; p++)",
      "for (var p = 1u; p < part; p++)",
      "later parts of a cumulative sum leave out the first",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/naive/reduce.ts", [REDUCE], [
    [
      "`part * ${outer * groups}u + row * ${groups}u + column`",
      '"i"',
      "partial results lie where those of other rows are read",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/strided.ts", [REDUCE], [
    [
      "if (${place} < ${end}u) { ${name} = ${combine(name, `value${j + 1}`)}; }",
      "${name} = ${combine(name, `value${j + 1}`)};",
      "the last of the values that are loaded together is added again",
    ],
    ["k += ${atOnce * step}u", "k += ${(atOnce + 1) * step}u", "a value of each round is left out"],
  ]),
  ...faultsIn("src/device/webgpu/kernels/naive/pool.ts", [NAIVE], [
    [
      "var best = ${floats(w)}(-3.4028234e38);\n  var chosen = ${place}(-1);",
      "var best = ${floats(w)}(0.0);\n  var chosen = ${place}(0);",
      "a maximum of negative pixels is the first of the image",
    ],
    ["| (chosen < ${place}());\n", ";\n", "a window of -∞ chooses nothing", {
      survives: "only windows of nothing but -3.4e38 and less differ",
    }],
    [
      "min((y + ${g.y.padding}) / ${g.y.stride}, ${g.y.out - 1})",
      "min((y + ${g.y.padding}) / ${g.y.stride}, ${g.y.out - 2})",
      "the last row of windows gives no gradient",
    ],
    [
      "min(${a.kernel}, ${end} - ${at})",
      "${a.kernel}",
      "windows at the edge are divided by their whole area",
    ],
    [
      '`if (${apart.join(" && ")}) { `',
      "`{ `",
      "a dilated average gives its gradient to pixels between taps",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/naive/sort.ts", [NAIVE], [
    [
      "(other == mine && k < own)",
      "(other == mine && k > own)",
      "equal elements change places within a run",
    ],
    [
      "(other == mine && !isLeft)",
      "(other == mine && isLeft)",
      "equal elements change places between runs",
    ],
    ["parameters: [RUN * 2 ** level],", "parameters: [RUN],", "only runs of one length are merged"],
  ]),
  ...faultsIn("src/device/webgpu/kernels/naive/gather.ts", [
    NAIVE,
    "tests/device/webgpu/kernels/gather.test.ts",
  ], [
    [
      "if (row < ${n}u) { v =",
      "if (row <= ${n}u) { v =",
      "an index one too large reads behind the rows",
      { tests: ["tests/device/webgpu/kernels/gather.test.ts"] },
    ],
    [
      "if (u32(${load(0)}(k)) == row) { total +=",
      "if (u32(${load(0)}(k)) == row) { total =",
      "only the last of scattered rows counts",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/naive/conv.ts", [NAIVE], [
    [
      "let channel = o / ${g.groupOut}u * ${g.groupIn}u;",
      "let channel = 0u;",
      "every group reads the first one's channels",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/gemm/tiled_matmul.ts", [MATMUL, GEMM], [
    [
      "`if (row < ${a.extent}u) {`",
      "`if (row + 1u < ${a.extent}u) {`",
      "the last row of a product is not written",
    ],
    [
      '"if (depth1 >= end) { break; }",\n    ...stashBoth(1),\n    "workgroupBarrier();",',
      '"if (depth1 >= end) { break; }",\n    ...stashBoth(1),',
      "threads read a tile before it is there",
      {
        survives: "threads of a software driver run in step; a GPU's do not",
      },
    ],
    [
      "let end = min(start + ${partDepth}u, ${sizes.depth}u);",
      "let end = start + ${partDepth}u;",
      "the last part of the depth goes past its end",
      { tests: [GEMM] },
    ],
    [
      "`let batch = matrix % ${sizes.batch}u;`",
      "`let batch = 0u;`",
      "every product of a batch is the first",
      { tests: [GEMM, MATMUL] },
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/gemm/staging.ts", [MATMUL, GEMM], [
    [
      "`${depth0} + ${each.depth} < ${depth}u`",
      "`${depth0} + ${each.depth} <= ${depth}u`",
      "steps past the end are multiplied",
    ],
    ["min(${edge}, ${each - beyond}u)", "${edge}", "rows past the end are read", {
      survives: "WebGPU's bounds give some value, and what it becomes is not written",
    }],
    [
      "const guarded = depth % tile.depth !== 0,",
      "const guarded = false,",
      "a depth that is no multiple of a tile's is not guarded",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/gemm/split_k.ts", [GEMM, MATMUL], [
    ["part + ${k}u < last);", "part + ${k}u <= last);", "a part of the depth is added twice"],
  ]),
  ...faultsIn("src/device/webgpu/kernels/gemm/image.ts", [GEMM], [
    [
      "i32(${name}_row)${times(g.y.dilation)}",
      "i32(${name}_row)${times(g.x.dilation)}",
      "rows are dilated as columns are",
      { tests: [GEMM, NAIVE] },
    ],
    [
      "u32(${name}_y + ${from}_dy) < ${g.y.size}u",
      "u32(${name}_y + ${from}_dy) <= ${g.y.size}u",
      "padding below the image reads the next one",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/software/matmul.ts", [MATMUL], [
    ["min(row, rows - 1u)", "min(row, rows)", "threads past the last row read behind it", {
      survives: "what they compute is not written",
    }],
    [
      "  if (row < rows) {\n",
      "  if (row + 1u < rows) {\n",
      "the last row of a product is not written",
    ],
    ["...(i > 0 && { accumulates: true }),", "", "steps beyond the first block replace the sums"],
    [
      "(group.z * inner + depth0 + t / ${VECTORS}u) * columns",
      "(depth0 + t / ${VECTORS}u) * columns",
      "every product of a batch has the first right operand",
    ],
  ]),
  ...faultsIn("src/device/webgpu/kernels/software/narrow_matmul.ts", [NARROW, MATMUL], [
    [
      "...(rest ? [part(whole, 1, rest)] : [])",
      "",
      "the last, smaller part of the depth is left out",
    ],
    [
      "let narrow0 = (group.z - batch * ${tiles}u) * ${tile}u;",
      "let narrow0 = 0u;",
      "every tile of a narrow product is the first",
    ],
  ]),
  ...faultsIn("src/device/webgpu/wgsl/math.ts", [MATHS], [
    ["x < ${F}(-103.98)", "x < ${F}(-80.0)", "small powers of e are 0"],
    ["z = select(z, -z, below & odd);", "", "odd powers of negative numbers are positive"],
    [
      'x + x * ${polynomial(F, "(x * x)", near)}, size',
      'x * ${polynomial(F, "(x * x)", near)}, size',
      "the error function near 0 lacks a term",
    ],
  ]),
];
