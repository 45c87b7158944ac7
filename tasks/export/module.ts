/**
 * A net as a Python module of PyTorch.
 *
 * @module
 */
import { CONTRAST_NORM, MNIST_SCALE } from "../../src/data/preprocess.ts";
import { type ModelSpec, modelTitle, showSize } from "../models/model.ts";
import { isSimple, SIMPLE_LAYERS, type SimpleLayer } from "./simple_layers.ts";
import { type ExportStep, hasWeights } from "./steps.ts";

function layerLine(step: ExportStep): string {
  switch (step.kind) {
    case "conv": {
      const { axes: [size, , from, to], stride, padding } = step;
      const steps = stride > 1 ? `, stride=${stride}` : "";
      return `Conv2d(${from}, ${to}, ${size}${steps}, padding=${padding})`;
    }
    case "dense": {
      const [height, width, from, to] = step.axes;
      return `Linear(${height * width * from}, ${to})`;
    }
    case "maxPool": {
      const { size, stride, padding, ceil } = step;
      const pads = padding > 0 ? `, padding=${padding}` : "";
      return `MaxPool2d(${size}, ${stride}${pads}${ceil ? ", ceil_mode=True" : ""})`;
    }
    default:
      return SIMPLE_LAYERS[step.kind].torch;
  }
}

/** The layers of the net as pairs of a name and a layer; activations share the line of the layer before. */
function layerLines(steps: readonly ExportStep[]): string[] {
  const counts = new Map<string, number>();
  const numbered = (name: string) => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return `${name}${counts.get(name)}`;
  };
  const lines: string[] = [];
  for (const step of steps) {
    const simple: SimpleLayer | undefined = isSimple(step.kind)
      ? SIMPLE_LAYERS[step.kind]
      : undefined;
    const own = step.kind === "maxPool" ? "pool" : simple?.name ?? step.kind;
    const name = hasWeights(step) ? step.name : numbered(own);
    const entry = `("${name}", nn.${layerLine(step)}),`;
    if (simple?.activation) lines.push(`${lines.pop()} ${entry}`);
    else if (!hasWeights(step) || step.pieces === 1) lines.push(entry);
    else lines.push(`${entry} ("${numbered("maxout")}", Maxout(${step.pieces})),`);
  }
  return lines;
}

const MAXOUT = `
class Maxout(nn.Module):
    """The maximum over \`pieces\` groups of channels; group k is the k-th block of channels."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.reshape(x.shape[0], self.pieces, -1, *x.shape[2:]).amax(1)

`;

const LOAD = `

def load(path="model.safetensors"):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    raw = {name: bytearray(data[slice(*t["data_offsets"])]) for name, t in header.items()}
    flat = {name: torch.frombuffer(raw[name], dtype=torch.float32) for name in raw}
    net = Net()
    net.load_state_dict({name: x.reshape(header[name]["shape"]) for name, x in flat.items()})
    return net.eval()
`;

/** The preprocessing of pixels from 0 to 255; undefined where the mean image is not known. */
function preprocessLines({ preprocessing, mean }: ModelSpec): readonly string[] | undefined {
  if (preprocessing === "scale") return [`return pixels * ${MNIST_SCALE}`];
  return mean && [
    "x = pixels - pixels.mean((1, 2, 3), keepdim=True)",
    `norm = x.square().sum((1, 2, 3), keepdim=True).sqrt() / ${CONTRAST_NORM}`,
    "return x / torch.where(norm < 1e-8, torch.ones_like(norm), norm) - self.mean",
  ];
}

/** The source of a Python module with the class `Net`, and `load`, which reads its weights. */
export function pythonModule(model: ModelSpec, steps: readonly ExportStep[]): string {
  const { height, width, channels, classes, mean } = model;
  const size = [channels, height, width].join(", "), preprocess = preprocessLines(model);
  const [input, pixels] = preprocess
    ? ["net.preprocess(pixels)", "pixels 0 to 255"]
    : ["images", "preprocessed"];
  const maxout = steps.some((step) => hasWeights(step) && step.pieces > 1);
  const title = `${modelTitle(model)} for ${showSize(model)} images in ${classes} classes`;
  return [
    `"""${title}, written by goodinit.`,
    "",
    `    net = load(); logits = net(${input})  # ${pixels}, [batch, ${size}]`,
    '"""',
    "import json",
    "from collections import OrderedDict",
    "",
    "import torch",
    "from torch import nn",
    "",
    ...(maxout ? [MAXOUT] : [""]),
    "class Net(nn.Sequential):",
    "    def __init__(self):",
    "        super().__init__(OrderedDict([",
    ...layerLines(steps).map((line) => `            ${line}`),
    "        ]))",
    ...(mean ? [`        self.register_buffer("mean", torch.zeros(${size}))`] : []),
    ...(preprocess
      ? ["", "    def preprocess(self, pixels):", ...preprocess.map((line) => `        ${line}`)]
      : []),
    LOAD,
  ].join("\n");
}
