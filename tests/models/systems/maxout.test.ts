/** Maxout networks against PyTorch. */
import { maxoutNet, maxoutNetMnist } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

checkGolden("maxout", { create: (o) => maxoutNet({ ...shrinkOf(o), dropout: 0 }) });
checkGolden("maxout_mnist", { create: (o) => maxoutNetMnist({ ...shrinkOf(o), dropout: 0 }) });
