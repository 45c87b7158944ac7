/** Residual nets against PyTorch. */
import { fitResNet4, resnet20, resnet56 } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

checkGolden("resnet20", { create: (o) => resnet20(shrinkOf(o)) });
checkGolden("resnet56", { create: (o) => resnet56(shrinkOf(o)) });
checkGolden("fit_res_net4", { create: (o) => fitResNet4({ ...shrinkOf(o), dropout: 0 }) });
