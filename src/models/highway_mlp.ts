/**
 * The highway MLP of 10 to 1,000 layers, and the plain one that it is compared with.
 *
 * @module
 */
import { dense, dropout, flatten, highwayDense, type Layer, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { GRAY_28, type Model, type ModelOptions, type ModelRecord } from "./model.ts";

const GATES = ["yes", "no"] as const;

const GATE_BIASES = [
  "depth",
  "0",
  "-1",
  "-2",
  "-3",
  "-4",
  "-5",
  "-6",
  "-7",
  "-8",
  "-9",
  "-10",
] as const;

/** Options of {@linkcode highwayMlp}. */
export interface HighwayMlpOptions extends ModelOptions {
  /** The hidden layers, the first one included; 10 if left out. */
  readonly depth?: number | undefined;
  /** The units of each; 50 if left out. */
  readonly layerWidth?: number | undefined;
  /** Whether all hidden layers but the first are highway layers, with gates, or plain ones; yes if left out. */
  readonly gates?: "yes" | "no" | undefined;
  /** The transform gates' initial bias, or `depth`, as if left out: the lower, the deeper the net is. */
  readonly gateBias?:
    | "depth"
    | "0"
    | "-1"
    | "-2"
    | "-3"
    | "-4"
    | "-5"
    | "-6"
    | "-7"
    | "-8"
    | "-9"
    | "-10"
    | undefined;
}

/** Throws a RangeError unless an option is an integer of at least 1. */
function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`highwayMlp: expected ${name} of at least 1, found ${value}`);
}

/** Throws a RangeError unless an option has one of its values. */
function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new RangeError(`highwayMlp: expected ${name} ${choices.join(", ")}, found ${value}`);
}

/** The bias for a depth: -1, -2 and -3 for 10, 20 and 30 layers, and one less where the depth doubles. */
const biasForDepth = (depth: number): number => -Math.max(1, Math.round(Math.log2(depth / 5)));

/**
 * An MLP of as many hidden layers as wanted, all of one width: Srivastava, Greff & Schmidhuber, "Training very
 * deep networks" (2015, arXiv 1507.06228), section 3.1. The first hidden layer is plain, the others are highway
 * layers, and a dense layer makes the logits. In the paper 10, 20, 50 and 100 layers of 50 units are compared
 * with plain ones of 71 (`gates: "no", layerWidth: 71`), which have about as many parameters: 85,660 and 102,463
 * at 10 layers, and 5,100 and 5,112 more with each further one, except with maxout. Transform gates begin with
 * the bias that section 2.1 suggests, -1, -2 and -3 for about 10, 20 and 30 layers, one less where the depth
 * doubles; the paper searched from -1 to -10. The original's activations are `relu` and `tanh`. Dropout, if a
 * rate is given, before the classifier.
 *
 * @throws RangeError on a depth or width that is not an integer of at least 1, and on other values of an
 * option.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.highwayMlp({ depth: 100 });
 * const images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 544_660);
 * ```
 */
export function highwayMlp(options: HighwayMlpOptions = {}): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = 0 } = options;
  const { depth = 10, layerWidth = 50, gates = "yes", gateBias = "depth" } = options;
  checkCount("depth", depth);
  checkCount("layerWidth", layerWidth);
  checkChoice("gates", gates, GATES);
  checkChoice("gateBias", gateBias, GATE_BIASES);
  const { after, pieces } = resolveActivation("highwayMlp", activation);
  const biasInit = gateBias === "depth" ? biasForDepth(depth) : Number(gateBias);
  const weights = { pieces: pieces(2), init };
  const plain = (): Layer[] => [dense(layerWidth, weights) as Layer, ...after];
  const gated = () =>
    highwayDense(layerWidth, { ...weights, activation: after[0], transformBias: biasInit });
  const layer = (): Layer[] => gates === "no" ? plain() : [gated() as Layer];
  return sequential(
    flatten,
    ...plain(),
    ...Array.from({ length: depth - 1 }, layer).flat(),
    ...(rate > 0 ? [dropout(rate)] : []),
    dense(classes, { init }),
  ) as Model;
}

/** The record of the highway MLP. */
export const HIGHWAY_MLP = {
  create: highwayMlp,
  about: "a highway MLP of any depth",
  images: GRAY_28,
  activation: "relu",
  dropout: 0,
  options: {
    depth: {
      from: 1,
      default: 10,
      why: "the least in the paper",
      help: "The hidden layers, the first one included.",
    },
    layerWidth: {
      from: 1,
      default: 50,
      why: "the paper's with gates",
      help: "The units of each hidden layer; the paper's plain ones have 71.",
    },
    gates: {
      choices: GATES,
      default: "yes",
      why: "the paper's",
      help:
        "Whether all hidden layers but the first are highway layers, with gates, or plain ones.",
    },
    gateBias: {
      choices: GATE_BIASES,
      default: "depth",
      why: "-1, -2, -3 for 10, 20, 30 layers, and one less where the depth doubles",
      help: "The initial bias of the transform gates.",
    },
  },
} as const satisfies ModelRecord;
