/** Highway networks against PyTorch. */
import { highway10, highway19 } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

checkGolden("highway19", { create: (o) => highway19({ ...shrinkOf(o), dropout: 0 }) });
for (const name of ["highway10_16", "highway10_32"]) {
  checkGolden(name, { create: (o) => highway10({ ...shrinkOf(o), dropout: 0 }) });
}
