/**
 * Building the network and LSUV's options from the settings of a run.
 *
 * @module
 */
import {
  gaussian,
  glorot,
  he,
  type Initializer,
  type LsuvOptions,
  orthonormal,
  xavierFanIn,
} from "../../src/init/mod.ts";
import type { Model } from "../../src/models/mod.ts";
import { uniform } from "../../src/random.ts";
import { runKeys } from "../../src/train/mod.ts";
import { buildNet } from "../models/model.ts";
import type { InitName, Settings } from "../run/settings.ts";

/** The standard deviation that a layer's initializer gives: 1 where it is then multiplied by its own. */
const buildStd = ({ std = 0.01, layerStds }: Pick<Settings, "std" | "layerStds">): number =>
  layerStds ? 1 : std;

/** The initializers by name, except LSUV, which rescales the weights of another one. */
const INITIALIZERS: Readonly<
  Record<
    Exclude<InitName, "lsuv">,
    (settings: Pick<Settings, "std" | "layerStds" | "gain">) => Initializer
  >
> = {
  orthonormal: ({ gain = 1 }) => orthonormal(gain),
  gaussian: (settings) => gaussian(buildStd(settings)),
  uniform: (settings) => {
    const limit = Math.sqrt(3) * buildStd(settings);
    return (key, { count, shape }) => uniform(key, [count, ...shape], -limit, limit);
  },
  xavier: () => xavierFanIn,
  glorot: () => glorot,
  he: () => he,
};

/** The network, with the initializer of the settings. */
export function buildRunNet(settings: Settings, classes: number): Model {
  const { init, preInit = "orthonormal" } = settings;
  const initializer = INITIALIZERS[init === "lsuv" ? preInit : init](settings);
  return buildNet({ ...settings, classes }, initializer);
}

/** The options of LSUV; with `lsuvDropout`, its dropout follows from the run's seed. */
export const buildLsuvOptions = (settings: Settings): LsuvOptions => ({
  preset: settings.lsuv,
  tolerance: settings.lsuvTolerance,
  maxTrials: settings.lsuvTrials,
  normalize: settings.normalize,
  target: settings.lsuvTarget,
  center: settings.lsuvCenter,
  key: settings.lsuvDropout ? runKeys(settings.seed).dropout : undefined,
});
