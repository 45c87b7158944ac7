/**
 * Faults of optimizers and schedules.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const OPTIM = "tests/optim/optim.test.ts", PATHS = "tests/optim/paths.test.ts";
const RULES = "tests/optim/rules.test.ts", DEFAULTS = "tests/optim/defaults.test.ts";

/** Faults of the rules of optimizers. */
const OPTIMIZERS: readonly Fault[] = [
  ...faultsIn("src/optim/adam.ts", [DEFAULTS, OPTIM, RULES], [
    [
      "add(div(sqrt(squares), root), epsilon)",
      "div(add(sqrt(squares), epsilon), root)",
      "epsilon is added before the correction of the bias",
    ],
    [
      "add(div(sqrt(squares), root), epsilon)",
      "sqrt(add(div(squares, mul(root, root)), epsilon))",
      "epsilon is under the root",
    ],
    ["div(rate(step), oneMinusPower(beta1, t))", "rate(step)", "the mean's bias is not corrected"],
    [
      "oneMinusPower(beta1, t)",
      "oneMinusPower(beta2, t)",
      "the mean's bias is corrected by the other coefficient",
    ],
    [
      "sqrt(oneMinusPower(beta2, t))",
      "oneMinusPower(beta2, t)",
      "the squares' correction has no root",
    ],
    [
      "mul(mul(g, g), 1 - beta2)",
      "mul(mul(g, g), 1 - beta1)",
      "squares grow by the other coefficient",
    ],
    ["{ weightDecay: 0.01, ...options }", "options", "adamw has no decay unless told"],
  ]),
  ...faultsIn("src/optim/bias_correction.ts", [DEFAULTS, OPTIM, RULES], [
    ['cast(add(step, 1), "f32")', 'cast(add(step, 2), "f32")', "steps count from 2"],
    ["less(z, 0.05)", "less(z, 0)", "1 - β^t cancels in the first steps"],
    ["mul(z, 1 / 24)", "mul(z, 1 / 6)", "the series of 1 - β^t has a wrong term"],
  ]),
  ...faultsIn("src/optim/nadam.ts", [RULES], [
    [
      "const MOMENTUM_DECAY = 0.004;",
      "const MOMENTUM_DECAY = 0.04;",
      "momentum decays ten times as fast",
    ],
    [
      "momentumAt(beta1, i + 2) / (1 - product)",
      "momentumAt(beta1, i + 1) / (1 - product)",
      "Nesterov looks no step ahead",
    ],
  ]),
  ...faultsIn("src/optim/radam.ts", [RULES], [
    ["length > 5 ?", "length > 4 ?", "the variance is rectified too early"],
    [
      "where(divides, scaled, mul(means, corrected))",
      "where(divides, scaled, means)",
      "early steps are not corrected",
    ],
  ]),
  ...faultsIn("src/optim/adamax.ts", [DEFAULTS, RULES], [
    ["add(abs(g), epsilon)", "abs(g)", "a gradient of zero divides by zero"],
  ]),
  ...faultsIn("src/optim/adagrad.ts", [OPTIM, RULES], [
    [
      'add(1, mul(cast(step, "f32"), learningRateDecay))',
      'add(1, mul(cast(add(step, 1), "f32"), learningRateDecay))',
      "the rate's decay begins a step early",
    ],
    ["filledSlot(initialAccumulator)", "filledSlot(0)", "the initial accumulator is ignored"],
  ]),
  ...faultsIn("src/optim/rmsprop.ts", [OPTIM, RULES], [
    [
      "div(scaled, add(sqrt(squares), epsilon))",
      "div(scaled, sqrt(add(squares, epsilon)))",
      "epsilon is under the root",
    ],
    [
      "add(mul(slots.squares!, decay), mul(mul(g, g), 1 - decay))",
      "add(mul(slots.squares!, decay), mul(g, g))",
      "squares are summed, not averaged",
    ],
  ]),
  ...faultsIn("src/optim/trace.ts", [OPTIM, PATHS], [
    [
      "nesterov ? add(mul(velocity, kept), update) : velocity",
      "nesterov ? add(mul(v!, kept), update) : velocity",
      "Nesterov's step is that of momentum",
    ],
    [
      'typeof momentum === "number" ? momentum : momentum(step)',
      'typeof momentum === "number" ? momentum : 0.9',
      "a schedule of the momentum is ignored",
    ],
  ]),
  ...faultsIn("src/optim/lion.ts", [RULES], [
    [
      "add(mul(m!, beta2), mul(g, 1 - beta2))",
      "add(mul(m!, beta1), mul(g, 1 - beta1))",
      "the kept mean moves by beta1",
    ],
  ]),
  ...faultsIn("src/optim/clip.ts", [OPTIM, RULES], [
    [
      "where(greater(found, norm), div(norm, found), 1)",
      "div(norm, found)",
      "small gradients are enlarged to the norm",
    ],
    [
      "sqrt(all.map(({ update: g }) => sum(mul(g, g))).reduce(add))",
      "all.map(({ update: g }) => sqrt(sum(mul(g, g)))).reduce(add)",
      "norms are summed, not squares",
    ],
    [
      "maximum(minimum(update, limit), -limit)",
      "minimum(update, limit)",
      "negative gradients are not clipped",
    ],
  ]),
  ...faultsIn("src/optim/constrain.ts", [PATHS], [
    [
      "{ length: w.rank - 1 }, (_, axis) => axis",
      "{ length: w.rank - 1 }, (_, axis) => axis + 1",
      "max-norm bounds inputs, not outputs",
    ],
    [
      "if (w.rank < 2 || most === Infinity) return w;",
      "if (most === Infinity) return w;",
      "max-norm bounds biases",
    ],
  ]),
  ...faultsIn("src/optim/trust_ratio.ts", [DEFAULTS, RULES], [
    ["masked(scaleByTrustRatio(), notBias)", "scaleByTrustRatio()", "LAMB scales biases too"],
    [
      "mul(greater(own, 0), greater(found, 0))",
      "greater(found, 0)",
      "a weight of zero is never updated",
    ],
    ["trust = 0.001", "trust = 0.01", "LARS trusts ten times as much"],
  ]),
  ...faultsIn("src/optim/decay.ts", [OPTIM], [
    [
      "const decay = coefficient * factor;",
      "const decay = coefficient;",
      "decay ignores the multiplier, so biases decay",
    ],
  ]),
  ...faultsIn("src/optim/multiplier.ts", [DEFAULTS, OPTIM], [
    ["!/(^|\\.)b$/.test(path)", "!/b$/.test(path)", "any name that ends in b is a bias"],
    ["!/(^|\\.)b$/.test(path)", "!/\\.b$/.test(path)", "a bias of a lone layer is decayed"],
  ]),
  ...faultsIn("src/optim/with_options.ts", [OPTIM, PATHS, RULES], [
    [
      "    ...firstLinks(kind, options),\n    ...decayLinks(kind, options),\n    ...rule,",
      "    ...decayLinks(kind, options),\n    ...firstLinks(kind, options),\n    ...rule,",
      "decay is clipped with the gradients",
    ],
    [
      "    rule,\n    ...decayLinks(kind, options),\n    ...after,",
      "    ...decayLinks(kind, options),\n    rule,\n    ...after,",
      "decoupled decay is a penalty",
    ],
    [
      "[freeze((path) => factor(path) === 0), ...clip]",
      "[...clip, freeze((path) => factor(path) === 0)]",
      "gradients of frozen parameters count for the norm",
    ],
    ["decayMultiplier = notBias", "decayMultiplier = () => 1", "biases decay unless told"],
  ]),
  ...faultsIn("src/optim/scale.ts", [PATHS, OPTIM], [
    ["known.get(factor) ?? mul(rate, factor)", "rate", "factors of the learning rate are ignored"],
  ]),
  ...faultsIn("src/optim/chain.ts", [OPTIM, RULES], [
    ["        step: add(step, 1),", "        step,", "the optimizer's step stays 0"],
    [
      "slots: { ...after[i]!.slots, ...slots }",
      "slots: { ...after[i]!.slots }",
      "the state of a rule is never kept",
    ],
    [
      "tree(params, after.map(({ slots }) => slots![name]!))",
      "tree(params, after.map(() => after[0]!.slots![name]!))",
      "all parameters have the state of the first",
    ],
    ["minus ? sub(param, minus) : param", "minus ? add(param, minus) : param", "steps go uphill"],
  ]),
];

/** Faults of schedules. */
const SCHEDULES: readonly Fault[] = [
  ...faultsIn("src/optim/schedule.ts", [DEFAULTS, OPTIM, PATHS, RULES], [
    [
      "greaterEqual(step, at), base",
      "greaterEqual(step, at + 1), base",
      "a milestone comes a step late",
    ],
    ["base * factor ** (i + 1)", "base * factor", "the second milestone changes nothing"],
    [
      "[...milestones].sort((a, b) => a - b)",
      "[...milestones].sort()",
      "milestones are sorted as texts",
    ],
    [
      'floor(div(cast(step, "f32"), every))',
      'div(cast(step, "f32"), every)',
      "the rate falls at every step",
    ],
    [
      "greaterEqual(step, start + steps), 1, share",
      "greaterEqual(step, steps), 1, share",
      "a late schedule ends too early",
    ],
    [
      "pow(sub(1, progress(step, steps)), power)",
      "sub(1, progress(step, steps))",
      "the power of poly is ignored",
    ],
    [
      "add(mul(sub(1, share), from), mul(share, to))",
      "add(mul(share, from), mul(sub(1, share), to))",
      "a linear schedule runs backwards",
    ],
  ]),
  ...faultsIn("src/optim/cosine.ts", [RULES], [
    ["rise * steps - 1, 0", "rise * steps, 0", "the peak of one cycle is a step late"],
    ["length *= factor;", "length += factor;", "cycles grow by a sum"],
    ["last = first / divideEnd", "last = peak / divideEnd", "one cycle ends too high"],
    [
      'cast(sub(step, mul(cycle, steps)), "f32"), steps',
      'cast(step, "f32"), steps',
      "restarts never restart",
    ],
  ]),
  ...faultsIn("src/optim/join.ts", [RULES], [
    [
      "schedule(sub(step, boundaries[i]!))",
      "schedule(step)",
      "a joined schedule does not begin at its boundary",
    ],
    [
      "mul(progress(step, steps), 1 - start)",
      "progress(step, steps)",
      "a warm-up from a start overshoots",
    ],
  ]),
];

/** Faults of `src/optim`. */
export const OPTIM_FAULTS: readonly Fault[] = [...OPTIMIZERS, ...SCHEDULES];
