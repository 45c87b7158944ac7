/**
 * The methods of table 2 as rows: each a net with the recipe of its authors.
 *
 * @module
 */
import { type ModelName, ownOptions } from "../../../../src/models/registry.ts";
import type { DatasetName } from "../../../datasets/registry.ts";
import { recipeOptions } from "../../../training/recipes/mod.ts";
import type { Length, PaperNumbers, RunOptions, Variant } from "../../description.ts";

/** How much the runs of a table are scaled down. */
export interface Scale {
  /** Divides the channels of nets that can be narrower; as fits the length if left out. */
  readonly shrink?: string | undefined;
  /** Epochs of every row; as fits the length if left out. */
  readonly budget?: number | undefined;
}

/** A method: a net as its authors trained it. */
interface Method {
  readonly name: string;
  readonly net: ModelName;
  /** Options beside the recipe's. */
  readonly options?: RunOptions;
  /**
   * How long it takes: a light net is narrowed by --quick alone, a huge one, which no CPU trains, by 4 times
   * as much at each length but the paper's.
   */
  readonly cost?: "light" | "huge";
  readonly retests?: string;
}

/** The divisors of channels by length; 1 for the published widths. On a CPU, those of CIFAR are narrower. */
const SHRINK = { quick: 16, cpu: 2, gpu: 1, paper: 1 } as const satisfies Record<Length, number>;
const CIFAR_ON_CPU = 4;

const LENGTHS = Object.keys(SHRINK) as readonly Length[];

/** The divisor of a method's channels at a length. */
function divisor(
  length: Length,
  dataset: DatasetName,
  { cost, options }: Method,
  { shrink }: Scale,
): number {
  const own = Number(options?.shrink ?? 1), isCifarOnCpu = length === "cpu" && dataset !== "mnist";
  if (cost === "light" && length !== "quick") return own;
  const usual = Number(shrink ?? (isCifarOnCpu ? CIFAR_ON_CPU : SHRINK[length]));
  return Math.min(16, usual * own * (cost === "huge" && length !== "paper" ? 4 : 1));
}

const hasShrink = (net: ModelName): boolean => ownOptions(net).some(([name]) => name === "shrink");

/** The column of a table, in which all rows have the epochs of the budget. */
export const column = (name: string, { budget: epochs }: Scale): Variant => ({
  name,
  ...(epochs !== undefined && { options: { epochs } }),
});

/** The paper's numbers of a table with one column. */
export const inColumn = (column: string, numbers: Readonly<Record<string, number>>): PaperNumbers =>
  Object.fromEntries(Object.entries(numbers).map(([row, number]) => [row, { [column]: number }]));

/** The rows of methods on a data set. */
export const methodRows = (
  dataset: DatasetName,
  methods: readonly Method[],
  scale: Scale = {},
): readonly Variant[] =>
  methods.map((method): Variant => {
    const { name, net, options, retests } = method;
    const { batch, epochs, ...recipe } = recipeOptions(net, dataset);
    const at = LENGTHS.map((length) => {
      const shrink = hasShrink(net)
        ? { shrink: String(divisor(length, dataset, method, scale)) }
        : {};
      const whole = length === "paper" ? { batch, epochs } : length === "quick" ? {} : { batch };
      return [length, { ...whole, ...shrink }] as const;
    });
    const { shrink: _, ...own } = options ?? {};
    return {
      name,
      options: { ...recipe, ...own } as RunOptions,
      at: Object.fromEntries(at),
      ...(retests && { retests }),
    };
  });
