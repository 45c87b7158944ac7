/** The VGG-like net against PyTorch, with batch normalization and without. */
import { vggCifar } from "../../../src/models/mod.ts";
import { checkGolden, shrinkOf } from "./check_golden.ts";

for (const [name, batchnorm] of [["vgg_like", "no"], ["vgg_like_bn", "yes"]] as const) {
  checkGolden(name, { create: (o) => vggCifar({ ...shrinkOf(o), batchnorm, dropout: 0 }) });
}
