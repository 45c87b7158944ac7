/**
 * The nets whose exports are compared with PyTorch, and their modules. As a program it writes the
 * modules, `NAME.py`, beside this file:
 *
 *     deno run -A tests/golden/exports/models.ts
 *
 * @module
 */
import type { Fields } from "../../../tasks/models/fields.ts";
import type { ModelSpec } from "../../../tasks/models/model.ts";
import { pythonModule } from "../../../tasks/export/module.ts";
import { netSteps } from "../../../tasks/export/steps.ts";
import { filled } from "../fill.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

const FIELDS = {
  fitnet1_maxout: { net: "fitnet1", classes: "10" },
  fitnet1_relu: { net: "fitnet1", activation: "relu", classes: "100" },
  allCnn_relu: { net: "allCnn", activation: "relu" },
  fitnetMnist_maxout: { net: "fitnetMnist" },
  fitnetMnist_vlrelu: { net: "fitnetMnist", activation: "vlrelu" },
  fitnetMnist_tanh: { net: "fitnetMnist", activation: "tanh" },
  fitnetMnist_sigmoid: { net: "fitnetMnist", activation: "sigmoid" },
  fitnetMnist_gelu: { net: "fitnetMnist", activation: "gelu" },
  branching_maxout: { net: "branching" },
  caffenet_relu: { net: "caffenet", shrink: "16", stem: "small", input: "35x35x3" },
  dsnMnist_relu: { net: "dsnMnist", shrink: "16", loss: "squaredHinge" },
  googlenet_relu: { net: "googlenet", shrink: "16", stem: "small", batchnorm: "yes", input: "32x32x3" },
  highway10_relu: { net: "highway10", shrink: "4" },
  minNetMnist_maxout: { net: "minNetMnist", shrink: "16" },
  resnet20_relu: { net: "resnet20", shrink: "4" },
  vggCifar_relu: { net: "vggCifar", shrink: "16" },
} as const satisfies Record<string, Fields>;

/** The seed of the mean image's numbers, and their bound. */
const MEAN = { seed: 500, scale: 0.5 } as const;

/** The names of the nets. */
export const EXPORTED = Object.keys(FIELDS) as readonly (keyof typeof FIELDS)[];

/** A net that is compared; those of color images have a mean image of `fill`. */
export function exported(name: (typeof EXPORTED)[number]): ModelSpec {
  const model = parseModel(FIELDS[name]), { height, width, channels, preprocessing } = model;
  const shape = [height, width, channels];
  return preprocessing === "scale" ? model : { ...model, mean: filled({ shape, ...MEAN }) };
}

/** The module of a net, as text. */
export const moduleText = (name: (typeof EXPORTED)[number]): string => {
  const model = exported(name);
  return pythonModule(model, netSteps(model));
};

/** Where the module of a net lies. */
export const modulePath = (name: string): URL => new URL(`${name}.py`, import.meta.url);

if (import.meta.main) {
  for (const name of EXPORTED) await Deno.writeTextFile(modulePath(name), moduleText(name));
}
