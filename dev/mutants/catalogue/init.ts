/**
 * Faults of LSUV.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const LSUV = "tests/init/lsuv.test.ts", BATCHES = "tests/init/lsuv_from_batches.test.ts";
const FRESH = "tests/init/fresh_batches.test.ts";
const TIED = "tests/init/tied.test.ts";

/** Faults of `src/init`. */
export const INIT: readonly Fault[] = [
  ...faultsIn("src/init/rescale.ts", [LSUV, BATCHES], [
    [
      "inUnits(found.deviation, Math.sqrt(target))",
      "inUnits(found.variance, target)",
      "weights are divided by the variance",
    ],
    [
      "greaterEqual(distance(spread, target), tolerance)",
      "greaterEqual(distance(spread, target), 0)",
      "layers within the tolerance are rescaled too",
    ],
    ["equal(spread.zero, 0)", "1", "weights of a silent layer are divided by 0"],
    [
      "found = scaled(factors);\n  }",
      "}",
      "a layer is measured once, however often it is rescaled",
    ],
    [
      'trials = add(trials, cast(retry, "i32"))',
      "trials = add(trials, 1)",
      "trials that do nothing are counted",
    ],
    [
      "less(distance(found, target), tolerance)",
      "less(distance(found, target), 1)",
      "layers far off are reported as converged",
    ],
  ]),
  ...faultsIn("src/init/measure.ts", [LSUV], [
    [
      "add(mean(spreads, 1), variance(means, 1))",
      "mean(spreads, 1)",
      "the variance between channels is left out of what is zero",
    ],
    [
      "spread(add(within, variance(centers, 1)), common, {",
      "spread(within, common, {",
      "the variance is taken channel by channel",
    ],
    ["div(biases, column(common))", "0", "biases are left out of the variance"],
    [
      "mul(spreads, square(f))",
      "mul(spreads, f)",
      "spreads grow with the factor, not with its square",
    ],
  ]),
  ...faultsIn("src/init/walk.ts", [TIED, LSUV, "tests/init/any_net.test.ts"], [
    ["if (params) this.ledger.replace(at.params, params);", "", "rescaled weights are forgotten"],
    [
      "if (nth > 1) return `${name}, use ${nth}`;",
      "",
      "two uses of a layer share a row of the report",
    ],
    ["part >= lastPart", "part > lastPart", "the last layer is not known as such"],
    ["layer.observe(current, x, 1)", "current", "running statistics are not those of the batch"],
  ]),
  ...faultsIn("src/init/lsuv_options.ts", [LSUV], [
    [
      "common: { tolerance: 0.1, maxTrials: 10 }",
      "common: { tolerance: 0.2, maxTrials: 10 }",
      "the usual tolerance is twice as wide",
    ],
    [
      "authors: { tolerance: 0.02, maxTrials: 20 }",
      "authors: { tolerance: 0.02, maxTrials: 2 }",
      "the authors' preset stops early",
    ],
    [
      '!(normalize === "input" && last) && only(name, layer)',
      "only(name, layer)",
      "the classifier's output is normalized with inputs",
    ],
    ["unroll: Math.min(unroll, maxTrials)", "unroll", "more trials than asked for"],
  ]),
  ...faultsIn("src/init/lsuv.ts", [TIED, LSUV], [
    [
      "foldLayers(net, scaled, x, resolved, (at) => measureOnly(at, resolved)).units",
      "foldLayers(net, params, x, resolved, (at) => measureOnly(at, resolved)).units",
      "shared layers are measured before rescaling",
    ],
    [
      "{ ...unit, ...now[name], before, trials }",
      "{ ...unit, ...now[name] }",
      "the variance before is that after",
    ],
  ]),
  ...faultsIn("src/init/lsuv_from_batches.ts", [FRESH, BATCHES], [
    [
      "if (!free || trial === maxTrials) break;",
      "if (!free || trial > maxTrials) break;",
      "one trial more than asked for",
    ],
    [
      "meter.replace(params, scaled());\n      found = await meter.measure(index);",
      "meter.replace(params, scaled());",
      "no batch is measured after rescaling",
    ],
    [
      "Number.isFinite(mean) ? -mean : 0",
      "Number.isFinite(mean) ? mean : 0",
      "centering doubles the mean",
    ],
    [
      "{ fresh = true, distributed, signal } = options",
      "{ fresh = false, distributed, signal } = options",
      "one batch is kept unless told otherwise",
    ],
  ]),
  ...faultsIn("src/init/variance_meter.ts", [FRESH, BATCHES], [
    [
      "return this.#begin(await gather(this.#run, this.#of, await this.#of.nextBatch()));",
      "await this.#of.nextBatch();\n    return this.#begin(this.#first);",
      "the fresh batch is always the first",
    ],
    [
      "Uint32Array.of(this.#draws++)",
      "Uint32Array.of(this.#draws)",
      "every fresh batch has the first one's dropout mask",
    ],
    ["this.#replaced.get(w) ?? w;\n    };", "w;\n    };", "rescaled weights are not measured"],
  ]),
  ...faultsIn("src/init/report.ts", [BATCHES, LSUV], [
    ['if (zero) return "zero variance, left alone";', "", "a silent layer is called not converged"],
    [
      'row.uncovered ? "" : value.toPrecision(4)',
      'row.uncovered ? "" : value.toFixed(4)',
      "tiny variances are printed as 0",
    ],
  ]),
  ...faultsIn("src/init/fold_layers.ts", [LSUV], [
    [
      'x.dtype === "f32" ? x.shape.length >= 2 : x.shape.length >= 1',
      "true",
      "an input that is no batch is accepted",
    ],
  ]),
];
