/**
 * The teacher of the FitNets.
 *
 * @module
 */
import { MAXOUT_NET, maxoutNet } from "./maxout_net.ts";
import type { Model, ModelRecord } from "./model.ts";
import type { ShrinkOptions } from "./shrink.ts";

/**
 * The teacher of the FitNets on CIFAR: Romero et al., "FitNets: Hints for Thin Deep Nets" (2015), section 3.1:
 * three maxout convolutions with 96, 192 and 192 channels of two pieces, 500 maxout units of five, and the
 * classifier, trained as by Goodfellow et al. (2013); so it is {@linkcode maxoutNet}. Its second layer is the
 * hint of the students' eleventh (adri-romsor/FitNets: scripts/fitnets_training.py).
 *
 * 16,247,830 parameters with 10 classes where the paper's table 1 has "about 9M": neither poolings that keep
 * partial windows, as pylearn2's do, nor others (11.9 millions) give that number, and the teacher's own file is
 * not public.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitnetTeacher(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 16_247_830);
 * ```
 */
export const fitnetTeacher = (options: ShrinkOptions = {}): Model => maxoutNet(options);

/** The record of the FitNets' teacher. */
export const FITNET_TEACHER = {
  ...MAXOUT_NET,
  create: fitnetTeacher,
  about: "the FitNets' teacher, which is maxoutNet",
} as const satisfies ModelRecord;
