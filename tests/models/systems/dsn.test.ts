/** Deeply supervised nets against PyTorch. */
import { dsn, dsnMnist } from "../../../src/models/mod.ts";
import { squaredHingeLoss } from "../../../src/nn/mod.ts";
import type { SystemOptions } from "../../golden/systems/types.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

const optionsOf = (o: SystemOptions) => ({
  ...shrinkOf(o),
  companionWeight: Number(o.weight ?? 0.001),
  dropout: 0,
});

checkGolden("dsn", { create: (o) => dsn(optionsOf(o)) });
checkGolden("dsn_svm", { create: (o) => dsn(optionsOf(o)), loss: squaredHingeLoss });
checkGolden("dsn_mnist", { create: (o) => dsnMnist(optionsOf(o)) });
