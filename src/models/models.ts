/**
 * All models: re-exports each, and lists their records by name.
 *
 * @module
 */
import { ALL_CNN } from "./all_cnn.ts";
import { BRANCHING } from "./branching.ts";
import { CAFFENET } from "./caffenet.ts";
import { FIT_RES_NET4 } from "./fit_res_net4.ts";
import { FITNET_TEACHER } from "./fitnet_teacher.ts";
import { FITNET1 } from "./fitnet1.ts";
import { FITNET4 } from "./fitnet4.ts";
import { FITNET_MNIST } from "./fitnet_mnist.ts";
import { HIGHWAY10 } from "./highway10.ts";
import { HIGHWAY19 } from "./highway19.ts";
import { LARGE_ALL_CNN } from "./large_all_cnn.ts";
import { MAXOUT_NET } from "./maxout_net.ts";
import { MAXOUT_NET_MNIST } from "./maxout_net_mnist.ts";
import { FMP_NET } from "./fmp_net.ts";
import { GOOGLENET } from "./googlenet.ts";
import { HIGHWAY_MLP } from "./highway_mlp.ts";
import { DSN } from "./dsn.ts";
import { DSN_MNIST } from "./dsn_mnist.ts";
import { MIN_NET } from "./min_net.ts";
import { MIN_NET_MNIST } from "./min_net_mnist.ts";
import type { ModelRecord } from "./model.ts";
import { NIN } from "./nin.ts";
import { NIN_MNIST } from "./nin_mnist.ts";
import { RESNET20, RESNET56 } from "./resnet.ts";
import { TORCH_MNIST } from "./torch_mnist.ts";
import { VGG16, VGG19 } from "./vgg.ts";
import { VGG_CIFAR } from "./vgg_cifar.ts";

export { allCnn, type AllCnnOptions } from "./all_cnn.ts";
export { branching, type BranchingOptions } from "./branching.ts";
export { caffenet, type CaffenetOptions } from "./caffenet.ts";
export { fitResNet4 } from "./fit_res_net4.ts";
export { fitnetTeacher } from "./fitnet_teacher.ts";
export { fitnet1, type Fitnet1Options } from "./fitnet1.ts";
export { fitnet4, type Fitnet4Options } from "./fitnet4.ts";
export { fitnetMnist } from "./fitnet_mnist.ts";
export { highway10 } from "./highway10.ts";
export { highway19 } from "./highway19.ts";
export { largeAllCnn, type LargeAllCnnOptions } from "./large_all_cnn.ts";
export { maxoutNet } from "./maxout_net.ts";
export { maxoutNetMnist } from "./maxout_net_mnist.ts";
export { fmpNet, type FmpNetOptions } from "./fmp_net.ts";
export { googlenet, type GooglenetOptions } from "./googlenet.ts";
export { highwayMlp, type HighwayMlpOptions } from "./highway_mlp.ts";
export { dsn, type DsnOptions } from "./dsn.ts";
export { dsnMnist } from "./dsn_mnist.ts";
export { minNet } from "./min_net.ts";
export { minNetMnist } from "./min_net_mnist.ts";
export { nin } from "./nin.ts";
export { ninMnist } from "./nin_mnist.ts";
export { resnet20, resnet56, type ResnetOptions } from "./resnet.ts";
export { torchMnist } from "./torch_mnist.ts";
export { vgg16, vgg19 } from "./vgg.ts";
export { vggCifar, type VggCifarOptions } from "./vgg_cifar.ts";

/** The records of all models, by name. */
export const MODEL_RECORDS = {
  fitnet1: FITNET1,
  fitnet4: FITNET4,
  fitnetMnist: FITNET_MNIST,
  torchMnist: TORCH_MNIST,
  branching: BRANCHING,
  allCnn: ALL_CNN,
  nin: NIN,
  ninMnist: NIN_MNIST,
  vgg16: VGG16,
  vgg19: VGG19,
  vggCifar: VGG_CIFAR,
  caffenet: CAFFENET,
  googlenet: GOOGLENET,
  fitnetTeacher: FITNET_TEACHER,
  fmpNet: FMP_NET,
  resnet20: RESNET20,
  resnet56: RESNET56,
  fitResNet4: FIT_RES_NET4,
  highway10: HIGHWAY10,
  highway19: HIGHWAY19,
  largeAllCnn: LARGE_ALL_CNN,
  maxoutNet: MAXOUT_NET,
  maxoutNetMnist: MAXOUT_NET_MNIST,
  highwayMlp: HIGHWAY_MLP,
  dsn: DSN,
  dsnMnist: DSN_MNIST,
  minNet: MIN_NET,
  minNetMnist: MIN_NET_MNIST,
} as const satisfies Record<string, ModelRecord>;
