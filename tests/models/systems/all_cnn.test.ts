/** The family of ALL-CNN against PyTorch. */
import {
  allCnn,
  type AllCnnOptions,
  largeAllCnn,
  type LargeAllCnnOptions,
} from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

for (const name of ["a", "b", "c", "base_a", "base_b", "base_c", "strided_c", "convpool_c"]) {
  checkGolden(`all_cnn_${name}`, {
    create: (o) =>
      allCnn({
        ...shrinkOf(o),
        family: o.family as AllCnnOptions["family"],
        downsampling: o.downsampling as AllCnnOptions["downsampling"],
        dropout: 0,
      }),
  });
}

checkGolden("all_cnn_large", {
  create: (o) =>
    largeAllCnn({
      ...shrinkOf(o),
      stages: `${o.stages ?? 5}` as NonNullable<LargeAllCnnOptions["stages"]>,
      dropout: 0,
    }),
});
