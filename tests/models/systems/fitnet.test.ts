/** The two stages of a FitNet's training, and one with batch normalization, against PyTorch. */
import {
  conv,
  dense,
  flatten,
  globalMaxPool,
  type Layer,
  maxPool,
  sequential,
  softmaxCrossEntropy,
} from "../../../src/nn/mod.ts";
import { add, div, logSoftmax, mean, mul, neg, softmax, sub, sum } from "../../../src/ops/mod.ts";
import { fitnet1 } from "../../../src/models/mod.ts";
import { checkGolden } from "./check_golden.ts";
import type { SystemOptions } from "../../golden/systems/types.ts";

const TEMPERATURE = 3, TEACHER_WEIGHT = 4;

const scaled = ({ width = 1 }: SystemOptions) => (channels: number) =>
  Math.max(1, Math.round(channels * Number(width)));

const convs = (channels: number[], o: SystemOptions): Layer[] =>
  channels.map((n) => conv(scaled(o)(n), 3, { padding: 1, pieces: 2 }));

const toGuided = (o: SystemOptions): Layer[] => [
  ...convs([32, 32, 32, 48, 48], o),
  maxPool(2),
  ...convs(Array(6).fill(80), o),
  maxPool(2),
];

const classify = (o: SystemOptions): Layer[] => [
  flatten,
  dense(scaled(o)(500), { pieces: 5 }),
  dense(10),
];

const toHint = (o: SystemOptions): Layer[] =>
  ([[96, 4], [192, 3]] as const).flatMap(([n, padding]) => [
    conv(scaled(o)(n), 8, { padding, pieces: 2 }),
    maxPool(4, { stride: 2, ceil: true }),
  ]);

checkGolden("fitnet_hint", {
  create: (o) => {
    const [channels, size] = (o.hint ?? [192, 7]) as [number, number];
    const side = o.hint ? 4 : 8;
    return sequential(...toGuided(o), conv(channels, side - size + 1, { pieces: 2 })) as Layer;
  },
  teacher: (o) => sequential(...toHint(o)) as Layer,
  objective: (target) => ({ output }) => {
    const apart = sub(target, output);
    return mean(sum(mul(0.5, mul(apart, apart)), 3), [1, 2]);
  },
});

checkGolden("fitnet_distillation", {
  create: (o) =>
    sequential(
      ...toGuided(o),
      ...convs(Array(6).fill(128), o),
      globalMaxPool,
      ...classify(o),
    ) as Layer,
  teacher: (o) =>
    sequential(
      ...toHint(o),
      conv(scaled(o)(192), 5, { padding: 3, pieces: 2 }),
      maxPool(2, { ceil: true }),
      ...classify(o),
    ) as Layer,
  objective: (target) => ({ output, labels }) => {
    const soft = softmax(div(target, TEMPERATURE));
    const ofTeacher = neg(sum(mul(soft, logSoftmax(div(output, TEMPERATURE))), 1));
    return add(softmaxCrossEntropy(output, labels), mul(TEACHER_WEIGHT, ofTeacher));
  },
});

checkGolden("fitnet1_bn", { create: () => fitnet1({ batchnorm: "yes" }) });
