/** The batch-normalized maxout network in network against PyTorch. */
import { minNet, minNetMnist } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

checkGolden("min", { create: (o) => minNet({ ...shrinkOf(o), dropout: 0 }) });
checkGolden("min_mnist", { create: (o) => minNetMnist({ ...shrinkOf(o), dropout: 0 }) });
