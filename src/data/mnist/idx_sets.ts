/**
 * The data sets that come in IDX files, and how each is told from the others.
 *
 * @module
 */

/** A data set in IDX files. */
export interface IdxSet {
  /** What it is called. */
  readonly title: string;
  /** What its classes are called, by label. */
  readonly classes: readonly string[];
  /** The label of the first class; 0 if left out. */
  readonly first?: number;
  /** Whether its images are stored column by column. */
  readonly transposed?: boolean;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const DIGITS = words("0 1 2 3 4 5 6 7 8 9");
const CAPITALS = words("A B C D E F G H I J K L M N O P Q R S T U V W X Y Z");
const SMALL = CAPITALS.map((letter) => letter.toLowerCase());
/** Small letters that do not look like their capitals. */
const OWN_SMALL = words("a b d e f g h n q r t");

/** The syllables of Kuzushiji-49, and the sign that repeats one. */
const HIRAGANA =
  "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをんゝ";

const emnist = (split: string, classes: readonly string[], first = 0): IdxSet => ({
  title: `EMNIST ${split}`,
  classes,
  first,
  transposed: true,
});

/** The name of a data set in IDX files. */
export type IdxName =
  | "mnist"
  | "fashion-mnist"
  | "kmnist"
  | "qmnist"
  | "k49"
  | "emnist-balanced"
  | "emnist-byclass"
  | "emnist-bymerge"
  | "emnist-digits"
  | "emnist-letters"
  | "emnist-mnist";

/** The data sets by their names. */
export const IDX_SETS: Readonly<Record<IdxName, IdxSet>> = {
  mnist: { title: "MNIST", classes: DIGITS },
  "fashion-mnist": {
    title: "Fashion-MNIST",
    classes: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
  },
  kmnist: { title: "KMNIST", classes: words("o ki su tsu na ha ma ya re wo") },
  qmnist: { title: "QMNIST", classes: DIGITS },
  k49: { title: "Kuzushiji-49", classes: [...HIRAGANA] },
  "emnist-balanced": emnist("balanced", [...DIGITS, ...CAPITALS, ...OWN_SMALL]),
  "emnist-byclass": emnist("by class", [...DIGITS, ...CAPITALS, ...SMALL]),
  "emnist-bymerge": emnist("by merge", [...DIGITS, ...CAPITALS, ...OWN_SMALL]),
  "emnist-digits": emnist("digits", DIGITS),
  "emnist-letters": emnist("letters", SMALL, 1),
  "emnist-mnist": emnist("MNIST", DIGITS),
};

/** All names. */
export const IDX_NAMES: readonly IdxName[] = Object.keys(IDX_SETS) as IdxName[];

/** What a file's or folder's name says of its data set, the more special ones first. */
const HINTS: readonly (readonly [hint: RegExp, name: IdxName | "emnist"])[] = [
  [/emnist.*balanced/i, "emnist-balanced"],
  [/emnist.*by.?class/i, "emnist-byclass"],
  [/emnist.*by.?merge/i, "emnist-bymerge"],
  [/emnist.*digits/i, "emnist-digits"],
  [/emnist.*letters/i, "emnist-letters"],
  [/emnist.+mnist/i, "emnist-mnist"],
  [/emnist/i, "emnist"],
  [/fashion/i, "fashion-mnist"],
  [/k(?:uzushiji)?[-_]?(?:mnist)?[-_]?49/i, "k49"],
  [/kmnist|kuzushiji/i, "kmnist"],
  [/qmnist/i, "qmnist"],
  [/^mnist$|[-_. ]mnist$|^mnist[-_. ]/i, "mnist"],
];

/** What a name says of the data set; undefined where it says nothing. */
export const hintIn = (name: string): IdxName | "emnist" | undefined =>
  HINTS.find(([hint]) => hint.test(name))?.[1];
