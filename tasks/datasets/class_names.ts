/**
 * What the classes of the data sets are called.
 *
 * @module
 */
import { IDX_SETS } from "../../src/data/mnist/idx_sets.ts";
import { PROCEDURAL_CLASSES } from "../../src/data/mod.ts";
import type { DatasetName } from "../training/train_options.ts";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const NAMES: Readonly<Partial<Record<DatasetName, readonly string[]>>> = {
  ...Object.fromEntries(Object.entries(IDX_SETS).map(([name, { classes }]) => [name, classes])),
  cifar10: words("airplane automobile bird cat deer dog frog horse ship truck"),
  cifar100: words(`
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly
    camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile
    cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp
    lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree
    orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum
    rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
    squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train
    trout tulip turtle wardrobe whale willow_tree wolf woman worm
  `),
  procedural: PROCEDURAL_CLASSES,
};

/**
 * The names of so many classes of a data set, by label; numbers where it has others.
 *
 * @param own The names that the data or the weights themselves say, if they do.
 */
export const classNames = (
  dataset: DatasetName,
  classes: number,
  own?: readonly string[],
): readonly string[] =>
  [own, NAMES[dataset]].find((names) => names?.length === classes) ??
    Array.from({ length: classes }, (_, label) => `class ${label}`);
