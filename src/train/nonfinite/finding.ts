/**
 * Where in a training step numbers first were not finite, as data and as text.
 *
 * @module
 */
import { showFault, showRange, type Statistics } from "./statistics.ts";

/** Where numbers first were not finite. */
export interface NonFinite extends Statistics {
  /**
   * What they are: the batch's images, a parameter before the step, a layer's output, the loss, the gradient of
   * a parameter, or a parameter after the step.
   */
  readonly what: "images" | "parameter" | "output" | "loss" | "gradient" | "update";
  /** The layer's path and kind, such as `[2] conv`; absent of images and of the loss. */
  readonly layer?: string | undefined;
  /** The path of the parameter, such as `[2].w`. */
  readonly parameter?: string | undefined;
  /** The op that made them. */
  readonly op?: string | undefined;
  /** The range of what they were computed from, where that was finite. */
  readonly input?: { readonly least: number; readonly most: number } | undefined;
}

/** The thing itself: `the output of [2] conv (conv2d)`. */
function subject({ what, layer, parameter, op }: NonFinite): string {
  const by = op === undefined ? "" : ` (${op})`, of = layer ? ` of ${layer}` : "";
  switch (what) {
    case "images":
      return "the batch's images";
    case "parameter":
      return `the parameter ${parameter}${of}`;
    case "output":
      return `the output${of}${by}`;
    case "loss":
      return `the loss${by}`;
    case "gradient":
      return `the gradient of the parameter ${parameter}${of}${by}`;
    case "update":
      return `the parameter ${parameter}${of} after the update`;
  }
}

/** A finding as text. */
export function showFinding(found: NonFinite): string {
  const { what, nan, infinite, input } = found, name = subject(found);
  const are = what === "images" ? "are" : "is";
  if (nan + infinite === 0) return `${name} ${are} too large: ${showFault(found)}`;
  const given = what === "loss" ? "the net's output" : "its input";
  const seen = input ? `; ${given} was finite in ${showRange(input)}` : "";
  const hint = what === "loss" && input ? ", so a label may be no class" : "";
  return `${name} ${are} not finite: ${showFault(found)}${seen}${hint}`;
}
