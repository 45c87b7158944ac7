/**
 * The left block of table 2: CIFAR-10 or CIFAR-100.
 *
 * @module
 */
import { datasetFacts } from "../../../datasets/registry.ts";
import type { Description, RunOptions, Variant } from "../../description.ts";
import { AUTHORS_LSUV, cifarLengths, LSUV_DIFFERS } from "../nets.ts";
import { hintsRow } from "./hints.ts";
import { column, inColumn, methodRows, type Scale } from "./methods.ts";

/** The data set of a block. */
export type Cifar = "cifar10" | "cifar100";

const COLUMN = "test accuracy";

/** The paper's accuracies in percent: CIFAR-10 and CIFAR-100. RMSProp's are marked † there. */
const PAPER: Readonly<Record<string, readonly (number | undefined)[]>> = {
  "FitNet4-LSUV": [93.94, 70.04],
  "FitNet4-LSUV, RMSProp": [undefined, 72.34],
  "FitNet4-OrthoInit": [93.78, 70.44],
  "FitNet4-OrthoInit, RMSProp": [undefined, 72.30],
  "FitNet4-Hints": [91.61, 64.96],
  "FitNet4-Highway": [92.46, 68.09],
  "ALL-CNN": [92.75, 66.29],
  DSN: [92.03, 65.43],
  NiN: [91.19, 64.32],
  maxout: [90.62, 65.46],
  MIN: [93.25, 71.14],
  "Large ALL-CNN": [95.59, undefined],
  "Fractional MP, 1 test": [95.50, 68.55],
  "Fractional MP, 12 tests": [96.53, 73.61],
};

/** The authors' RMSProp: of CIFAR-100 for the numbers marked † in the table. */
const RMSPROP = {
  optimizer: "rmsprop",
  rate: 0.0005,
  decay: 0.9,
  "drop-by": 0.5,
  "drop-shares": [70, 100, 130, 150, 170, 180].map((thousands) => thousands / 190),
};

/** The paper's own rows, by initialization and optimizer. */
const fitnets = (): readonly Variant[] =>
  ([["LSUV", AUTHORS_LSUV], ["OrthoInit", { init: "orthonormal" }]] as const).flatMap((
    [name, init],
  ) => [
    { name: `FitNet4-${name}`, options: { ...init, optimizer: "sgd" } },
    {
      name: `FitNet4-${name}, RMSProp`,
      options: { ...init, ...RMSPROP } as RunOptions,
      at: { paper: { epochs: 486 } },
    },
  ]);

/** A block, with a net for the rows of FitNet-4 if another is named, at a scale. */
export function cifarBlock(dataset: Cifar, net: unknown, scale: Scale): Description {
  const which = dataset === "cifar10" ? 0 : 1;
  const numbers = Object.entries(PAPER).flatMap(([row, all]) =>
    all[which] === undefined ? [] : [[row, all[which]] as const]
  );
  const teacher = { teacher: "maxout", cifar: true, published: 288 };
  const methods = (names: Parameters<typeof methodRows>[1]) => methodRows(dataset, names, scale);
  return {
    task: "repro:table2",
    title: `Table 2, left: ${datasetFacts(dataset).title}`,
    question: "Are FitNets from LSUV as good as schemes made for deep nets, and as larger nets?",
    measure: "test accuracy %",
    trains: "cifar",
    options: { dataset },
    lengths: cifarLengths(net),
    rows: [
      ...fitnets(),
      hintsRow("FitNet4-Hints", teacher, scale),
      ...methods([
        { name: "FitNet4-Highway", net: "highway19" },
        { name: "ALL-CNN", net: "allCnn" },
        { name: "DSN", net: "dsn" },
        { name: "NiN", net: "nin" },
        { name: "maxout", net: "maxoutNet" },
        { name: "MIN", net: "minNet" },
        ...(which === 0
          ? [{ name: "Large ALL-CNN", net: "largeAllCnn", cost: "huge" } as const]
          : []),
        { name: "Fractional MP, 1 test", net: "fmpNet", cost: "huge" },
        {
          name: "Fractional MP, 12 tests",
          net: "fmpNet",
          cost: "huge",
          options: { regions: 12 },
          retests: "Fractional MP, 1 test",
        },
      ]),
    ],
    columns: [column(COLUMN, scale)],
    // The others need more than hundreds of steps.
    quick: { rows: fitnets().map(({ name }) => name) },
    paper: inColumn(COLUMN, Object.fromEntries(numbers)),
    differs: [
      LSUV_DIFFERS,
      "the teacher of the hints is the maxout net of this table, which trains before them, beside their budget",
      ...(which === 0 ? ["the authors' RMSProp is that of CIFAR-100"] : []),
    ],
  };
}
