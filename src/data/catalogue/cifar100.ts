/**
 * CIFAR-100: small photographs of a hundred classes (Krizhevsky, 2009).
 *
 * @module
 */
import { cifarSet, TORONTO } from "./cifar_set.ts";

const CLASS_NAMES = `
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly
  camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile
  cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp
  lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree
  orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum
  rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
  squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train
  trout tulip turtle wardrobe whale willow_tree wolf woman worm
`.trim().split(/\s+/);

/** The names of the coarse classes, by label. */
export const COARSE_NAMES: readonly string[] = `
  aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices
  household_furniture insects large_carnivores large_man-made_outdoor_things
  large_natural_outdoor_scenes large_omnivores_and_herbivores medium_mammals
  non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2
`.trim().split(/\s+/);

const ARCHIVE = "cifar-100-binary.tar.gz";

/** The record of CIFAR-100 with its fine labels; the first label byte of an image is the coarse one. */
export const CIFAR100 = cifarSet({
  name: "cifar100",
  title: "CIFAR-100",
  classNames: CLASS_NAMES,
  counts: { train: 50_000, test: 10_000 },
  inPaper: true,
  filesInWords: "train.bin and test.bin",
  files: { train: ["train.bin"], test: ["test.bin"] },
  layout: { labelBytes: 2, labelAt: 1, classes: 100 },
  download: {
    folder: "cifar-100-binary",
    archives: [{
      file: ARCHIVE,
      bytes: 168_513_733,
      sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
      urls: TORONTO.map((mirror) => mirror + ARCHIVE),
      members: [
        {
          file: "train.bin",
          bytes: 153_700_000,
          sha256: "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29",
        },
        {
          file: "test.bin",
          bytes: 30_740_000,
          sha256: "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a",
        },
      ],
    }],
  },
});
