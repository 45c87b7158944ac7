/**
 * The teacher of a run: a trained net, and the objective of learning from it.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import type { Objective } from "../../../src/train/mod.ts";
import { distillation } from "../../../src/train/mod.ts";
import { add, cast, minimum, mul } from "../../../src/ops/mod.ts";
import { LOSSES } from "../../../src/nn/mod.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { OptionError } from "../../cli/option_table.ts";
import { type ModelSpec, showSize } from "../../models/model.ts";
import { openFiniteModel, type OpenModel } from "../../models/open.ts";
import type { Settings } from "../../run/settings.ts";

/** The images that a net takes, in words and options. */
function images(model: ModelSpec, whitened: boolean): string {
  const { classes, preprocessing, pixelScale } = model;
  const options = [
    `--preprocessing ${preprocessing}`,
    ...pixelScale === undefined ? [] : [`--pixel-scale ${pixelScale}`],
    whitened ? "--whiten" : "--no-whiten",
  ];
  return `${showSize(model)} images in ${counted(classes, "class", "classes")} with ${
    options.join(" ")
  }`;
}

/**
 * Opens the teacher. Throws an {@linkcode OptionError} if it is for images of another size or preprocessing,
 * or other classes.
 *
 * @param student The net that learns from it.
 */
export async function openTeacher(
  path: string,
  student: ModelSpec,
  { whiten = false }: Pick<Settings, "whiten">,
): Promise<OpenModel> {
  const teacher = await openFiniteModel(path), { model } = teacher;
  const expected = images(student, whiten), found = images(model, model.whitening !== undefined);
  if (found === expected) return teacher;
  throw new OptionError(
    `--teacher: expected a net for ${expected}, found one for ${found} in ${teacher.path}`,
  );
}

/** A weight that changes linearly over some steps. */
const linear = (from: number, to: number, steps: number) => (step: Tensor): Tensor =>
  add(mul(minimum(cast(step, "f32"), steps), (to - from) / steps), from);

/** The objective of a run with a teacher; undefined where it only gives hints. */
export function teacherObjective(
  { net, params }: OpenModel,
  { distill: from = 0, distillEnd: to = from, distillUntil = 1, temperature = 3, loss }: Settings,
  stepsPerEpoch: number,
): Objective | undefined {
  if (from === 0 && to === 0) return undefined;
  return distillation({
    teacher: (images) => net(params, images),
    temperature,
    weight: from === to ? from : linear(from, to, distillUntil * stepsPerEpoch),
    loss: LOSSES[loss],
  });
}
