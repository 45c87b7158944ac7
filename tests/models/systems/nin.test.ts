/** Network in network against PyTorch. */
import { nin, ninMnist } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

checkGolden("nin", { create: (o) => nin({ ...shrinkOf(o), activation: "relu", dropout: 0 }) });
checkGolden("nin_mnist", {
  create: (o) => ninMnist({ ...shrinkOf(o), activation: "relu", dropout: 0 }),
});
