/**
 * Hints: a hidden layer of a net is trained toward one of a teacher.
 *
 * @module
 */
import { layer } from "../../nn/define_layer.ts";
import type { Layer } from "../../nn/layer.ts";
import { conv } from "../../nn/conv.ts";
import { mean, mul, sub, sum } from "../../ops/mod.ts";
import { type Key, key as keyOf } from "../../random.ts";
import { showSpec, type Spec } from "../../spec.ts";
import { type Params, placeholder, type Tensor } from "../../tensor.ts";
import type { ObjectiveInput } from "../objective.ts";
import { applyLayers, type Stage } from "./stage.ts";

/** A trained net, as a list of layers in sequence. */
export interface Teacher {
  /** Its layers. */
  readonly layers: readonly Layer[];
  /** Its parameters, on a device. */
  readonly params: readonly Params[];
}

/** Options of {@linkcode hintStage}. */
export interface HintOptions {
  /** The number of the student's layers that are trained; its hint layer is the last of them. */
  readonly layers: number;
  /** The net that gives the hint. */
  readonly teacher: Teacher;
  /** The number of the teacher's layers up to its hint, included. */
  readonly teacherLayers: number;
  /** Maxout pieces of the regressor; 1 if left out. */
  readonly pieces?: number | undefined;
  /** The key of the regressor's initial weights; that of seed 0 if left out. */
  readonly key?: Key | undefined;
}

/** The guided layers, and the regressor on them. */
type Guided = { readonly guided: readonly Params[]; readonly regressor: Params };

/** Throws RangeError unless outputs of two hidden layers are images, the second not larger. */
function checkHints(student: Spec, teacher: Spec): void {
  const fits = student.shape.length === 4 && teacher.shape.length === 4 &&
    [1, 2].every((axis) => student.shape[axis]! >= teacher.shape[axis]!);
  if (fits) return;
  throw new RangeError(
    `hintStage: expected hints of images, the student's at least as large, found ${
      showSpec(student)
    } and ${showSpec(teacher)}`,
  );
}

/** Throws RangeError unless a count of layers is an integer from 1 to all. */
function checkCount(name: string, count: number, { length }: readonly Layer[]): void {
  if (Number.isInteger(count) && count >= 1 && count <= length) return;
  throw new RangeError(`hintStage: expected ${name} from 1 to ${length}, found ${count}`);
}

/** The loss of eq. 3: half the squared distance over channels, the mean over positions; f32[batch]. */
function distance(found: Tensor, wanted: Tensor): Tensor {
  const error = sub(found, wanted);
  return mean(mul(sum(mul(error, error), -1), 0.5), [1, 2]);
}

/**
 * The first stage of FitNets' training: Romero et al., "FitNets: Hints for Thin Deep Nets" (2015), section
 * 2.2, eq. 3. The student's first layers are trained so that a regressor on them, a convolution as large as
 * the student's hint exceeds the teacher's, gives the output of the teacher's hint layer. The regressor is
 * then dropped.
 *
 * @param net The student, a list of layers in sequence.
 * @param x The spec of a batch of inputs.
 * @throws RangeError unless both counts of layers are from 1 to all of them, and both hints are images, the
 * student's at least as large as the teacher's.
 *
 * @example
 * ```ts
 * import { init, key, nn, placeholder, sequential, train } from "@goodinit/goodinit";
 *
 * const teacher = sequential(nn.conv(8, 5), nn.relu, nn.flatten, nn.dense(10));
 * const student = sequential(nn.conv(4, 3), nn.relu, nn.conv(4, 3), nn.relu, nn.flatten, nn.dense(10));
 * const x = placeholder({ shape: [8, 12, 12, 1], dtype: "f32" }), params = teacher.init(key(0), x);
 * const stage = train.hintStage(student, x, {
 *   layers: 2, teacher: { layers: teacher.layers, params }, teacherLayers: 2,
 * });
 * const { regressor } = stage.prepare(student.init(key(1), x)).params as { regressor: nn.Weights };
 * console.assert(regressor.w.shape.join() === "3,3,4,8");
 * ```
 */
export function hintStage<P extends readonly Params[]>(
  net: Layer<P> & { readonly layers: readonly Layer[] },
  x: Spec,
  { layers, teacher, teacherLayers, pieces = 1, key = keyOf(0) }: HintOptions,
): Stage<P> {
  checkCount("layers", layers, net.layers);
  checkCount("teacherLayers", teacherLayers, teacher.layers);
  const own = net.layers.slice(0, layers), theirs = teacher.layers.slice(0, teacherLayers);
  const wanted = (images: Tensor) =>
    applyLayers(theirs, teacher.params.slice(0, teacherLayers), images);
  return {
    name: `[0…${layers - 1}] toward the teacher's [${teacherLayers - 1}]`,
    prepare(params) {
      const images = placeholder(x), hint = wanted(images);
      const found = applyLayers(own, params.slice(0, layers), images);
      checkHints(found, hint);
      const [, height, width] = found.shape as [number, number, number, number];
      const size = [height - hint.shape[1]! + 1, width - hint.shape[2]! + 1] as const;
      if (size[0] !== size[1]) {
        throw new RangeError(
          `hintStage: expected hints that differ alike along both axes, found ${
            showSpec(found)
          } and ${showSpec(hint)}`,
        );
      }
      const regressor = conv(hint.shape[3]!, size[0], { pieces }) as Layer;
      const guided = layer<Guided>(
        "hint",
        () => {
          throw new TypeError("hint: expected the parameters of a student, which its stage has");
        },
        ({ guided, regressor: last }, images, key) =>
          regressor(last, applyLayers(own, guided, images, key)),
      );
      return {
        net: guided as Layer,
        params: {
          guided: params.slice(0, layers),
          regressor: regressor.init(key, found),
        } as Params,
        objective: ({ output, images }: ObjectiveInput) => distance(output, wanted(images)),
        merge: (trained) =>
          [...(trained as Guided).guided, ...params.slice(layers)] as unknown as P,
      };
    },
  };
}
