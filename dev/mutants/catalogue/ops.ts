/**
 * Faults of ops: their meaning, their shapes, their adjoints.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const VALUES = "tests/ops/values.test.ts", GRADIENT = "tests/ops/gradient.test.ts";
const ARRAYS = "tests/ops/arrays.test.ts", EXTREMES = "tests/ops/extremes.test.ts";
const CONV = "tests/ops/conv_options.test.ts", GOLDEN = "tests/ops/golden.test.ts";

/** Faults of elementwise ops. */
const ELEMENTWISE: readonly Fault[] = [
  ...faultsIn("src/ops/scalar.ts", [GRADIENT, VALUES], [
    [
      "[div(g, b), neg(div(mul(g, y), b))]",
      "[div(g, b), neg(div(g, b))]",
      "the gradient of a quotient lacks a factor",
    ],
    [
      "vjp: (g) => [g, neg(g)], additive: true",
      "vjp: (g) => [g, g], additive: true",
      "the gradient of a difference has no sign",
    ],
    [
      "isOne(g) ? [b, a] :",
      "isOne(g) ? [a, b] :",
      "a product's gradients are swapped where the cotangent is 1",
    ],
    ["div(g, mul(y, 2))", "div(g, y)", "the gradient of a root is twice as large"],
    ["mul(g, sub(1, mul(y, y)))", "mul(g, sub(1, y))", "the gradient of tanh lacks a square"],
    [
      "[where(lessEqual(b, a), g, 0), where(lessEqual(b, a), 0, g)]",
      "[where(lessEqual(b, a), g, 0), where(lessEqual(a, b), g, 0)]",
      "at a tie both operands of a maximum get the gradient",
    ],
    [
      "[null, where(c, g, 0), where(c, 0, g)]",
      "[null, where(c, g, 0), g]",
      "the branch not taken gets a gradient",
    ],
    [
      "vjp: (g, [x]) => [mul(g, sign(x))]",
      "vjp: (g) => [g]",
      "the gradient of a magnitude has no sign",
    ],
    [
      "where(equal(b, 0), 0, mul(g, mul(b, pow(a, sub(b, 1)))))",
      "mul(g, mul(b, pow(a, sub(b, 1))))",
      "the gradient of 0 to the power of 0 is NaN",
    ],
    [
      "return b < 0 ? div(1, power) : power;",
      "return power;",
      "a negative power is a positive one",
    ],
    ["Math.abs(b) <= 8", "Math.abs(b) < 8", "how the eighth power is computed", {
      equivalent: "both ways of computing a power of 8 are within the tolerance, by design",
    }],
    ['x.dtype === "f32" ? g : null', "g", "integers that become floats get a gradient"],
  ]),
  ...faultsIn("src/ops/arithmetic.ts", [VALUES, EXTREMES], [
    ["Math.trunc(a / b)", "Math.floor(a / b)", "integers are divided towards -∞"],
    ["a >= b || Number.isNaN(a) ? a : b", "a >= b ? a : b", "a maximum loses a NaN"],
    ["a >> Math.min(b >>> 0, 31)", "a >> b", "shifts by more than 31 bits wrap"],
    [
      "Math.trunc(Math.min(Math.max(a, low), high))",
      "Math.round(Math.min(Math.max(a, low), high))",
      "floats are rounded to integers",
    ],
  ]),
  ...faultsIn("src/ops/elementary.ts", [ARRAYS, GRADIENT], [
    [
      "where(greater(rest, 0.5), above, ofTies)",
      "where(greater(rest, 0.5), above, above)",
      "ties are rounded up",
    ],
    [
      "neg(mul(cotangent, sin(x)))",
      "mul(cotangent, sin(x))",
      "the gradient of a cosine has no sign",
    ],
    ["-1 / 39916800", "-1 / 3991680", "the sine's series has a wrong term"],
    ["minimum(maximum(x, low), high)", "minimum(maximum(x, low), low)", "clip has one bound"],
  ]),
  ...faultsIn("src/ops/exponential.ts", [ARRAYS, GRADIENT, EXTREMES], [
    [
      "mul(x, polynomial(x, EXPM1)), sub(exp(x), 1)",
      "sub(exp(x), 1), sub(exp(x), 1)",
      "expm1 cancels near 0",
    ],
    [
      "where(less(abs(x), SMALL), series, log(add(x, 1)))",
      "log(add(x, 1))",
      "log1p loses digits near 0",
    ],
    ["[mul(cotangent, sigmoid(x))]", "[mul(cotangent, exp(x))]", "softplus has another gradient"],
  ]),
  ...faultsIn("src/ops/error_function.ts", ["tests/ops/error_function.test.ts"], [
    ["(2 * n + 1)", "(2 * n + 3)", "the error function's series has wrong terms"],
  ]),
];

/** Faults of reductions, products, views and indices. */
const ARRAY: readonly Fault[] = [
  ...faultsIn("src/ops/reduce.ts", [VALUES, GRADIENT], [
    [
      "if (!(each <= best) && !Number.isNaN(best)) at = k;",
      "if (each > best) at = k;",
      "a maximum passes over NaN",
    ],
    [
      "if (!(each <= best) && !Number.isNaN(best)) at = k;",
      "if (!(each < best) && !Number.isNaN(best)) at = k;",
      "of equal maxima the last counts",
    ],
    [
      "total.size / x.size",
      "1 / x.shape.at(-1)!",
      "a mean over several axes is divided by one of them",
    ],
    [
      "2 * cotangent.size / x.size",
      "2 / x.size",
      "the variance's gradient ignores the axes that stay",
    ],
    ["where(equal(abs(most), Infinity), 0, most)", "most", "log-sum-exp of infinities is NaN", {
      tests: [VALUES, EXTREMES],
    }],
    [
      't.dtype === "f32" ? neg(t) : sub(-1, t)',
      "neg(t)",
      "the smallest integer overflows in a minimum",
    ],
    [
      "x.shape[axesToReduce[0]!]! <= FEW",
      "x.shape[axesToReduce[0]!]! < FEW",
      "which sums are written out",
      {
        equivalent: "sums of eight are then added by the kernel in the same order",
      },
    ],
    [
      "powers, div(1, sum(powers, over, { keep: true }))",
      "powers, div(1, sum(powers, -1, { keep: true }))",
      "softmax is always along the last axis",
    ],
  ]),
  ...faultsIn("src/ops/matmul.ts", [GRADIENT, VALUES], [
    [
      "[apply(matmulOp, [g, transposed(b)]), apply(matmulOp, [transposed(a), g])]",
      "[apply(matmulOp, [g, transposed(b)]), apply(matmulOp, [transposed(a), transposed(transposed(b))])]",
      "the right operand's gradient is not of the cotangent",
    ],
    ["Math.floor(row / m) * k", "0", "every product of a batch has the first right operand"],
    [
      "for (let i = 0; i < k; i++)",
      "for (let i = 0; i < k - Number(m === 67); i++)",
      "a step is lost at 67 rows",
      {
        tests: ["tests/ops/matmul_sizes.test.ts"],
      },
    ],
  ]),
  ...faultsIn("src/ops/norms.ts", [ARRAYS, EXTREMES], [
    [
      "const root = where(isZero, 0, mul(sqrt(where(isZero, 1, squares)), divisor));",
      "const root = mul(sqrt(squares), divisor);",
      "the gradient of the norm of zero is NaN",
    ],
  ]),
  ...faultsIn("src/ops/view.ts", [GRADIENT, VALUES], [
    [
      "order.map((_, i) => order.indexOf(i))",
      "order",
      "a transposition's gradient is transposed the same way",
    ],
    ["a < 0 ? a + x.rank : a", "Math.abs(a)", "a negative axis of an order counts from the start", {
      tests: [VALUES, ARRAYS, "tests/ops/errors.test.ts"],
    }],
  ]),
  ...faultsIn("src/ops/concat.ts", ["tests/ops/concat.test.ts", GRADIENT], [
    ["before += x.shape[at]!;", "before += xs[0]!.shape[at]!;", "parts of unequal size overlap"],
    [
      "x.shape.map((_, i) => i === axis ? from : 0)",
      "x.shape.map(() => 0)",
      "every part gets the first one's gradient",
    ],
  ]),
  ...faultsIn("src/ops/gather.ts", [VALUES, GRADIENT], [
    ["[null, apply(gatherOp, [c, at])]", "[null, c]", "a scatter's gradient is not gathered"],
    [
      'add(mul(row, inner), iota(inner, "i32"))',
      "add(mul(row, inner), 0)",
      "takeAlong reads the first element of each row",
    ],
  ]),
  ...faultsIn("src/ops/cum_sum.ts", [VALUES, GRADIENT, ARRAYS], [
    ["{ reverse: !reverse }", "{ reverse }", "a cumulative sum's gradient runs the same way"],
    [
      "back ? [1, n] : [0, n - 1]",
      "back ? [0, n - 1] : [0, n - 1]",
      "an exclusive sum from the end is shifted the wrong way",
    ],
  ]),
  ...faultsIn("src/ops/sort.ts", [ARRAYS, VALUES], [
    ["|| a - b);", "|| b - a);", "equal elements are sorted backwards"],
    ["Number(Number.isNaN(a)) - Number(Number.isNaN(b))", "0", "NaN is sorted as equal to all"],
    [
      "{ descending: !smallest }",
      "{ descending: true }",
      "topK ignores that the smallest are wanted",
    ],
  ]),
  ...faultsIn("src/ops/padding.ts", [ARRAYS], [
    ["const period = 2 * (n - 1)", "const period = 2 * n", "reflect repeats the edge"],
    ["index(i - before, n)", "index(i - after, n)", "uneven paddings are swapped"],
  ]),
  ...faultsIn("src/ops/scan.ts", ["tests/ops/scan.test.ts"], [
    [
      "outputs[step] = y;",
      "outputs[i] = y;",
      "a scan from the end returns its outputs in reversed order",
    ],
    ["    carry = next;", "", "a scan carries nothing"],
  ]),
  ...faultsIn("src/ops/einsum.ts", [ARRAYS], [
    [
      "sizes.set(label, Math.max(size, known))",
      "sizes.set(label, size)",
      "a broadcast axis of einsum has the last size",
    ],
    [
      "[...dots, ...once.sort()]",
      "[...dots, ...once]",
      "an implicit result is not in alphabetical order",
    ],
  ]),
  ...faultsIn("src/ops/rearrange.ts", [ARRAYS], [
    ["(size - shift % size) % size", "(size + shift % size) % size", "roll goes the other way"],
    [
      "broadcastTo(reshape(x, [...before, 1, ...after]), [...before, times, ...after])",
      "broadcastTo(reshape(x, [...before.slice(0, -1), 1, ...before.slice(-1), ...after]), [...before.slice(0, -1), times, ...before.slice(-1), ...after])",
      "repeat tiles",
    ],
  ]),
  ...faultsIn("src/ops/attention.ts", ["tests/ops/attention.test.ts"], [
    [
      "scale = 1 / Math.sqrt(q.shape.at(-1)!)",
      "scale = 1 / q.shape.at(-1)!",
      "scores are divided by d, not by its root",
    ],
    [
      "lessEqual(iota(keys), reshape(iota(queries), [queries, 1]))",
      "lessEqual(reshape(iota(queries), [queries, 1]), iota(keys))",
      "causal attention sees the future and not the past",
    ],
  ]),
];

/** Faults of convolutions and pooling. */
const WINDOWS: readonly Fault[] = [
  ...faultsIn("src/ops/conv.ts", [VALUES, CONV, GRADIENT], [
    [
      "(tap + c % g.groupIn) * g.outChannels + first",
      "(tap + c % g.groupIn) * g.outChannels",
      "every group has the first one's weights",
    ],
    [
      "Math.floor(c / g.groupIn) * g.groupOut",
      "(c % g.groups) * g.groupOut",
      "channels are dealt to groups in turn",
    ],
    [
      "[inputGradient(g, c, x.shape, attrs), apply(conv2dOp, [x, c], bare(attrs))]",
      "[inputGradient(g, c, x.shape, attrs), g]",
      "the second derivative of a convolution lacks its product",
    ],
  ]),
  ...faultsIn("src/ops/conv_transpose.ts", [CONV, GOLDEN], [
    [
      "- padding - paddingAfter + more;",
      "- padding - paddingAfter;",
      "outputPadding is without effect",
    ],
  ]),
  ...faultsIn("src/ops/window_axis.ts", ["tests/ops/window_axis.test.ts", CONV], [
    [
      "Math.floor(beyond / stride) + 1",
      "Math.ceil(beyond / stride) + 1",
      "windows go past the end",
    ],
    ["(kernel - 1) * dilation + 1", "kernel * dilation", "dilated kernels reach too far"],
    [
      "padding: extent(a) - 1 - a.padding",
      "padding: a.kernel - 1 - a.padding",
      "a transposed axis ignores the dilation",
    ],
  ]),
  ...faultsIn("src/ops/window_phase.ts", ["tests/ops/window_phase.test.ts", CONV], [
    [
      "Math.ceil((a.out - first) / step)",
      "Math.floor((a.out - first) / step)",
      "a phase loses its last window",
    ],
  ]),
  ...faultsIn("src/ops/pool.ts", [VALUES, GRADIENT, GOLDEN], [
    [
      "x[i]! > x[at]! || Number.isNaN(x[i]) ? i : at",
      "x[i]! >= x[at]! || Number.isNaN(x[i]) ? i : at",
      "of equal maxima the last gets the gradient",
    ],
    [
      "for (const i of inside) out[i]! += g[o]! / area;",
      "for (const i of inside) out[i]! += g[o]! / inside.length;",
      "padding counts forward and not backward",
    ],
    [
      "{ countPadding = true, ...given }",
      "{ countPadding = false, ...given }",
      "padding is left out of averages",
    ],
  ]),
  ...faultsIn("src/ops/pool_geometry.ts", [VALUES, GOLDEN, CONV], [
    [
      "(out - 1) * stride >= size + padding ? out - 1 : out",
      "out",
      "a window may begin behind the image",
    ],
    [
      "const { stride = size, padding = 0, dilation = 1, ceil = false }",
      "const { stride = 1, padding = 0, dilation = 1, ceil = false }",
      "windows overlap unless told",
    ],
  ]),
];

/** Faults of `src/ops`. */
export const OPS: readonly Fault[] = [...ELEMENTWISE, ...ARRAY, ...WINDOWS];
