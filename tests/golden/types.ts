/**
 * What the golden files hold. Tensors are row-major: images NHWC, convolution weights
 * [kh, kw, cin / groups, cout], dense weights [in, out], maxout pieces piece-major in the last axis
 * (index = piece * channels + channel).
 *
 * @module
 */

/** A tensor of `fill(size of shape, seed, scale)`; see fill.ts. */
export interface Fill {
  shape: number[];
  seed: number;
  scale: number;
}

/** A tensor in full. A scalar has the shape []. */
export interface Golden {
  shape: number[];
  data: number[];
}

/** train.json, train_fitnet4.json */
export interface TrainFile {
  about: string;
  /** Training steps of every run (3). */
  steps: number;
  /** By name, for instance "fitnet1-maxout". */
  models: Record<string, TrainModel>;
  runs: TrainRun[];
}

export interface TrainModel {
  net: "fitnet1" | "fitnet4" | "fitnetMnist";
  activation: "maxout" | "relu" | "vlrelu" | "tanh" | "sigmoid";
  loss: "crossEntropy" | "hinge";
  /** The one batch, used in every step. */
  input: Fill;
  labels: number[];
  /** Weights, biases, weights, biases, ... in layer order, with their starting values. */
  params: TrainParam[];
}

export interface TrainParam extends Fill {
  /** "conv1/w", "conv1/b", ..., "hidden/w", "hidden/b", "classifier/w", "classifier/b" */
  name: string;
  /**
   * Norm of the loss's gradient at the start, without weight decay. Missing in the models that only
   * have losses.
   */
  gradL2?: number;
}

export interface TrainRun {
  /** Key of `models`. */
  model: string;
  optimizer: Optimizer & { lr: number };
  /** Before each step and after the last. */
  losses: number[];
  /** How far float32 runs were from the golden float64 one; see README.md. */
  spread?: Record<
    "loss" | "gradL2" | "l2" | "updateL2" | "samples" | "update" | "all",
    number
  >;
  /** After the last step. Missing: losses only. */
  params?: TrainedParams;
}

/** Each list in the order of the model's `params`. */
export interface TrainedParams {
  l2: number[];
  /** May be next to zero: compare it on the scale of the root mean square. */
  mean: number[];
  /** Norm of (end - start). */
  updateL2: number[];
  /** `samples(data)` of fill.ts. */
  samples: number[][];
}

/** `weightDecay` times the parameter is added to the gradient first, for weights only. */
export type Optimizer =
  & { weightDecay: number }
  & (
    /** Caffe's: v = momentum v + lr g; w -= v */
    | { name: "sgd"; momentum: number }
    /** Caffe's: h = decay h + (1 - decay) g²; w -= lr g / (√h + epsilon) */
    | { name: "rmsprop"; decay: number; epsilon: number }
    /** PyTorch's: w -= lr / (1 - beta1^t) v / (√h / √(1 - beta2^t) + epsilon) */
    | { name: "adam"; beta1: number; beta2: number; epsilon: number }
    /** PyTorch's: h += g²; w -= lr / (1 + (t - 1) learningRateDecay) g / (√h + epsilon) */
    | {
      name: "adagrad";
      learningRateDecay: number;
      initialAccumulator: number;
      epsilon: number;
    }
  );

/** ops.json */
export interface OpsFile {
  about: string;
  cases: OpCase[];
  optimizers: OptimizerCase[];
}

/** Arguments by op; see README.md for what each op computes. */
export interface OpArgs {
  conv2d: ConvArgs & { padding: [number, number] | [[number, number], [number, number]] };
  convTranspose2d: ConvArgs & { padding: [number, number]; outputPadding: [number, number] };
  conv1d: { stride: number; padding: number; dilation: number; groups: number };
  convTranspose1d: { stride: number; padding: number; outputPadding: number; groups: number };
  maxPool: PoolArgs;
  avgPool: PoolArgs;
  matmul: { transposeA: boolean; transposeB: boolean };
  relu: Record<never, never>;
  leakyRelu: { slope: number };
  tanh: Record<never, never>;
  sigmoid: Record<never, never>;
  erf: Record<never, never>;
  gelu: { approximate: "none" | "tanh" };
  maxout: { pieces: number };
  softmax: { axis: number };
  logSoftmax: { axis: number };
  logSumExp: ReduceArgs;
  mean: ReduceArgs;
  sum: ReduceArgs;
  max: ReduceArgs;
  variance: ReduceArgs & { shift?: number };
  cumSum: { axis: number };
  crossEntropy: { labels: number[] };
  hinge: { labels: number[] };
  gather: { indices: number[]; axis: number };
  scatterAdd: { indices: number[]; axis: number; size: number };
  gatherLast: { indices: number[] };
  gradNorm: { kind: "tanh-maxPool" | "sigmoid-avgPool" | "maxout-maxPool"; labels: number[] };
}

export interface ConvArgs {
  stride: [number, number];
  dilation?: [number, number];
  groups: number;
}

export interface PoolArgs {
  size: [number, number];
  stride: [number, number];
  padding: [number, number];
  ceil: boolean;
}

export interface ReduceArgs {
  axes: number[];
  keepDims: boolean;
}

/** One case; `case.op` decides the type of `case.args`. */
export type OpCase = { [K in keyof OpArgs]: OpCaseOf<K> }[keyof OpArgs];

export interface OpCaseOf<K extends keyof OpArgs> {
  name: string;
  op: K;
  args: OpArgs[K];
  inputs: Record<string, Fill>;
  output: Golden;
  /** Gradient that arrives at the output. Missing: 1 for a scalar, else there are no `grads`. */
  upstream?: Fill;
  /** By input. */
  grads?: Record<string, Golden>;
}

/** layers.json */
export interface LayersFile {
  about: string;
  cases: LayerCase[];
}

/** Options by layer, of the layer's own names. */
export interface LayerArgs {
  layerNorm: { axes: number[]; epsilon?: number };
  groupNorm: { groups: number; epsilon?: number };
  lrn: { size: number; alpha: number; beta: number; k: number };
  avgPool: { size: number; stride: number; padding: number; ceil: boolean; countPadding: boolean };
  fractionalMaxPool: { size: number; output: [number, number]; shifts: [number, number] };
  activation: {
    kind: "silu" | "selu" | "softplus" | "mish" | "relu6" | "hardSigmoid" | "hardSwish";
  };
  elu: { alpha: number };
  prelu: { shared: boolean };
  lstm: { units: number; reverse: boolean };
  gru: { units: number; reverse: boolean };
  attention: {
    features: number;
    heads: number;
    causal: boolean;
    lengths: number[] | null;
  };
}

/** One case: x and the layer's parameters are the inputs; `case.op` decides the type of `case.args`. */
export type LayerCase = {
  [K in keyof LayerArgs]: Omit<OpCaseOf<never>, "op" | "args"> & { op: K; args: LayerArgs[K] };
}[keyof LayerArgs];

/** arrays.json */
export interface ArraysFile {
  about: string;
  cases: ArrayCase[];
}

/** A function of `ops` by its name: its inputs, and the arguments after them, or before them if `first`. */
export type ArrayCase = Omit<OpCaseOf<never>, "op" | "args"> & {
  op: string;
  args: { call: unknown[]; first?: true };
};

/** parts.json */
export interface PartsFile {
  about: string;
  cases: PartCase[];
}

/** Labels, row by row, of some leading axes. */
interface LabelArgs {
  labels: number[];
  leading: number[];
}

/** The options of pooling over windows of any shape. */
interface WindowArgs {
  size: [number, number];
  stride: [number, number];
  padding: [number, number] | [[number, number], [number, number]];
  dilation: [number, number];
  ceil: boolean;
}

/** Arguments by part; see README.md for what each computes. */
export interface PartArgs {
  crossEntropy: LabelArgs;
  smoothed: LabelArgs & { smoothing: number };
  softCrossEntropy: Record<never, never>;
  squaredHinge: LabelArgs;
  distillation: LabelArgs & { temperature: number; weight: number };
  meanSquaredError: Record<never, never>;
  meanAbsoluteError: Record<never, never>;
  binaryCrossEntropy: Record<never, never>;
  gather: { indices: number[]; axis: number };
  takeAlong: { indices: number[]; shape: number[]; axis: number };
  maxPool: WindowArgs;
  avgPool: WindowArgs;
  conv: { size: [number, number]; channels: number; groups: number; pieces: number };
  lstm: Record<never, never>;
}

/** One case; `case.op` decides the type of `case.args`. */
export type PartCase = {
  [K in keyof PartArgs]: Omit<OpCaseOf<never>, "op" | "args"> & { op: K; args: PartArgs[K] };
}[keyof PartArgs];

/** Steps with given gradients and a changing learning rate. The parameter decays. */
export interface OptimizerCase {
  name: string;
  optimizer: Optimizer;
  /** The learning rate of each step. */
  rates: number[];
  start: Fill;
  /** The gradient of each step, before weight decay. */
  gradients: Fill[];
  /** The parameter after each step. */
  after: number[][];
}

/** init.json */
export interface InitFile {
  about: string;
  /** What `filled` of fill.ts must give, exactly (the float32 numbers in nine digits). */
  fills: (Fill & { data: number[] })[];
  shapes: InitShape[];
  /** Numbers of parameters, biases included. */
  counts: CountCase[];
}

export interface InitShape {
  /** Weights of a convolution (four axes) or a dense layer (two). */
  shape: number[];
  groups: number;
  fanIn: number;
  fanOut: number;
  /** √(3 / fanIn): uniform in ± this */
  caffeXavierLimit: number;
  /** √(6 / (fanIn + fanOut)): uniform in ± this */
  glorotLimit: number;
  /** √(2 / (fanIn + fanOut)) */
  glorotStd: number;
  /** √(2 / fanIn) */
  heStd: number;
}

export interface CountCase {
  net: TrainModel["net"];
  /** "relu" stands for every activation of one piece. */
  activation: "maxout" | "relu";
  classes: number;
  count: number;
}

/** exports.json */
export interface ExportsFile {
  about: string;
  /** By the name of a module in exports/. */
  nets: Record<string, ExportedNet>;
}

export interface ExportedNet {
  /** Bytes: a fill plus 128, rounded down. */
  pixels: Fill;
  /**
   * The state dict of the module but for the mean image and integers, in its order and PyTorch's layout; an
   * offset is added to its numbers in f32.
   */
  params: (Fill & { name: string; offset?: number })[];
  /** Of the preprocessed pixels, [batch, classes]. */
  scores: Golden;
}

/** extremes.json */
export interface ExtremesFile {
  about: string;
  cases: ExtremeCase[];
}

/** An op of awkward numbers; those that JSON lacks are strings, as `Number` reads them. */
export interface ExtremeCase {
  op: string;
  args: { readonly label?: number };
  /** The shape of every input. */
  shape: number[];
  inputs: (number | string)[][];
  output: (number | string)[];
  /** Gradients of the output's sum in each input. */
  grads?: (number | string)[][];
}

/** mnist.json: the first gradient of the MNIST FitNets on real digits, biases being zeros. */
export interface MnistFile {
  about: string;
  /** Indices in the training set, and what the bytes are multiplied by. */
  images: number[];
  scale: number;
  models: MnistModel[];
}

/** One net. */
export interface MnistModel {
  activation: "relu" | "maxout";
  loss: number;
  params: (Fill & {
    name: string;
    gradL2: number;
    /** Of the gradient; `samples(data)` of fill.ts. */
    samples: number[];
  })[];
}

/** A schedule in optimizers.json. */
export type GoldenSchedule =
  | { kind: "constant"; base: number }
  | { kind: "step" | "exponential"; base: number; factor: number; every: number }
  | { kind: "multistep"; base: number; factor: number; milestones: number[] }
  | { kind: "poly"; base: number; power: number; steps: number }
  | { kind: "linear"; base: number; to: number; start: number; steps: number };

/** A path of an optimizer; multipliers and limits of norms by parameter, 1 and none where missing. */
export interface OptimizerPath {
  name: string;
  optimizer: "sgd" | "rmsprop";
  rate: GoldenSchedule;
  momentum: GoldenSchedule;
  nesterov: boolean;
  weightDecay: number;
  decays: Record<string, number>;
  rates: Record<string, number>;
  maxNorm: Record<string, number>;
  /** RMSProp's. */
  decay?: number;
  epsilon?: number;
  /** The parameters after each step. */
  after: Record<string, number[]>[];
}

/** optimizers.json */
export interface OptimizersFile {
  about: string;
  shapes: Record<string, number[]>;
  start: Record<string, number[]>;
  /** By step. */
  gradients: Record<string, number[]>[];
  cases: OptimizerPath[];
}

/** A path of an optimizer by its registry's name. */
export interface RulePath {
  readonly name: string;
  readonly optimizer: string;
  readonly options: { readonly learningRate: number };
  /** The parameters after each step. */
  readonly after: readonly Readonly<Record<string, number[]>>[];
}

/** rules.json */
export interface RulesFile {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly start: Record<string, number[]>;
  readonly gradients: readonly Record<string, number[]>[];
  /** The values of schedules, step by step. */
  readonly schedules: Readonly<Record<string, readonly number[]>>;
  readonly cases: readonly RulePath[];
}
