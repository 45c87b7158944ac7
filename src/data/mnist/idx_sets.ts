/**
 * The data sets that come in IDX files: one record each, by which it is read and recognized.
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
  /** Whether its images are stored column-major. */
  readonly transposed?: boolean;
}

/** A data set that is recognized. */
export interface KnownIdxSet extends IdxSet {
  /** What the names of its files or folders say. */
  readonly pattern: RegExp;
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

const emnist = (
  part: string,
  pattern: RegExp,
  classes: readonly string[],
  first = 0,
): KnownIdxSet => ({
  title: `EMNIST ${part}`,
  classes,
  first,
  transposed: true,
  pattern,
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
export const IDX_SETS: Readonly<Record<IdxName, KnownIdxSet>> = {
  mnist: { title: "MNIST", classes: DIGITS, pattern: /^mnist$|[-_. ]mnist$|^mnist[-_. ]/i },
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
    pattern: /fashion/i,
  },
  kmnist: {
    title: "KMNIST",
    classes: words("o ki su tsu na ha ma ya re wo"),
    pattern: /kmnist|kuzushiji/i,
  },
  qmnist: { title: "QMNIST", classes: DIGITS, pattern: /qmnist/i },
  k49: {
    title: "Kuzushiji-49",
    classes: [...HIRAGANA],
    pattern: /k(?:uzushiji)?[-_]?(?:mnist)?[-_]?49/i,
  },
  "emnist-balanced": emnist("balanced", /emnist.*balanced/i, [
    ...DIGITS,
    ...CAPITALS,
    ...OWN_SMALL,
  ]),
  "emnist-byclass": emnist("by class", /emnist.*by.?class/i, [...DIGITS, ...CAPITALS, ...SMALL]),
  "emnist-bymerge": emnist("by merge", /emnist.*by.?merge/i, [
    ...DIGITS,
    ...CAPITALS,
    ...OWN_SMALL,
  ]),
  "emnist-digits": emnist("digits", /emnist.*digits/i, DIGITS),
  "emnist-letters": emnist("letters", /emnist.*letters/i, SMALL, 1),
  "emnist-mnist": emnist("MNIST", /emnist.+mnist/i, DIGITS),
};

/** All names. */
export const IDX_NAMES: readonly IdxName[] = Object.keys(IDX_SETS) as IdxName[];

const isPartOfEmnist = (name: IdxName): boolean => name.startsWith("emnist-");

/**
 * The sets in the order in which a name is compared with theirs, special ones first: the parts of EMNIST,
 * EMNIST as a whole, and MNIST, which other names contain, at last.
 */
const RECOGNIZED: readonly (readonly [pattern: RegExp, name: IdxName | "emnist"])[] = [
  ...IDX_NAMES.filter(isPartOfEmnist).map((name) => [IDX_SETS[name].pattern, name] as const),
  [/emnist/i, "emnist"],
  ...IDX_NAMES.filter((name) => !isPartOfEmnist(name)).toReversed()
    .map((name) => [IDX_SETS[name].pattern, name] as const),
];

/** The data set that a file's or folder's name says; undefined where it says none. */
export const recognizeSet = (name: string): IdxName | "emnist" | undefined =>
  RECOGNIZED.find(([pattern]) => pattern.test(name))?.[1];
