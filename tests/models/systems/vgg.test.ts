/** VGG-16 and VGG-19 against PyTorch. */
import { vgg16, vgg19 } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";
import type { SystemOptions } from "../../golden/systems/types.ts";

const optionsOf = (o: SystemOptions) => ({
  ...shrinkOf(o),
  activation: "relu" as const,
  classes: Number(o.classes ?? 1000),
  dropout: 0,
});

checkGolden("vgg16", { create: (o) => vgg16(optionsOf(o)) });
checkGolden("vgg19", { create: (o) => vgg19(optionsOf(o)) });
