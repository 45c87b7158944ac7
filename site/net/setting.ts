/**
 * What a visitor chooses: the net, its weights and its data.
 *
 * @module
 */

/** Activations by their names in the page's addresses, and as the page shows them. */
export const ACTIVATIONS = {
  relu: "ReLU",
  vlrelu: "very leaky ReLU",
  tanh: "tanh",
  sigmoid: "sigmoid",
  maxout: "maxout of 2",
} as const;

/** The name of an activation. */
export type ActivationName = keyof typeof ACTIVATIONS;

/** Initializations without data, by name, and as the page shows them. */
export const STARTS = {
  gaussian: "Gaussian 0.01",
  xavier: "Xavier",
  he: "He",
  orthonormal: "Orthonormal",
} as const;

/** The name of an initialization without data. */
export type StartName = keyof typeof STARTS;

/** How a net's weights are made: by an initialization alone, or by LSUV after the chosen one. */
export type InitName = StartName | "lsuv";

/** Every initialization as the page shows it. */
export const INITS: Readonly<Record<InitName, string>> = { ...STARTS, lsuv: "LSUV" };

/** What a visitor chooses. */
export interface Setting {
  readonly activation: ActivationName;
  /** Layers with weights, the classifier included. */
  readonly depth: number;
  /** Channels of every layer but the last. */
  readonly width: number;
  /** The weights that LSUV starts from. */
  readonly start: StartName;
  readonly seed: number;
}

/** The ranges of the numbers. */
export const RANGES = {
  depth: { from: 3, to: 40 },
  width: { from: 4, to: 32 },
} as const;

/** The setting of a first visit: ReLU halves the variance of orthonormal layers, one after the other. */
export const DEFAULT: Setting = {
  activation: "relu",
  depth: 20,
  width: 16,
  start: "orthonormal",
  seed: 0,
};

const isNameOf = <T extends object>(names: T, name: string): name is string & keyof T =>
  Object.hasOwn(names, name);

/** The setting of a page's address, such as `#activation=tanh&depth=20`; what is no setting is left out. */
export function parseSetting(text: string): Setting {
  const given = new URLSearchParams(text), activation = given.get("activation") ?? "";
  const start = given.get("start") ?? "";
  const integer = (name: "depth" | "width" | "seed", from: number, to: number): number => {
    const value = Number(given.get(name) ?? NaN);
    return Number.isInteger(value) && value >= from && value <= to ? value : DEFAULT[name];
  };
  return {
    activation: isNameOf(ACTIVATIONS, activation) ? activation : DEFAULT.activation,
    depth: integer("depth", RANGES.depth.from, RANGES.depth.to),
    width: integer("width", RANGES.width.from, RANGES.width.to),
    start: isNameOf(STARTS, start) ? start : DEFAULT.start,
    seed: integer("seed", 0, 2 ** 31 - 1),
  };
}

/** A setting as {@linkcode parseSetting} reads it. */
export const showSetting = (setting: Setting): string =>
  new URLSearchParams(Object.entries(setting).map(([name, value]) => [name, String(value)]))
    .toString();
