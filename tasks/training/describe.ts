/**
 * The settings of a run as one line.
 *
 * @module
 */
import { modelTitle } from "../models/model.ts";
import type { Settings } from "../run/settings.ts";

function schedule({ rate, dropAt, dropBy }: Settings): string {
  const drops = dropAt.map((epoch) => Number(epoch.toFixed(2))).join(", ");
  return drops ? `rate ${rate} ×${dropBy} at ${drops}` : `rate ${rate}`;
}

function initializer({ init, preInit, std, lsuv }: Settings): string {
  const spread = std !== undefined && `std ${std}`;
  return [init, preInit && `of ${preInit}`, spread, lsuv].filter(Boolean).join(" ");
}

/** The settings in one line, for the start of a run. */
export function describeSettings(settings: Settings): string {
  const { optimizer, batch, epochs, weightDecay, loss, seed, dataset, augment } = settings;
  return [
    dataset + (augment ? " augmented" : ""),
    modelTitle(settings),
    initializer(settings),
    `${optimizer} ${schedule(settings)}, weight decay ${weightDecay}`,
    `${loss} loss`,
    `${epochs} epochs of batch ${batch}`,
    `seed ${seed}`,
  ].join(" | ");
}
