/** Torch's digit classifier against PyTorch. */
import { torchMnist } from "../../../src/models/mod.ts";
import { checkGolden } from "./check_golden.ts";

checkGolden("torch_mnist", { create: () => torchMnist({ activation: "relu", dropout: 0 }) });
