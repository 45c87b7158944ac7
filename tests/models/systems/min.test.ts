/** The batch-normalized maxout network in network against PyTorch. */
import { minNet } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

checkGolden("min", { create: (o) => minNet({ ...shrinkOf(o), dropout: 0 }) });
