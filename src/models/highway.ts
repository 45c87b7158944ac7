/**
 * Highway networks of convolutions: stages of highway layers, after each of which the image is halved.
 *
 * @module
 */
import { conv, highwayConv, type Layer } from "../nn/mod.ts";
import type { Initializer } from "../nn/initializers/initializer.ts";
import { type Activation, resolveActivation } from "./activation.ts";

/** A stage: what its first layer is, how many highway layers follow, and what comes after them. */
export interface HighwayStage {
  readonly channels: number;
  /** The plain convolution at its start: its window and padding; none if left out. */
  readonly first?: { readonly size: number; readonly padding: number };
  readonly layers: number;
  /** Pooling and dropout. */
  readonly after: readonly Layer[];
}

/** What all layers of a net share. */
export interface HighwayOptions {
  /** The net's name, for errors. */
  readonly caller: string;
  readonly activation: Activation;
  readonly init?: Initializer | undefined;
  /** The bias at which every transform gate starts; negative, so that at first inputs pass through. */
  readonly transformBias: number;
}

/** The layers of the stages. */
export function highwayStages(stages: readonly HighwayStage[], options: HighwayOptions): Layer[] {
  const { caller, activation, init, transformBias } = options;
  const { after: activate, pieces } = resolveActivation(caller, activation);
  const convolve = (channels: number, size: number, padding: number): Layer[] => [
    conv(channels, size, { padding, pieces: pieces(2), init }),
    ...activate,
  ];
  const layer = (channels: number): Layer =>
    highwayConv(channels, 3, { activation: activate[0], pieces: pieces(2), init, transformBias });
  return stages.flatMap(({ channels, first, layers, after }) => [
    ...(first ? convolve(channels, first.size, first.padding) : []),
    ...Array.from({ length: layers }, () => layer(channels)),
    ...after,
  ]);
}
