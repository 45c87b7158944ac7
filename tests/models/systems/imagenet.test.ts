/** CaffeNet and GoogLeNet against PyTorch. */
import { caffenet, googlenet } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";
import type { SystemOptions } from "../../golden/systems/types.ts";

const optionsOf = (o: SystemOptions) => ({
  ...shrinkOf(o),
  classes: Number(o.classes ?? 1000),
  dropout: 0,
});

checkGolden("caffenet", { create: (o) => caffenet(optionsOf(o)) });
checkGolden("googlenet", { create: (o) => googlenet(optionsOf(o)) });
checkGolden("googlenet_bn", {
  create: (o) => googlenet({ ...optionsOf(o), batchnorm: "yes" }),
});
