/**
 * Faults of layers, losses and initializers.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const LAYERS = "tests/nn/layers.test.ts", COMPOSE = "tests/nn/compose.test.ts";
const LOSSES = "tests/nn/losses.test.ts",
  TARGETS = "tests/nn/targets.test.ts",
  GOLDEN = "tests/nn/golden.test.ts";
const PARTS = "tests/nn/parts.test.ts", BY_HAND = "tests/nn/by_hand.test.ts";
const NORMS = "tests/nn/normalization/normalization.test.ts";
const BATCH_NORM = "tests/nn/normalization/batch_norm.test.ts";
const CORNERS = "tests/nn/corners.test.ts", PASS = "tests/nn/training_pass.test.ts";
const INITIALIZER = "tests/nn/initializer.test.ts";

/** Faults of composition, dropout and activations. */
const LAYER: readonly Fault[] = [
  ...faultsIn("src/nn/compose.ts", [COMPOSE, LAYERS], [
    [
      "const keys = key && split(key, n);",
      "const keys = key && Array(n).fill(key);",
      "every layer drops by the same key",
    ],
    ["key && n > 1 ? foldIn(key, n) : key", "key", "a layer that is called twice drops alike"],
    [
      "const keys = split(key, n), params",
      "const keys = Array(n).fill(key), params",
      "every layer is initialized by the same key",
    ],
    ["if (known) return part(known, x);", "", "a layer that is called twice is initialized twice"],
    [
      "deriveCallKey(keys?.[index], nth), index)",
      "undefined, index)",
      "layers inside never know that they train",
    ],
  ]),
  ...faultsIn("src/nn/pooling.ts", [CORNERS, LAYERS, BY_HAND], [
    ["mul(x, 1 / (1 - rate))", "x", "dropout does not scale what it keeps"],
    [
      "bernoulli(key, 1 - rate, x.shape",
      "bernoulli(key, rate, x.shape",
      "dropout drops what it should keep",
    ],
    ["x.shape, skippedNumbers(x.shape))", "x.shape)", "every share of a batch has the same mask", {
      tests: ["tests/nn/batch_share.test.ts"],
    }],
    [
      "bernoulli(key, 1 - rate, x.shape, skippedNumbers(x.shape))",
      "bernoulli(key, 1 - rate, [1, ...x.shape.slice(1)])",
      "all examples of a batch have the same mask",
    ],
    [
      "const { countPadding = true } = options;",
      "const { countPadding = false } = options;",
      "the option that layers show has another default",
    ],
  ]),
  ...faultsIn("src/nn/batch_share.ts", ["tests/nn/batch_share.test.ts"], [
    [
      "current.first * Math.floor",
      "current.count * Math.floor",
      "shares skip the numbers of their own length",
    ],
    ["current = outer;", "current = undefined;", "a share inside another ends both"],
  ]),
  ...faultsIn("src/nn/traverse.ts", ["tests/nn/traverse.test.ts", BATCH_NORM], [
    ["training: key !== undefined,", "training: true,", "visitors always see training"],
    ["    traversal = before;", "    traversal = {};", "an inner walk ends the outer one"],
  ]),
  ...faultsIn("src/nn/training_pass.ts", [PASS, BATCH_NORM, PARTS], [
    [
      "before.map((w) => this.after(w) ?? w)",
      "before",
      "a layer that is called twice learns from its last call alone",
    ],
    [
      "if (branch) this.sides.push({ ...branch, output });",
      "if (branch) this.sides.unshift({ ...branch, output });",
      "side branches come in reversed order",
    ],
  ]),
  ...faultsIn("src/nn/activations.ts", [CORNERS, LAYERS, GOLDEN], [
    ["ops.maximum(0, x)", "ops.maximum(x, 0)", "the gradient of relu at 0 goes to x"],
    ['leaky("vlrelu", 0.333)', 'leaky("vlrelu", 0.3)', "very leaky ReLU leaks less"],
    ["ops.mul(0.044715,", "ops.mul(0.04715,", "GELU's coefficient has a digit lost"],
  ]),
  ...faultsIn("src/nn/smooth_activations.ts", [CORNERS, PARTS, GOLDEN, LAYERS], [
    ["SELU_ALPHA = 1.6732632423543772", "SELU_ALPHA = 1.6732", "SELU's α is rounded"],
    ["ops.expm1(ops.minimum(x, 0))", "ops.expm1(x)", "ELU's gradient is NaN where exp overflows"],
  ]),
  ...faultsIn("src/nn/piecewise_activations.ts", [PARTS, GOLDEN], [
    [
      "between(ops.add(x, 3), 0, 6)",
      "between(ops.add(x, 3), 0, 5)",
      "hard sigmoid saturates early",
    ],
  ]),
  ...faultsIn("src/nn/attention.ts", [CORNERS, "tests/nn/sequence_layers.test.ts"], [
    ["call(1, source)", "call(1, x)", "keys do not come from the memory"],
    ["mask ? mul(present, isSet(mask)) : present", "present", "a mask beside padding is ignored"],
    ["{ causal, mask: seen }", "{ mask: seen }", "attention is never causal"],
    ["rate > 0 ? call(4, weights) : weights", "weights", "attention's dropout is without effect"],
  ]),
  ...faultsIn("src/nn/branches.ts", [LAYERS, PARTS, "tests/nn/highway_layers.test.ts"], [
    ["return ops.add(x, y);", "return y;", "a residual layer has no shortcut"],
  ]),
  ...faultsIn("src/nn/highway_layers.ts", ["tests/nn/highway_layers.test.ts"], [
    ["transformBias = -2", "transformBias = 2", "gates of highway layers begin open"],
    [
      "const gate = make({ init, biasInit: transformBias });",
      "const gate = make({ init });",
      "the gate's bias is without effect",
    ],
  ]),
  ...faultsIn("src/nn/companion.ts", [PASS, PARTS, LAYERS, "tests/nn/summary.test.ts"], [
    ["{ weight = 1, loss }", "{ weight = 0.5, loss }", "companions weigh half"],
  ]),
];

/** Faults of normalization. */
const NORMALIZATION: readonly Fault[] = [
  ...faultsIn("src/nn/normalization/batch_norm.ts", [BATCH_NORM, PARTS], [
    ["count / (count - 1)", "1", "the running variance is biased"],
    ["key ? measure(x) : {", "!key ? measure(x) : {", "evaluation and training are swapped"],
    ["mul(before, 1 - share)", "mul(before, share)", "momentum is counted from the other end"],
    [
      "epsilon = 1e-5, affine = true }",
      "epsilon = 1e-3, affine = true }",
      "epsilon has another default",
    ],
    [
      "{ scale: constant(1, sizes), b: constant(0, sizes) }",
      "{ scale: constant(0, sizes), b: constant(0, sizes) }",
      "scales begin at 0",
    ],
  ]),
  ...faultsIn("src/nn/normalization/standardize.ts", [
    "tests/nn/normalization/standardize.test.ts",
    NORMS,
  ], [
    ["sqrt(add(variance, epsilon))", "add(sqrt(variance), epsilon)", "epsilon is outside the root"],
  ]),
  ...faultsIn("src/nn/normalization/layer_norm.ts", [NORMS, PARTS], [
    ["over.includes(axis) ? d : 1", "d", "scales have the sizes of all axes"],
  ]),
  ...faultsIn("src/nn/normalization/group_norm.ts", [NORMS, PARTS], [
    [
      "mul(groupTotals(cotangent, size), 2 * share)",
      "mul(groupTotals(cotangent, size), share)",
      "half of the variance's gradient is lost",
    ],
  ]),
  ...faultsIn("src/nn/normalization/lrn.ts", [NORMS, GOLDEN], [
    ["alpha / size), k)", "alpha), k)", "α is not divided by the size"],
    [
      "windowSums(mul(cotangent, div(y, s)), after, before)",
      "windowSums(mul(cotangent, div(y, s)), before, after)",
      "the gradient's window of an even size is not mirrored",
    ],
    [
      "2 * alpha * beta / size",
      "alpha * beta / size",
      "half of LRN's gradient across channels is lost",
    ],
  ]),
];

/** Faults of losses and metrics. */
const LOSS: readonly Fault[] = [
  ...faultsIn("src/nn/losses.ts", [TARGETS, LOSSES, "tests/nn/per_example.test.ts"], [
    [
      'where(less(cast(column, "u32"), classes), other, NaN)',
      "other",
      "a label outside the classes costs nothing",
    ],
    ["maximum(0, sub(1, mul(atLabel", "maximum(0, sub(0, mul(atLabel", "hinge loss has no margin"],
    ["sum(mul(short, short), -1)", "sum(short, -1)", "squared hinge loss is not squared"],
    [
      "where(equal(targets, 0), finite, logProbabilities)",
      "logProbabilities",
      "a soft target of 0 and an infinite logit give NaN",
    ],
  ]),
  ...faultsIn("src/nn/targets.ts", [TARGETS, LOSSES, "tests/nn/per_example.test.ts"], [
    [
      "return mean(mul(difference, difference), -1);",
      "return mul(mean(mul(difference, difference), -1), 0.5);",
      "the squared error is halved",
    ],
    [
      "log(add(exp(neg(abs(logits))), 1))",
      "log(add(exp(neg(logits)), 1))",
      "binary cross-entropy counts the logit twice",
    ],
  ]),
  ...faultsIn("src/nn/soft_labels.ts", [LOSSES], [
    [
      "add(mul(oneHot(labels, classes), 1 - smoothing), smoothing / classes)",
      "add(mul(oneHot(labels, classes), 1 - smoothing), smoothing / (classes - 1))",
      "smoothed labels add up to more than 1",
    ],
    [
      "softmax(mul(stopGradient(teacher), 1 / temperature))",
      "softmax(stopGradient(teacher))",
      "the teacher has no temperature",
    ],
  ]),
  ...faultsIn("src/nn/metrics.ts", ["tests/nn/metrics.test.ts"], [
    ['cast(less(larger, 5), "f32")', 'cast(less(larger, 6), "f32")', "top 5 is top 6"],
    ["2 * hits! / (2 * hits! + errors!)", "hits! / (hits! + errors!)", "F1 counts hits once"],
    [
      "sums[outputs + i]! - sum * sum / examples",
      "sums[outputs + i]!",
      "R² is not around the mean",
    ],
    [
      'sub(1, cast(sameSide(logits, labels), "f32"))',
      'cast(sameSide(logits, labels), "f32")',
      "all labels correct means all wrong",
    ],
  ]),
];

/** Faults of initializers. */
const INIT: readonly Fault[] = [
  ...faultsIn("src/nn/initializers/initializer.ts", [INITIALIZER], [
    [
      "Math.sqrt(3 / fanIn)",
      "Math.sqrt(1 / fanIn)",
      "Xavier's uniform range is that of the deviation",
    ],
    ["6 / (fanIn + fanOut)", "6 / (2 * fanIn)", "Glorot ignores the fan-out"],
    ["Math.sqrt(2 / spec.fanIn)", "Math.sqrt(2 / spec.fanOut)", "He takes the fan-out"],
  ]),
  ...faultsIn("src/nn/initializers/orthonormal.ts", ["tests/nn/orthonormal.test.ts", INITIALIZER], [
    [
      "mul(sub(mul(reflected, 2), eye(n, m)), repeat(signs))",
      "sub(mul(reflected, 2), eye(n, m))",
      "the diagonal of R has any sign, so Q is not uniform",
    ],
    ["where(less(first, 0), -1, 1)", "where(less(first, 0), 1, -1)", "reflections cancel"],
    ["mul(tall(columns(tall(x))), gain)", "tall(columns(tall(x)))", "the gain is ignored"],
    [
      "lessEqual(column, row), x.shape), x, 0)",
      "less(column, row), x.shape), x, 0)",
      "the diagonal is left out of norms",
    ],
  ]),
  ...faultsIn("src/nn/fractional_boundaries.ts", ["tests/nn/fractional/boundaries.test.ts"], [
    ["less(ranks(bits(key, [steps])), long)", "less(iota(steps), long)", "long steps come first"],
    ["sub(ticks, div(shift, steps))", "ticks", "boundaries do not begin at 0"],
  ]),
  ...faultsIn("src/nn/fractional_windows.ts", ["tests/nn/fractional/pool.test.ts"], [
    ["minimum(taps, sub(sizes, 1))", "taps", "short windows see the next one's pixels"],
  ]),
];

/** Faults of `src/nn`. */
export const NN: readonly Fault[] = [...LAYER, ...NORMALIZATION, ...LOSS, ...INIT];
